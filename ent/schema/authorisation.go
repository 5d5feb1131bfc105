package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
	"github.com/google/uuid"

	"gongshu/internal/authorisation"
	"gongshu/internal/purpose"
)

// Domain is a field of public life whose data is opened: health, transport, agriculture.
type Domain struct{ ent.Schema }

var domainRefs = refs(maybeTo("industry_authority", Organisation.Type))

// Mixin gives the key.
func (Domain) Mixin() []ent.Mixin { return []ent.Mixin{keyed{}} }

// Fields of a domain. Its industry authority approves resources and co-decides grants.
func (Domain) Fields() []ent.Field {
	return append(domainRefs.fields,
		field.String("name").MaxLen(240).Unique(),
		field.String("name_en").MaxLen(400).Default(""),
		field.String("theme_code").MaxLen(10).Default(""),
	)
}

// Edges of a domain.
func (Domain) Edges() []ent.Edge { return domainRefs.edges }

// Resource is a public data resource of a source unit (公共数据资源).
type Resource struct{ ent.Schema }

var resourceRefs = refs(to("source_unit", Organisation.Type), to("domain", Domain.Type), maybeTo("batch", ResourceBatch.Type))

// Mixin gives key and version.
func (Resource) Mixin() []ent.Mixin { return []ent.Mixin{keyed{}, versioned{}} }

// Fields of a resource. The text of its update cycle stays as the source unit wrote it; the code may be absent (定期).
func (Resource) Fields() []ent.Field {
	return append(resourceRefs.fields,
		field.String("name").MaxLen(600),
		field.String("name_en").MaxLen(600).Default(""),
		field.String("note").MaxLen(4000).Default(""),
		field.String("update_cycle").MaxLen(240),
		field.Enum("update_frequency").GoType(authorisation.UpdateFrequency("")).Optional().Nillable(),
		jsonOf("provision", []authorisation.ProvisionMethod{}),
		field.Enum("status").GoType(authorisation.ResourceStatus("")),
		field.Int("content_number").Default(1),
		field.UUID("registered_by", uuid.UUID{}).Optional().Nillable(),
		field.Time("published_at").Optional().Nillable(),
		field.Int("quality").Default(0).Comment("the score of its metadata, 0 to 100"),
	)
}

// Edges of a resource.
func (Resource) Edges() []ent.Edge { return resourceRefs.edges }

// Indexes of a resource.
func (Resource) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("source_unit_id", "name").Unique(),
		index.Fields("domain_id", "id"),
		index.Fields("status", "id"),
		index.Fields("status", "published_at", "id").Annotations(entsql.DescColumns("published_at")), // the newest, while the search is away
		index.Fields("batch_id"),
	}
}

// ResourceVersion is what a catalogue said of a resource, kept for good.
type ResourceVersion struct{ ent.Schema }

var resourceVersionRefs = refs(to("resource", Resource.Type))

// Mixin gives the key.
func (ResourceVersion) Mixin() []ent.Mixin { return []ent.Mixin{keyed{}} }

// Fields of a resource version.
func (ResourceVersion) Fields() []ent.Field {
	return append(resourceVersionRefs.fields,
		field.Int("number").Immutable(),
		fixedJSON("content", map[string]any{}),
		field.String("source_document").MaxLen(600).Immutable(),
	)
}

// Edges of a resource version.
func (ResourceVersion) Edges() []ent.Edge { return resourceVersionRefs.edges }

// Indexes of a resource version.
func (ResourceVersion) Indexes() []ent.Index {
	return []ent.Index{index.Fields("resource_id", "number").Unique()}
}

// DataItem is one item of a resource (数据项), the smallest thing that is granted.
type DataItem struct{ ent.Schema }

var dataItemRefs = refs(to("resource", Resource.Type))

// Mixin gives the key.
func (DataItem) Mixin() []ent.Mixin { return []ent.Mixin{keyed{}} }

