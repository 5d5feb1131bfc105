package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"entgo.io/ent/dialect"
	"github.com/google/uuid"

	"gongshu/ent/db"
	"gongshu/ent/db/dataitem"
	"gongshu/ent/db/domain"
	"gongshu/ent/db/organisation"
	"gongshu/ent/db/party"
	"gongshu/ent/db/resource"
	"gongshu/ent/db/resourceversion"
	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/catalogue"
)

// Alone makes transactions that name the same thing run one after the other. SQLite does so by itself.
func (tx *Tx) Alone(ctx context.Context, name string) error {
	return tx.wait(ctx, "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", name)
}

// Beside makes a transaction wait for one that is Alone with the same name, and no other.
func (tx *Tx) Beside(ctx context.Context, name string) error {
	return tx.wait(ctx, "SELECT pg_advisory_xact_lock_shared(hashtextextended($1, 0))", name)
}

func (tx *Tx) wait(ctx context.Context, statement, name string) error {
	if tx.store.dialect != dialect.Postgres {
		return nil
	}
	if _, err := tx.sql.ExecContext(ctx, statement, name); err != nil {
		return fmt.Errorf("wait for others: %w", err)
	}
	return nil
}

// KnownResource is a resource with what its newest catalogue said of it.
type KnownResource struct {
	ID      uuid.UUID
	Version int
	Number  int
	Said    catalogue.Resource
}

// KnownResources reads what earlier catalogues said of the resources of these source units, whoever looks.
func (tx *Tx) KnownResources(ctx context.Context, unitIDs []uuid.UUID) (map[catalogue.Key]KnownResource, error) {
	ctx = AsSystem(ctx)
	known := map[catalogue.Key]KnownResource{}
	rows, err := tx.Resource.Query().Where(resource.SourceUnitIDIn(unitIDs...)).Order(db.Asc(resource.FieldID)).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the resources known: %w", err)
	}
	for some := range slices.Chunk(rows, 1000) {
		byID := indexed(some, func(r *db.Resource) uuid.UUID { return r.ID })
		versions, err := tx.ResourceVersion.Query().Where(resourceversion.ResourceIDIn(keys(byID)...)).Order(db.Asc(resourceversion.FieldNumber)).All(ctx)
		if err != nil {
			return nil, fmt.Errorf("read catalogue versions: %w", err)
		}
		for _, v := range versions { // the newest comes last
			said, err := saidIn(v)
			if err != nil {
				return nil, err
			}
			row := byID[v.ResourceID]
			known[said.Key()] = KnownResource{row.ID, row.Version, v.Number, said}
		}
	}
	return known, nil
}

func saidIn(v *db.ResourceVersion) (catalogue.Resource, error) {
	raw, err := json.Marshal(v.Content)
	if err != nil {
		return catalogue.Resource{}, fmt.Errorf("resource version %s: %w", v.ID, err)
	}
	said, err := catalogue.FromCanonical(raw)
	if err != nil {
		return catalogue.Resource{}, fmt.Errorf("resource version %s: %w", v.ID, err)
	}
	return said, nil
}

// CatalogueOf reads what the newest catalogue said of a resource that the viewer may see.
func (tx *Tx) CatalogueOf(ctx context.Context, resourceID uuid.UUID) (catalogue.Resource, error) {
	v, err := tx.ResourceVersion.Query().Where(resourceversion.ResourceID(resourceID)).Order(db.Desc(resourceversion.FieldNumber)).First(ctx)
	if err != nil {
		return catalogue.Resource{}, fmt.Errorf("read a catalogue version: %w", err)
	}
	return saidIn(v)
}

// NamedOrganisation finds the organisation that a catalogue means by a name, whoever looks: one that has the capacity
// already before one that is verified before the oldest. What anybody signed up under that name and nobody verified is
// never meant. No id: there is none.
func (tx *Tx) NamedOrganisation(ctx context.Context, name string, as access.Party) (id uuid.UUID, verified, takesPart bool, err error) {
	ctx = AsSystem(ctx)
	rows, err := tx.Organisation.Query().Where(organisation.Name(name),
		organisation.StatusIn(access.OrganisationRecorded, access.OrganisationVerified, access.OrganisationSuspended)).
		Order(db.Asc(organisation.FieldID)).All(ctx)
	if err != nil {
		return uuid.Nil, false, false, fmt.Errorf("look for an organisation: %w", err)
	}
	ids, err := tx.Party.Query().Where(party.KindEQ(as), party.OrganisationIDIn(keys(indexed(rows, organisationKey))...)).All(ctx)
	if err != nil {
		return uuid.Nil, false, false, fmt.Errorf("look for a capacity: %w", err)
	}
	having := indexed(ids, func(p *db.Party) uuid.UUID { return p.OrganisationID })
	best := -1
	for _, row := range rows {
		rank := 1
		if row.Status != access.OrganisationRecorded {
			rank = 2
		}
		if having[row.ID] != nil {
			rank += 2
		}
		if rank > best {
			best, id, verified, takesPart = rank, row.ID, row.Status != access.OrganisationRecorded, having[row.ID] != nil
		}
	}
	return id, verified, takesPart, nil
}

