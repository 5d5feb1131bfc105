package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
	"github.com/google/uuid"
)

// ProductRecord is what everybody may read of a product on the market, ready to be written into answers (公开记录). Triggers
// of the database make it one to be made anew in the transaction of every change that shows in it, whoever makes it.
type ProductRecord struct{ ent.Schema }

// Fields of a record; its id is the product's. The revision grows with every change, so that what was read before one is
// not saved after it. Without a body it is to be made; an empty one is of a product that is not on the market.
func (ProductRecord) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("id", uuid.UUID{}).Immutable(),
		field.Int64("revision"),
		field.Int64("shape").Default(0).Comment("of which types and fields it was made; of others it is to be made anew"),
		field.Bytes("body").Optional().Nillable(),
		maybeDay("renew_on"), // from then on it is to be made anew
		field.Bytes("apart").Optional().Nillable().Comment("what follows the body: fields that no list shows"),
		field.Int64("changed").Default(0).Comment("by which transaction it was written last, on SQLite by which change; a trigger says so"),
	}
}

// Indexes of a record: those that are to be made are found among many that are, those that a day ends, and those that were
// written last.
func (ProductRecord) Indexes() []ent.Index {
	return []ent.Index{index.Fields("id").Annotations(entsql.IndexWhere("body IS NULL")), index.Fields("renew_on"), index.Fields("changed", "id")}
}

// PublicEpoch counts the changes of what products refer to and many share: organisations, domains, resources and their
// items. It has one row. Whoever keeps what it read of them keeps it for as long as the count is the same.
type PublicEpoch struct{ ent.Schema }

// Fields of the epoch.
func (PublicEpoch) Fields() []ent.Field {
	return []ent.Field{field.Int("id").Immutable(), field.Int64("number")}
}

// Annotations keep it one row.
func (PublicEpoch) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Annotation{Table: "public_epoch", Checks: map[string]string{"public_epoch_is_one": "id = 1"}}}
}
