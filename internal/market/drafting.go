package market

import (
	"context"
	"fmt"
	"strconv"

	"github.com/google/uuid"

	"gongshu/ent/db"
	"gongshu/ent/db/dataitem"
	"gongshu/ent/db/grant"
	"gongshu/ent/db/grantitem"
	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/dictionary"
	"gongshu/internal/fault"
	"gongshu/internal/store"
)

// DictionaryDraft drafts the dictionary of a product from data items that are granted to the viewer's organisation, an
// operator, today: one column each, in their order. Nothing is saved.
// Refused with DICTIONARY_TOO_LONG, and, all at once by place, with ITEM_TWICE, NOT_FOUND and ITEM_NOT_GRANTED.
func (m *Market) DictionaryDraft(ctx context.Context, itemIDs []uuid.UUID) ([]dictionary.Column, error) {
	v := access.FromContext(ctx)
	if err := v.MayAct(access.Operator, access.Publisher, access.Member); err != nil {
		return nil, err
	}
	if len(itemIDs) > dictionary.MaxColumns {
		return nil, fault.New(fault.Invalid, "DICTIONARY_TOO_LONG", "A dictionary has at most %d columns.", dictionary.MaxColumns).
			At("itemIds").With("max", dictionary.MaxColumns)
	}
	granted, err := m.grantedNow(ctx, v.OrganisationID, itemIDs)
	if err != nil {
		return nil, err
	}
	rows, err := m.Store.Read().DataItem.Query().Where(dataitem.IDIn(itemIDs...)).WithResource().All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read data items: %w", err)
	}
	items := make(map[uuid.UUID]*db.DataItem, len(rows))
	for _, row := range rows {
		items[row.ID] = row
	}
	sources, seen := make([]dictionary.Source, len(itemIDs)), map[uuid.UUID]bool{}
	var wrong fault.List
	for i, id := range itemIDs {
		field, item := "itemIds."+strconv.Itoa(i), items[id]
		switch {
		case seen[id]:
			wrong = append(wrong, fault.New(fault.Invalid, "ITEM_TWICE", "The same data item is named twice.").At(field))
		case item == nil || item.Edges.Resource == nil:
			wrong = append(wrong, fault.Absent("data item").At(field))
		case !granted[id]:
			wrong = append(wrong, fault.New(fault.Conflict, "ITEM_NOT_GRANTED", "No active grant covers the data item %s.", item.Name).
				At(field).With("item", item.Name))
		default:
			sources[i] = dictionary.Source{
				ID:   id.String(),
				Name: item.Name, NameEn: item.NameEn, Qualifier: item.Qualifier, ResourceName: item.Edges.Resource.Name,
				Masked: item.Masked, Item: store.Item(item),
			}
		}
		seen[id] = true
	}
	if err := wrong.OrNil(); err != nil {
		return nil, err
	}
	return dictionary.Draft(sources), nil
}

// grantedNow returns those of the items that an active grant of an operator covers today.
func (m *Market) grantedNow(ctx context.Context, operatorID uuid.UUID, itemIDs []uuid.UUID) (map[uuid.UUID]bool, error) {
	held, err := m.Store.Read().GrantItem.Query().Where(grantitem.ItemIDIn(itemIDs...),
		grantitem.HasGrantWith(grant.OperatorID(operatorID), grant.StatusEQ(authorisation.GrantActive))).WithGrant().All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read grants: %w", err)
	}
	today := authorisation.DayOf(m.Store.Now())
	granted := map[uuid.UUID]bool{}
	for _, h := range held {
		if store.Grant(h.Edges.Grant).ActiveOn(today) {
			granted[h.ItemID] = true
		}
	}
	return granted, nil
}