func organisationKey(o *db.Organisation) uuid.UUID { return o.ID }

// RecordOrganisation saves an organisation that a catalogue names and of which nobody is here yet.
func (tx *Tx) RecordOrganisation(ctx context.Context, name, nameEn string) (uuid.UUID, error) {
	row, err := tx.Organisation.Create().SetCreatedAt(tx.now).SetName(name).SetNameEn(nameEn).
		SetLegalForm(legalForm(name)).SetStatus(access.OrganisationRecorded).Save(ctx)
	if err != nil {
		return uuid.Nil, fmt.Errorf("record an organisation: %w", err)
	}
	return row.ID, nil
}

// legalForm guesses from a name until the platform confirms the organisation: a catalogue says no more.
func legalForm(name string) access.LegalForm {
	if strings.Contains(name, "集团") || strings.Contains(name, "公司") {
		return access.Enterprise
	}
	return access.AdministrativeOrgan
}

// RenameRecorded gives an organisation that is only recorded its English name; a confirmed one has its own.
func (tx *Tx) RenameRecorded(ctx context.Context, id uuid.UUID, nameEn string) error {
	n, err := tx.Organisation.Update().Where(organisation.ID(id), organisation.StatusEQ(access.OrganisationRecorded), organisation.NameEnNEQ(nameEn)).
		SetNameEn(nameEn).AddVersion(1).Save(ctx)
	if err != nil {
		return fmt.Errorf("rename an organisation: %w", err)
	}
	if n == 0 {
		return nil
	}
	return tx.OrganisationChanged(ctx, id)
}

// AddParty gives an organisation a capacity.
func (tx *Tx) AddParty(ctx context.Context, id uuid.UUID, as access.Party) error {
	if err := tx.Party.Create().SetCreatedAt(tx.now).SetOrganisationID(id).SetKind(as).Exec(ctx); err != nil {
		return fmt.Errorf("add a capacity: %w", err)
	}
	return nil
}

// UnknownDomains returns the names of those domains that are not known yet, in their order.
func (tx *Tx) UnknownDomains(ctx context.Context, named []catalogue.Domain) ([]string, error) {
	known, err := tx.Domain.Query().Select(domain.FieldName).Strings(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the names of the domains: %w", err)
	}
	var unknown []string
	for _, d := range named {
		if !slices.Contains(known, d.Name) {
			unknown = append(unknown, d.Name)
		}
	}
	return unknown, nil
}

// DomainNamed finds or adds the domain of a name and gives it its English name.
func (tx *Tx) DomainNamed(ctx context.Context, d catalogue.Domain) (uuid.UUID, error) {
	row, err := tx.Domain.Query().Where(domain.Name(d.Name)).Only(ctx)
	if db.IsNotFound(err) {
		row, err = tx.Domain.Create().SetCreatedAt(tx.now).SetName(d.Name).SetNameEn(d.NameEn).Save(ctx)
	} else if err == nil && row.NameEn != d.NameEn {
		if err = tx.Domain.UpdateOne(row).SetNameEn(d.NameEn).Exec(ctx); err == nil {
			err = tx.DomainChanged(ctx, row.ID)
		}
	}
	if err != nil {
		return uuid.Nil, fmt.Errorf("find or add the domain %s: %w", d.Name, err)
	}
	return row.ID, nil
}

