package store

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"gongshu/ent/db"
	"gongshu/ent/db/dataitem"
	"gongshu/ent/db/product"
	"gongshu/ent/db/resource"
	"gongshu/ent/db/resourceversion"
	"gongshu/internal/authorisation"
	"gongshu/internal/metadata"
	"gongshu/internal/purpose"
)

// describe is what of a product shows in the score of its metadata, from what its listing depends on.
func (g *gate) describe(row *db.Product, facts authorisation.Product) metadata.Product {
	p := metadata.Product{
		Name: row.Name, NameEn: row.NameEn, Description: row.Description, DescriptionEn: row.DescriptionEn,
		Delivery: row.Delivery, UpdateFrequency: valueOr(row.UpdateFrequency), Items: len(facts.Inputs), JoinsSocial: len(row.SocialInputs) > 0,
		Columns: row.Dictionary, SampleRows: len(row.Sample),
		Registered: facts.Registration.Code != "" && facts.Registration.Contains(g.today), HasPlan: len(facts.Plans) > 0,
	}
	if row.DatasetID != nil {
		p.DatasetOn = g.datedOn[*row.DatasetID]
	}
	for _, of := range purpose.All {
		if len(facts.Inputs) > 0 && authorisation.Offered(facts, of, g.today) == nil {
			p.Purposes = append(p.Purposes, of)
		}
	}
	return p
}

// ScoreProduct saves the score of a product's metadata. It is no edit: the version stays.
func (tx *Tx) ScoreProduct(ctx context.Context, id uuid.UUID, score int) error {
	if err := tx.Product.Update().Where(product.ID(id)).SetQuality(score).Exec(ctx); err != nil {
		return fmt.Errorf("save the score of a product: %w", err)
	}
	return nil
}

// ScoreResource saves the score of a resource's metadata likewise.
func (tx *Tx) ScoreResource(ctx context.Context, id uuid.UUID, score int) error {
	if err := tx.Resource.Update().Where(resource.ID(id)).SetQuality(score).Exec(ctx); err != nil {
		return fmt.Errorf("save the score of a resource: %w", err)
	}
	return nil
}

// DescribedResource is what of a resource shows in the score of its metadata, and the score that is saved.
type DescribedResource struct {
	metadata.Resource
	Quality int
}

// DescribedResources gathers that of resources, whoever looks; ids without a resource are absent. Three statements however
// many there are.
func (s *Store) DescribedResources(ctx context.Context, ids ...uuid.UUID) (map[uuid.UUID]DescribedResource, error) {
	return describedResources(AsSystem(ctx), s.read, ids)
}

// DescribedResources gathers the same within the transaction.
func (tx *Tx) DescribedResources(ctx context.Context, ids ...uuid.UUID) (map[uuid.UUID]DescribedResource, error) {
	return describedResources(AsSystem(ctx), tx.Client, ids)
}

func describedResources(ctx context.Context, c *db.Client, ids []uuid.UUID) (map[uuid.UUID]DescribedResource, error) {
	rows, err := c.Resource.Query().Where(resource.IDIn(ids...)).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read resources: %w", err)
	}
	items, err := c.DataItem.Query().Where(dataitem.ResourceIDIn(ids...), dataitem.Withdrawn(false)).Order(db.Asc(dataitem.FieldPosition, dataitem.FieldID)).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read data items: %w", err)
	}
	versions, err := c.ResourceVersion.Query().Where(resourceversion.ResourceIDIn(ids...)).Order(db.Asc(resourceversion.FieldNumber)).
		Select(resourceversion.FieldID, resourceversion.FieldResourceID, resourceversion.FieldCreatedAt).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read catalogue versions: %w", err)
	}
	owned := grouped(items, func(i *db.DataItem) uuid.UUID { return i.ResourceID })
	newest := indexed(versions, func(v *db.ResourceVersion) uuid.UUID { return v.ResourceID })
	out := make(map[uuid.UUID]DescribedResource, len(rows))
	for _, row := range rows {
		r := metadata.Resource{
			Name: row.Name, NameEn: row.NameEn, Note: row.Note, UpdateFrequency: valueOr(row.UpdateFrequency), Provision: row.Provision,
			Published: row.Status == authorisation.ResourcePublished,
		}
		if v := newest[row.ID]; v != nil {
			r.CataloguedOn = authorisation.DayOf(v.CreatedAt)
		}
		for _, i := range owned[row.ID] {
			r.Items = append(r.Items, metadata.Item{Name: i.Name, NameEn: i.NameEn, Classified: i.Grade != nil && i.Linkage != nil && i.Sensitivity != nil})
		}
		out[row.ID] = DescribedResource{r, row.Quality}
	}
	return out, nil
}

// ResourceIDs reads a page of all resources by id, whatever their status.
func (s *Store) ResourceIDs(ctx context.Context, after uuid.UUID, most int) ([]uuid.UUID, error) {
	ids, err := s.read.Resource.Query().Where(resource.IDGT(after)).Order(db.Asc(resource.FieldID)).Limit(most).IDs(AsSystem(ctx))
	if err != nil {
		return nil, fmt.Errorf("read the ids of resources: %w", err)
	}
	return ids, nil
}
