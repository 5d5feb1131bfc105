package store

import (
	"slices"

	"github.com/google/uuid"

	"gongshu/ent/db"
	"gongshu/internal/authorisation"
)

// storedDay reads a day as only this program writes it; absent is no day.
func storedDay(text *string) authorisation.Day {
	if text == nil {
		return authorisation.Day{}
	}
	day, err := authorisation.ParseDay(*text)
	if err != nil {
		panic("store: a day that cannot be: " + *text)
	}
	return day
}

func valueOr[T any](p *T) (v T) {
	if p != nil {
		v = *p
	}
	return v
}

// Resource turns a row and its items into what the rules see. The industry authority is its domain's, where that edge is loaded.
func Resource(row *db.Resource, items []*db.DataItem) authorisation.Resource {
	r := authorisation.Resource{
		ID: row.ID, Name: row.Name, Status: row.Status, SourceUnitID: row.SourceUnitID,
		RegisteredBy: valueOr(row.RegisteredBy), UpdateFrequency: valueOr(row.UpdateFrequency),
	}
	if d := row.Edges.Domain; d != nil {
		r.IndustryAuthorityID = valueOr(d.IndustryAuthorityID)
	}
	for _, item := range items {
		r.Items = append(r.Items, Item(item))
	}
	return r
}

// Item turns a row into what the rules see.
func Item(row *db.DataItem) authorisation.Item {
	return authorisation.Item{
		ID: row.ID, Name: row.Name, Grade: valueOr(row.Grade), Linkage: valueOr(row.Linkage),
		Sensitivity: valueOr(row.Sensitivity), Protections: row.Protections, Withdrawn: row.Withdrawn,
	}
}

// Agreement turns a row into what the rules see. The operator's name is there where its edge is loaded.
func Agreement(row *db.Agreement) authorisation.Agreement {
	a := authorisation.Agreement{
		ID: row.ID, OperatorID: row.OperatorID, Status: row.Status, Clauses: row.Clauses,
		PublicisedOn: storedDay(&row.PublicisedOn), StartsOn: storedDay(row.StartsOn), EndsOn: storedDay(row.EndsOn),
	}
	if o := row.Edges.Operator; o != nil {
		a.OperatorName = o.Name
	}
	return a
}

// Grant turns a row and the items it holds into what the rules see.
func Grant(row *db.Grant, itemIDs ...uuid.UUID) authorisation.Grant {
	return authorisation.Grant{
		ID: row.ID, AgreementID: row.AgreementID, Status: row.Status, ItemIDs: slices.Clone(itemIDs), Purposes: row.Purposes,
		StartsOn: storedDay(&row.StartsOn), EndsOn: storedDay(&row.EndsOn),
	}
}