// AddResource saves a resource that a catalogue names for the first time: a draft, unclassified, not grantable.
func (tx *Tx) AddResource(ctx context.Context, unitID, domainID uuid.UUID, said catalogue.Resource, source string) (uuid.UUID, error) {
	row, err := tx.Resource.Create().SetCreatedAt(tx.now).SetSourceUnitID(unitID).SetDomainID(domainID).SetName(said.Name).SetNameEn(said.NameEn).
		SetNote(said.Note).SetUpdateCycle(said.UpdateCycleText).SetNillableUpdateFrequency(said.UpdateFrequency).
		SetProvision(said.Provision).SetStatus(authorisation.ResourceDraft).Save(ctx)
	if err != nil {
		return uuid.Nil, fmt.Errorf("add a resource: %w", err)
	}
	for i, item := range said.Items {
		if err := tx.addItem(ctx, row.ID, i, item); err != nil {
			return uuid.Nil, err
		}
	}
	return row.ID, tx.keepVersion(ctx, row.ID, row.ContentNumber, said, source)
}

func (tx *Tx) addItem(ctx context.Context, resourceID uuid.UUID, position int, item catalogue.Item) error {
	err := tx.DataItem.Create().SetCreatedAt(tx.now).SetResourceID(resourceID).SetPosition(position).SetName(item.Name).SetNameEn(item.NameEn).
		SetQualifier(item.Note).SetMasked(item.Masked).SetProtections([]authorisation.Protection{}).Exec(ctx)
	if err != nil {
		return fmt.Errorf("add a data item: %w", err)
	}
	return nil
}

func (tx *Tx) keepVersion(ctx context.Context, resourceID uuid.UUID, number int, said catalogue.Resource, source string) error {
	var content map[string]any
	if err := json.Unmarshal(said.Canonical(), &content); err != nil {
		return fmt.Errorf("keep a catalogue version: %w", err)
	}
	err := tx.ResourceVersion.Create().SetCreatedAt(tx.now).SetResourceID(resourceID).SetNumber(number).SetContent(content).SetSourceDocument(source).Exec(ctx)
	if err != nil {
		return fmt.Errorf("keep a catalogue version: %w", err)
	}
	return nil
}

// ReviseResource makes a known resource what a newer catalogue says of it, as its next version.
//
// What its source unit stated meanwhile stays unless the catalogues contradict it: a frequency code goes when the catalogue
// states another or takes its own back, the mark MASKED goes when an item is no longer offered masked.
// An item that is no longer named is withdrawn, one that is named again comes back as it was.
func (tx *Tx) ReviseResource(ctx context.Context, known KnownResource, said catalogue.Resource, source string) error {
	update := tx.Resource.Update().Where(resource.ID(known.ID), resource.Version(known.Version)).AddVersion(1).SetContentNumber(known.Number + 1).
		SetNameEn(said.NameEn).SetNote(said.Note).SetUpdateCycle(said.UpdateCycleText).SetProvision(said.Provision)
	if valueOr(known.Said.UpdateFrequency) != valueOr(said.UpdateFrequency) {
		update.ClearUpdateFrequency().SetNillableUpdateFrequency(said.UpdateFrequency)
	}
	if err := changedOne(update.Save(ctx)); err != nil {
		return err
	}
	if err := tx.reviseItems(ctx, known.ID, said.Items); err != nil {
		return err
	}
	return tx.keepVersion(ctx, known.ID, known.Number+1, said, source)
}

func (tx *Tx) reviseItems(ctx context.Context, resourceID uuid.UUID, said []catalogue.Item) error {
	rows, err := tx.DataItem.Query().Where(dataitem.ResourceID(resourceID)).All(AsSystem(ctx))
	if err != nil {
		return fmt.Errorf("read data items: %w", err)
	}
	gone := map[string]*db.DataItem{}
	for _, row := range rows {
		gone[row.Name] = row
	}
	for i, item := range said {
		row := gone[item.Name]
		if row == nil {
			if err := tx.addItem(ctx, resourceID, i, item); err != nil {
				return err
			}
			continue
		}
		delete(gone, item.Name)
		update := tx.DataItem.UpdateOne(row).SetPosition(i).SetNameEn(item.NameEn).SetQualifier(item.Note).SetMasked(item.Masked).SetWithdrawn(false)
		if row.Masked && !item.Masked {
			update.SetProtections(slices.DeleteFunc(slices.Clone(row.Protections), func(p authorisation.Protection) bool { return p == authorisation.ProtectionMasked }))
		}
		if err := update.Exec(ctx); err != nil {
			return fmt.Errorf("revise a data item: %w", err)
		}
	}
	for _, row := range gone {
		if err := tx.DataItem.UpdateOne(row).SetWithdrawn(true).Exec(ctx); err != nil {
			return fmt.Errorf("withdraw a data item: %w", err)
		}
	}
	return nil
}
