package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
	"github.com/google/uuid"
)

// SearchChange says that every search index has to look at something again (目录变更). Its rows are followed by position
// and removed when they are old.
type SearchChange struct{ ent.Schema }

// Fields of a change. On Postgres the position is the transaction with the id, as ids alone are not committed in their
// order; on SQLite, which has one writer, the transaction is 0.
func (SearchChange) Fields() []ent.Field {
	return []ent.Field{
		field.Int64("id").Immutable(),
		field.Int64("txid").Immutable(),
		field.Enum("kind").Values("PRODUCT", "RESOURCE", "SYNONYMS", "REBUILD").Immutable(),
		field.UUID("subject_id", uuid.UUID{}).Optional().Nillable().Immutable(),
		field.Time("created_at").Immutable(),
	}
}

// Indexes of a change.
func (SearchChange) Indexes() []ent.Index {
	return []ent.Index{index.Fields("txid", "id"), index.Fields("created_at")}
}

// SynonymGroup is words that mean the same to the search (同义词).
type SynonymGroup struct{ ent.Schema }

// Mixin gives key and version.
func (SynonymGroup) Mixin() []ent.Mixin { return []ent.Mixin{keyed{}, versioned{}} }

// Fields of a group.
func (SynonymGroup) Fields() []ent.Field { return []ent.Field{jsonOf("words", []string{})} }
