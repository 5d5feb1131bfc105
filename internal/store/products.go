package store

import (
	"context"
	"fmt"

	"entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"gongshu/ent/db"
	"gongshu/ent/db/dataitem"
	"gongshu/ent/db/organisation"
	"gongshu/ent/db/party"
	"gongshu/ent/db/product"
	"gongshu/ent/db/productinput"
	"gongshu/internal/access"
	"gongshu/internal/fault"
)

// ProductByID reads a product that the viewer may see.
func (tx *Tx) ProductByID(ctx context.Context, id uuid.UUID) (*db.Product, error) {
	p, err := tx.Product.Get(ctx, id)
	if db.IsNotFound(err) {
		return nil, fault.Absent("product")
	}
	if err != nil {
		return nil, fmt.Errorf("read a product: %w", err)
	}
	return p, nil
}

// ChangeProduct changes a product if nobody did since it was read. Whatever belongs to a product (plans, caps, data) is
// changed together with its version, so that of two changes that contradict each other the later one is refused.
func (tx *Tx) ChangeProduct(ctx context.Context, p *db.Product, change func(*db.ProductUpdate)) error {
	update := tx.Product.Update().Where(product.ID(p.ID), product.Version(p.Version)).AddVersion(1)
	change(update)
	return changedOne(update.Save(ctx))
}

// Touched is a change of what belongs to a product and of nothing in its own row.
func Touched(*db.ProductUpdate) {}

// ProductItems are the ids of the data items that a product is made of, in the order in which its operator named them.
func (tx *Tx) ProductItems(ctx context.Context, id uuid.UUID) ([]uuid.UUID, error) {
	inputs, err := tx.ProductInput.Query().Where(productinput.ProductID(id)).Order(db.Asc(productinput.FieldID)).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the items of a product: %w", err)
	}
	ids := make([]uuid.UUID, len(inputs))
	for i, input := range inputs {
		ids[i] = input.ItemID
	}
	return ids, nil
}

// ItemsByID reads data items that the viewer may see, with their resources; what is absent is missing from the result.
func (tx *Tx) ItemsByID(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]*db.DataItem, error) {
	rows, err := tx.DataItem.Query().Where(dataitem.IDIn(ids...)).WithResource().All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read data items: %w", err)
	}
	items := make(map[uuid.UUID]*db.DataItem, len(rows))
	for _, row := range rows {
		items[row.ID] = row
	}
	return items, nil
}

// SetProductItems makes a product be made of these items, in this order.
func (tx *Tx) SetProductItems(ctx context.Context, id uuid.UUID, items []*db.DataItem) error {
	if _, err := tx.ProductInput.Delete().Where(productinput.ProductID(id)).Exec(ctx); err != nil {
		return fmt.Errorf("clear the items of a product: %w", err)
	}
	creates := make([]*db.ProductInputCreate, len(items))
	for i, item := range items {
		creates[i] = tx.ProductInput.Create().SetCreatedAt(tx.now).SetProductID(id).SetItemID(item.ID).SetResourceID(item.ResourceID)
	}
	if err := tx.ProductInput.CreateBulk(creates...).Exec(ctx); err != nil {
		return fmt.Errorf("save the items of a product: %w", err)
	}
	return nil
}

// VerifiedAs returns those of the organisations that are verified and take part in one of the capacities, whoever looks.
func (tx *Tx) VerifiedAs(ctx context.Context, ids []uuid.UUID, parties ...access.Party) (map[uuid.UUID]bool, error) {
	found, err := tx.Organisation.Query().Where(
		organisation.IDIn(ids...), organisation.StatusEQ(access.OrganisationVerified),
		inSelect(organisation.FieldID, party.Table, party.FieldOrganisationID, func(t *sql.SelectTable) *sql.Predicate {
			return sql.In(t.C(party.FieldKind), Anys(parties)...)
		}),
	).IDs(AsSystem(ctx))
	if err != nil {
		return nil, fmt.Errorf("read who is verified: %w", err)
	}
	verified := make(map[uuid.UUID]bool, len(found))
	for _, id := range found {
		verified[id] = true
	}
	return verified, nil
}

// Contributors are the organisations that may have a share in a product's fee: its operator, the source units of its
// inputs, those that bring its social data, and the platform.
func (tx *Tx) Contributors(ctx context.Context, p *db.Product) (map[uuid.UUID]bool, error) {
	contributors := map[uuid.UUID]bool{p.OperatorID: true}
	inputs, err := tx.ProductInput.Query().Where(productinput.ProductID(p.ID)).WithResource().All(AsSystem(ctx))
	if err != nil {
		return nil, fmt.Errorf("read the resources of a product: %w", err)
	}
	for _, input := range inputs {
		contributors[input.Edges.Resource.SourceUnitID] = true
	}
	for _, input := range p.SocialInputs {
		if id, err := uuid.Parse(input.ContributorID); err == nil {
			contributors[id] = true
		}
	}
	platforms, err := tx.Party.Query().Where(party.KindEQ(access.Platform)).All(AsSystem(ctx))
	if err != nil {
		return nil, fmt.Errorf("read who the platform is: %w", err)
	}
	for _, platform := range platforms {
		contributors[platform.OrganisationID] = true
	}
	return contributors, nil
}
