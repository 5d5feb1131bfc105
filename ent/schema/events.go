package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
	"github.com/google/uuid"

	"gongshu/internal/job"
	"gongshu/internal/notice"
)

// Notification tells an organisation of something (通知). It never changes.
type Notification struct{ ent.Schema }

var notificationRefs = refs(to("organisation", Organisation.Type))

// Mixin gives the key.
func (Notification) Mixin() []ent.Mixin { return []ent.Mixin{keyed{}} }

// Fields of a notification. What is told because a day is near has that day; each is told once.
func (Notification) Fields() []ent.Field {
	return append(notificationRefs.fields,
		field.Enum("kind").GoType(notice.Kind("")).Immutable(),
		field.Enum("subject_kind").GoType(notice.Subject("")).Immutable(),
		field.UUID("subject_id", uuid.UUID{}).Immutable(),
		fixedJSON("params", map[string]string{}),
		field.String("near_on").MaxLen(10).Optional().Nillable().Immutable(),
	)
}

// Edges of a notification.
func (Notification) Edges() []ent.Edge { return notificationRefs.edges }

// Indexes of a notification.
func (Notification) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("organisation_id", "id"),
		index.Fields("subject_id", "kind", "organisation_id", "near_on").Unique(),
		index.Fields("created_at"),
	}
}

// Job is long work that a person began (任务): its progress, and in the end its result.
type Job struct{ ent.Schema }

var jobRefs = refs(to("organisation", Organisation.Type), to("person", Person.Type))

// Mixin gives key and version.
func (Job) Mixin() []ent.Mixin { return []ent.Mixin{keyed{}, versioned{}} }

// Fields of a job.
func (Job) Fields() []ent.Field {
	return append(jobRefs.fields,
		field.Enum("kind").GoType(job.Kind("")).Immutable(),
		field.UUID("subject_id", uuid.UUID{}).Immutable(),
		field.String("blob_key").MaxLen(600).Immutable(),
		field.Int64("bytes").Immutable(),
		field.String("idempotency_key").MaxLen(128).Immutable(),
		field.String("request_hash").MaxLen(64).Immutable(),
		field.Enum("state").GoType(job.State("")),
		field.Enum("stage").GoType(job.Stage("")).Optional().Nillable(),
		field.Int64("done").Default(0),
		field.Int64("total").Optional().Nillable(),
		field.Int64("rows").Default(0),
		field.Time("started_at").Optional().Nillable(),
		field.Time("stage_at").Optional().Nillable(),
		field.Time("ended_at").Optional().Nillable(),
		field.Time("updated_at"),
		jsonOf("result", job.Result{}),
	)
}

// Edges of a job.
func (Job) Edges() []ent.Edge { return jobRefs.edges }

// Indexes of a job.
func (Job) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("organisation_id", "idempotency_key").Unique(),
		index.Fields("organisation_id", "id"),
		index.Fields("updated_at"),
	}
}
