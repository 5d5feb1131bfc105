// Package schema is the stored shape of the market, one type a table.
//
// Its enums and values come from the rules; it holds no behaviour. What is never queried on its own is a typed
// JSON value of its owner. Every foreign key that is read by has its index, and a page index ends in the id.
package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/mixin"
	"github.com/google/uuid"
)

// keyed gives a table its UUIDv7 key and the moment its row was made; use-cases set both from their own clock.
type keyed struct{ mixin.Schema }

func (keyed) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("id", uuid.UUID{}).Immutable().Default(newID),
		field.Time("created_at").Immutable(),
	}
}

// versioned gives a table the counter that races are settled by: a save succeeds only from the version that was read.
type versioned struct{ mixin.Schema }

func (versioned) Fields() []ent.Field {
	return []ent.Field{field.Int("version").Default(1)}
}

func newID() uuid.UUID { return uuid.Must(uuid.NewV7()) }

// jsonOf is a typed JSON value. lib/pq's binary parameters cannot send jsonb, so Postgres stores json.
func jsonOf(name string, typ any) ent.Field {
	return field.JSON(name, typ).SchemaType(map[string]string{dialect.Postgres: "json"})
}

// fixedJSON is a JSON value that never changes.
func fixedJSON(name string, typ any) ent.Field {
	return field.JSON(name, typ).SchemaType(map[string]string{dialect.Postgres: "json"}).Immutable()
}

// ref is a foreign key that never changes, with its edge.
func ref(name string, to any) (ent.Field, ent.Edge) {
	return field.UUID(name+"_id", uuid.UUID{}).Immutable(),
		edge.To(name, to).Unique().Required().Immutable().Field(name + "_id").Annotations(entsql.OnDelete(entsql.Restrict))
}

// maybeRef is a foreign key that may be absent and may be set later, with its edge.
func maybeRef(name string, to any) (ent.Field, ent.Edge) {
	return field.UUID(name+"_id", uuid.UUID{}).Optional().Nillable(),
		edge.To(name, to).Unique().Field(name + "_id").Annotations(entsql.OnDelete(entsql.Restrict))
}

// fixedMaybeRef is a foreign key that may be absent and never changes.
func fixedMaybeRef(name string, to any) (ent.Field, ent.Edge) {
	return field.UUID(name+"_id", uuid.UUID{}).Optional().Nillable().Immutable(),
		edge.To(name, to).Unique().Immutable().Field(name + "_id").Annotations(entsql.OnDelete(entsql.Restrict))
}

// day is a civil day of Asia/Shanghai as yyyy-mm-dd, which sorts as text on both databases.
func day(name string) ent.Field { return field.String(name).MaxLen(10).Immutable() }

func maybeDay(name string) ent.Field { return field.String(name).MaxLen(10).Optional().Nillable() }

// withRefs adds the fields of references to a table's own.
type references struct {
	fields []ent.Field
	edges  []ent.Edge
}

func refs(pairs ...func() (ent.Field, ent.Edge)) references {
	var r references
	for _, p := range pairs {
		f, e := p()
		r.fields = append(r.fields, f)
		r.edges = append(r.edges, e)
	}
	return r
}

func to(name string, typ any) func() (ent.Field, ent.Edge) {
	return func() (ent.Field, ent.Edge) { return ref(name, typ) }
}

func maybeTo(name string, typ any) func() (ent.Field, ent.Edge) {
	return func() (ent.Field, ent.Edge) { return maybeRef(name, typ) }
}

func fixedMaybeTo(name string, typ any) func() (ent.Field, ent.Edge) {
	return func() (ent.Field, ent.Edge) { return fixedMaybeRef(name, typ) }
}

// uuidMaybe is a key kept without a constraint: the row it names may be of several tables.
func uuidMaybe(name string) ent.Field {
	return field.UUID(name, uuid.UUID{}).Optional().Nillable().Immutable()
}

func maybeJSON(name string, typ any) ent.Field {
	return field.JSON(name, typ).SchemaType(map[string]string{dialect.Postgres: "json"}).Optional()
}

func fixedMaybeJSON(name string, typ any) ent.Field {
	return field.JSON(name, typ).SchemaType(map[string]string{dialect.Postgres: "json"}).Optional().Immutable()
}