// Fields of a data item. Grade, linkage and sensitivity are absent until the source unit classifies it.
func (DataItem) Fields() []ent.Field {
	return append(dataItemRefs.fields,
		field.Int("position"),
		field.String("name").MaxLen(600).Immutable(),
		field.String("name_en").MaxLen(600).Default(""),
		field.String("qualifier").MaxLen(2000).Default(""),
		field.Bool("masked").Default(false),
		field.Enum("grade").GoType(authorisation.Grade("")).Optional().Nillable(),
		field.Enum("linkage").GoType(authorisation.Linkage("")).Optional().Nillable(),
		field.Enum("sensitivity").GoType(authorisation.Sensitivity("")).Optional().Nillable(),
		jsonOf("protections", []authorisation.Protection{}),
		field.Bool("withdrawn").Default(false),
	)
}

// Edges of a data item.
func (DataItem) Edges() []ent.Edge { return dataItemRefs.edges }

// Indexes of a data item.
func (DataItem) Indexes() []ent.Index {
	return []ent.Index{index.Fields("resource_id", "name").Unique(), index.Fields("resource_id", "position", "id")}
}

// ResourceBatch is one publication of resources by the implementing agency.
type ResourceBatch struct{ ent.Schema }

var resourceBatchRefs = refs(to("agency", Organisation.Type))

// Mixin gives the key.
func (ResourceBatch) Mixin() []ent.Mixin { return []ent.Mixin{keyed{}} }

// Fields of a batch.
func (ResourceBatch) Fields() []ent.Field {
	return append(resourceBatchRefs.fields,
		field.String("title").MaxLen(600).Immutable(),
		field.String("source_document").MaxLen(600).Immutable(),
	)
}

// Edges of a batch.
func (ResourceBatch) Edges() []ent.Edge { return resourceBatchRefs.edges }

// Agreement is an operation agreement between agency and operator (授权运营协议, A27 art. 14).
type Agreement struct{ ent.Schema }

var agreementRefs = refs(to("agency", Organisation.Type), to("operator", Organisation.Type))

// Mixin gives key and version.
func (Agreement) Mixin() []ent.Mixin { return []ent.Mixin{keyed{}, versioned{}} }

// Fields of an agreement.
func (Agreement) Fields() []ent.Field {
	return append(agreementRefs.fields,
		field.String("number").MaxLen(240).Unique().Immutable(),
		field.Enum("mode").GoType(authorisation.AgreementMode("")).Immutable(),
		field.Enum("status").GoType(authorisation.AgreementStatus("")),
		jsonOf("clauses", map[authorisation.Clause]string{}),
		day("publicised_on"),
		maybeDay("starts_on"),
		maybeDay("ends_on"),
		field.Time("signed_at").Optional().Nillable(),
	)
}

// Edges of an agreement.
func (Agreement) Edges() []ent.Edge { return agreementRefs.edges }

// Indexes of an agreement.
func (Agreement) Indexes() []ent.Index {
	return []ent.Index{index.Fields("operator_id", "id"), index.Fields("agency_id", "id"), index.Fields("status", "ends_on")}
}

// Grant is a set of data items granted to an operator for purposes and a period (分批授权).
type Grant struct{ ent.Schema }

var grantRefs = refs(to("agreement", Agreement.Type), to("operator", Organisation.Type))

// Mixin gives key and version.
func (Grant) Mixin() []ent.Mixin { return []ent.Mixin{keyed{}, versioned{}} }

// Fields of a grant.
func (Grant) Fields() []ent.Field {
	return append(grantRefs.fields,
		field.Enum("status").GoType(authorisation.GrantStatus("")),
		fixedJSON("purposes", []purpose.Purpose{}),
		day("starts_on"),
		day("ends_on"),
		field.Time("decided_at").Optional().Nillable(),
	)
}

// Edges of a grant.
func (Grant) Edges() []ent.Edge { return grantRefs.edges }

// Indexes of a grant.
func (Grant) Indexes() []ent.Index {
	return []ent.Index{index.Fields("operator_id", "id"), index.Fields("agreement_id"), index.Fields("status", "ends_on")}
}

// GrantItem is one data item of a grant.
type GrantItem struct{ ent.Schema }

var grantItemRefs = refs(to("grant", Grant.Type), to("item", DataItem.Type))

// Mixin gives the key.
func (GrantItem) Mixin() []ent.Mixin { return []ent.Mixin{keyed{}} }

