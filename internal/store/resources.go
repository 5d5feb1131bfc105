package store

import (
	"context"
	"fmt"
	"slices"

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
	"gongshu/internal/fault"
)

// StoredResource is a resource as the rules see it, with what the store needs to save it.
type StoredResource struct {
	authorisation.Resource
	Version int
}

// ResourceByID reads a resource that the viewer may see, with all its items.
func (tx *Tx) ResourceByID(ctx context.Context, id uuid.UUID) (StoredResource, error) {
	row, err := tx.Resource.Query().Where(resource.ID(id)).WithDomain().Only(ctx)
	if db.IsNotFound(err) {
		return StoredResource{}, fault.Absent("resource")
	}
	if err != nil {
		return StoredResource{}, fmt.Errorf("read a resource: %w", err)
	}
	items, err := tx.DataItem.Query().Where(dataitem.ResourceID(id)).Order(db.Asc(dataitem.FieldPosition, dataitem.FieldID)).All(ctx)
	if err != nil {
		return StoredResource{}, fmt.Errorf("read data items: %w", err)
	}
	return StoredResource{Resource(row, items), row.Version}, nil
}

// ResourceFacts is a resource as the rules see it, with what its newest catalogue said of it: nothing where none is known.
type ResourceFacts struct {
	authorisation.Resource
	Said catalogue.Resource
}

// ResourceFacts are those of the resources that the viewer may see: four statements however many there are.
func (s *Store) ResourceFacts(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]ResourceFacts, error) {
	rows, err := s.read.Resource.Query().Where(resource.IDIn(ids...)).WithDomain().All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read resources: %w", err)
	}
	items, err := s.read.DataItem.Query().Where(dataitem.ResourceIDIn(ids...)).Order(db.Asc(dataitem.FieldPosition, dataitem.FieldID)).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read data items: %w", err)
	}
	versions, err := s.read.ResourceVersion.Query().Where(resourceversion.ResourceIDIn(ids...)).Order(db.Asc(resourceversion.FieldNumber)).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read catalogue versions: %w", err)
	}
	owned := grouped(items, func(i *db.DataItem) uuid.UUID { return i.ResourceID })
	newest := indexed(versions, func(v *db.ResourceVersion) uuid.UUID { return v.ResourceID })
	facts := make(map[uuid.UUID]ResourceFacts, len(rows))
	for _, row := range rows {
		f := ResourceFacts{Resource: Resource(row, owned[row.ID])}
		if v := newest[row.ID]; v != nil {
			if f.Said, err = saidIn(v); err != nil {
				return nil, err
			}
		}
		facts[row.ID] = f
	}
	return facts, nil
}

// ChangeResource changes a resource if nobody did since it was read.
func (tx *Tx) ChangeResource(ctx context.Context, r StoredResource, change func(*db.ResourceUpdate)) error {
	update := tx.Resource.Update().Where(resource.ID(r.ID), resource.Version(r.Version)).AddVersion(1)
	change(update)
	return changedOne(update.Save(ctx))
}

// MarkItem saves how an item is classified and protected.
func (tx *Tx) MarkItem(ctx context.Context, item authorisation.Item) error {
	return changedOne(tx.DataItem.Update().Where(dataitem.ID(item.ID)).SetGrade(item.Grade).SetLinkage(item.Linkage).
		SetSensitivity(item.Sensitivity).SetProtections(slices.Concat([]authorisation.Protection{}, item.Protections)).Save(ctx))
}

// ResourcesOfItems reads the data items that the viewer may see, each in its resource with the authority of its domain.
func (tx *Tx) ResourcesOfItems(ctx context.Context, itemIDs []uuid.UUID) ([]authorisation.Resource, error) {
	items, err := tx.DataItem.Query().Where(dataitem.IDIn(itemIDs...)).Order(db.Asc(dataitem.FieldID)).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read data items: %w", err)
	}
	owned := grouped(items, func(i *db.DataItem) uuid.UUID { return i.ResourceID })
	rows, err := tx.Resource.Query().Where(resource.IDIn(keys(owned)...)).WithDomain().Order(db.Asc(resource.FieldID)).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read resources: %w", err)
	}
	resources := make([]authorisation.Resource, len(rows))
	for i, row := range rows {
		resources[i] = Resource(row, owned[row.ID])
	}
	return resources, nil
}

// AddBatch saves a publication of resources by an agency.
func (tx *Tx) AddBatch(ctx context.Context, agencyID uuid.UUID, title, sourceDocument string) (uuid.UUID, error) {
	row, err := tx.ResourceBatch.Create().SetCreatedAt(tx.now).SetAgencyID(agencyID).SetTitle(title).SetSourceDocument(sourceDocument).Save(ctx)
	if err != nil {
		return uuid.Nil, fmt.Errorf("add a batch: %w", err)
	}
	return row.ID, nil
}

// AssignDomain names the industry authority of a domain and, unless "", its theme.
func (tx *Tx) AssignDomain(ctx context.Context, id, authority uuid.UUID, theme string) error {
	update := tx.Domain.Update().Where(domain.ID(id)).SetIndustryAuthorityID(authority)
	if theme != "" {
		update.SetThemeCode(theme)
	}
	n, err := update.Save(ctx)
	if err == nil && n == 0 {
		return fault.Absent("domain").At("id")
	}
	return changedOne(n, err)
}

// TakesPart reports whether an organisation that the viewer may see takes part in a capacity.
func (tx *Tx) TakesPart(ctx context.Context, id uuid.UUID, as access.Party) (bool, error) {
	found, err := tx.Organisation.Query().Where(organisation.ID(id),
		organisation.StatusIn(access.OrganisationRecorded, access.OrganisationVerified)).Exist(ctx)
	if err != nil || !found {
		return false, err
	}
	return tx.Party.Query().Where(party.OrganisationID(id), party.KindEQ(as)).Exist(ctx)
}

func keys[K comparable, V any](m map[K]V) []K {
	out := make([]K, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	return out
}