// Fields of a grant item.
func (GrantItem) Fields() []ent.Field { return grantItemRefs.fields }

// Edges of a grant item.
func (GrantItem) Edges() []ent.Edge { return grantItemRefs.edges }

// Indexes of a grant item.
func (GrantItem) Indexes() []ent.Index {
	return []ent.Index{index.Fields("grant_id", "item_id").Unique(), index.Fields("item_id")}
}

// Proceeding is a statutory procedure about one subject (办理事项).
type Proceeding struct{ ent.Schema }

var proceedingRefs = refs(to("applicant", Organisation.Type), to("submitter", Person.Type))

// Mixin gives key and version.
func (Proceeding) Mixin() []ent.Mixin { return []ent.Mixin{keyed{}, versioned{}} }

// Fields of a proceeding. The deadline is absent while the working-day calendar lacks its year.
func (Proceeding) Fields() []ent.Field {
	return append(proceedingRefs.fields,
		field.Enum("kind").GoType(authorisation.ProceedingKind("")).Immutable(),
		field.Enum("state").GoType(authorisation.ProceedingState("")),
		field.UUID("subject_id", uuid.UUID{}).Immutable(),
		field.String("subject_name").MaxLen(600).Immutable(),
		fixedJSON("application", authorisation.Application{}),
		fixedJSON("evidence", []uuid.UUID{}),
		maybeDay("due_on"),
		field.Bool("calendar_missing").Default(false),
		field.Time("ended_at").Optional().Nillable(),
		field.String("idempotency_key").MaxLen(128).Optional().Nillable().Immutable(),
		field.String("request_hash").MaxLen(64).Default("").Immutable(),
	)
}

// Edges of a proceeding.
func (Proceeding) Edges() []ent.Edge { return proceedingRefs.edges }

// Indexes of a proceeding.
func (Proceeding) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("applicant_id", "idempotency_key").Unique(),
		index.Fields("applicant_id", "id"), index.Fields("subject_id", "id"), index.Fields("state", "due_on", "id"),
	}
}

// Requirement is a decision that a proceeding still needs, or had: which step, by which organisation.
type Requirement struct{ ent.Schema }

var requirementRefs = refs(to("proceeding", Proceeding.Type), to("organisation", Organisation.Type))

// Mixin gives the key.
func (Requirement) Mixin() []ent.Mixin { return []ent.Mixin{keyed{}} }

// Fields of a requirement. It is open until its decision is made or the proceeding ends.
func (Requirement) Fields() []ent.Field {
	return append(requirementRefs.fields,
		field.Enum("step").GoType(authorisation.Step("")).Immutable(),
		field.Bool("open").Default(true),
	)
}

// Edges of a requirement.
func (Requirement) Edges() []ent.Edge { return requirementRefs.edges }

// Indexes of a requirement: the review desk of an organisation is one range of the second.
func (Requirement) Indexes() []ent.Index {
	return []ent.Index{index.Fields("proceeding_id", "step", "organisation_id").Unique(), index.Fields("organisation_id", "open", "proceeding_id")}
}

// Decision is one act in a proceeding: who, as whom, what, why. Append-only on both databases.
type Decision struct{ ent.Schema }

var decisionRefs = refs(to("proceeding", Proceeding.Type), to("organisation", Organisation.Type), to("person", Person.Type))

// Mixin gives the key.
func (Decision) Mixin() []ent.Mixin { return []ent.Mixin{keyed{}} }

// Fields of a decision.
func (Decision) Fields() []ent.Field {
	return append(decisionRefs.fields,
		field.Enum("step").GoType(authorisation.Step("")).Immutable(),
		field.Enum("outcome").GoType(authorisation.Outcome("")).Immutable(),
		field.String("reason").MaxLen(8000).Immutable(),
		fixedJSON("evidence", []uuid.UUID{}),
	)
}

// Edges of a decision.
func (Decision) Edges() []ent.Edge { return decisionRefs.edges }

// Indexes of a decision.
func (Decision) Indexes() []ent.Index {
	return []ent.Index{index.Fields("proceeding_id", "step", "organisation_id").Unique()}
}
