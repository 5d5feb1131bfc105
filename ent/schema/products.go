package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
	"github.com/google/uuid"

	"gongshu/internal/authorisation"
	"gongshu/internal/dictionary"
	"gongshu/internal/outputcontrol"
	"gongshu/pricing"
)

// Product is a data product of an operator (数据产品).
type Product struct{ ent.Schema }

var productRefs = refs(to("operator", Organisation.Type), to("domain", Domain.Type))

// Mixin gives key and version.
func (Product) Mixin() []ent.Mixin { return []ent.Mixin{keyed{}, versioned{}} }

// Fields of a product. Its content number grows with every edit; orders keep the one they were placed under.
// The registrar's code and the NDI-04 identifier are two different things.
func (Product) Fields() []ent.Field {
	return append(productRefs.fields,
		field.String("name").MaxLen(600),
		field.String("name_en").MaxLen(600).Default(""),
		field.String("description").MaxLen(16000).Default(""),
		field.String("description_en").MaxLen(16000).Default(""),
		field.Enum("status").GoType(authorisation.ProductStatus("")),
		field.Enum("delivery").GoType(authorisation.Delivery("")),
		field.Enum("update_frequency").GoType(authorisation.UpdateFrequency("")).Optional().Nillable(),
		field.Bool("aggregate").Default(false).Comment("every row is an aggregate over persons, none is about one"),
		jsonOf("dictionary", []dictionary.Column{}),
		jsonOf("sample", [][]string{}),
		jsonOf("social_inputs", []authorisation.SocialInput{}),
		field.Int("content_number").Default(1),
		field.String("identifier").MaxLen(32).Unique().Immutable(),
		field.String("registration_code").MaxLen(64).Optional().Nillable(),
		field.UUID("registration_document_id", uuid.UUID{}).Optional().Nillable(),
		maybeDay("registered_on"),
		maybeDay("registration_expires_on"),
		field.Time("reviewed_at").Optional().Nillable(),
		field.Time("listed_at").Optional().Nillable(),
		field.Time("first_listed_at").Optional().Nillable(),
		field.String("suspension_code").MaxLen(240).Default("").Comment("why the market took it down, an obstacle's code"),
		field.UUID("dataset_id", uuid.UUID{}).Optional().Nillable(),
		field.Bool("synthetic").Default(false).Immutable(),
		field.Int("uses").Default(0).Comment("how many rights to it there were, counted from time to time; the catalogue sorts by it"),
		field.Int("quality").Default(0).Comment("the score of its metadata, 0 to 100"),
	)
}

// Edges of a product.
func (Product) Edges() []ent.Edge { return productRefs.edges }

// Indexes of a product.
func (Product) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("operator_id", "id"), index.Fields("status", "id"), index.Fields("domain_id", "id"),
		index.Fields("status", "listed_at", "id").Annotations(entsql.DescColumns("listed_at")), // the newest, while the search is away
	}
}

// ProductInput is a granted data item that a product is made from.
type ProductInput struct{ ent.Schema }

var productInputRefs = refs(to("product", Product.Type), to("item", DataItem.Type), to("resource", Resource.Type))

// Mixin gives the key.
func (ProductInput) Mixin() []ent.Mixin { return []ent.Mixin{keyed{}} }

// Fields of an input. The resource is its item's, repeated so that a page of products reads its resources in one statement.
func (ProductInput) Fields() []ent.Field { return productInputRefs.fields }

// Edges of an input.
func (ProductInput) Edges() []ent.Edge { return productInputRefs.edges }

// Indexes of an input.
func (ProductInput) Indexes() []ent.Index {
	return []ent.Index{index.Fields("product_id", "item_id").Unique(), index.Fields("item_id"), index.Fields("resource_id", "product_id")}
}

// Plan is a way to pay for a product (收费方案).
type Plan struct{ ent.Schema }

var planRefs = refs(to("product", Product.Type))

// Mixin gives key and version.
func (Plan) Mixin() []ent.Mixin { return []ent.Mixin{keyed{}, versioned{}} }

// Fields of a plan. The months are how long what was bought may be used.
func (Plan) Fields() []ent.Field {
	return append(planRefs.fields,
		field.Int("position").Immutable(),
		field.String("name").MaxLen(400),
		field.String("name_en").MaxLen(400).Default(""),
		field.Enum("mode").GoType(pricing.ChargingMode("")).Immutable(),
		field.Enum("settlement").GoType(pricing.Settlement("")).Immutable(),
		fixedJSON("tariff", pricing.Tariff{}),
		field.Int("term_months").Immutable(),
		field.Bool("trial").Immutable().Comment("a trial price, until a complete operating year exists (P65)"),
		field.Int("limited_to").Optional().Nillable().Immutable().Comment("how many orders there may be of it"),
		field.Int("taken").Default(0).Comment("how many of those are taken, of a plan that is limited"),
		field.Time("withdrawn_at").Optional().Nillable(),
	)
}

// Annotations keep a limited plan within its number, whoever orders at once.
func (Plan) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Checks(map[string]string{"plan_within_limit": "taken >= 0 AND (limited_to IS NULL AND taken = 0 OR taken <= limited_to)"})}
}

// Edges of a plan.
func (Plan) Edges() []ent.Edge { return planRefs.edges }

// Indexes of a plan.
func (Plan) Indexes() []ent.Index { return []ent.Index{index.Fields("product_id", "position", "id")} }

// PriceCap is the upper limit of a product's price in one charging mode from a day on (上限收费标准).
type PriceCap struct{ ent.Schema }

var priceCapRefs = refs(to("product", Product.Type), to("authority", Organisation.Type), to("person", Person.Type), fixedMaybeTo("permitted_revenue", PermittedRevenue.Type))

// Mixin gives the key.
func (PriceCap) Mixin() []ent.Mixin { return []ent.Mixin{keyed{}} }

// Fields of a cap. The rate is exact decimal yuan per unit of the mode.
func (PriceCap) Fields() []ent.Field {
	return append(priceCapRefs.fields,
		field.Enum("mode").GoType(pricing.ChargingMode("")).Immutable(),
		field.String("rate").MaxLen(32).Immutable(),
		field.String("period_unit").MaxLen(20).Default("").Immutable().Comment("with the count, the period that the cap is for when charged per period"),
		field.Int("period_count").Default(0).Immutable(),
		field.Int64("forecast").Default(0).Immutable().Comment("units expected in the year, for the check against the permitted revenue"),
		day("effective_from"),
		field.String("source_document").MaxLen(600).Immutable(),
		field.String("reason").MaxLen(8000).Immutable(),
	)
}

// Edges of a cap.
func (PriceCap) Edges() []ent.Edge { return priceCapRefs.edges }

// Indexes of a cap.
func (PriceCap) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("product_id", "mode", "period_unit", "period_count", "effective_from").Unique(),
		index.Fields("permitted_revenue_id"), index.Fields("effective_from", "id"),
	}
}

// PermittedRevenue is what an operator may earn in a year of its pricing cycle (最高准许收入), from the cost survey that it reported.
// It is a proceeding's subject: the price authority approves it with the data department.
type PermittedRevenue struct{ ent.Schema }

var permittedRevenueRefs = refs(to("operator", Organisation.Type), to("person", Person.Type))

// Mixin gives key and version.
func (PermittedRevenue) Mixin() []ent.Mixin { return []ent.Mixin{keyed{}, versioned{}} }

// Fields of a permitted revenue. What is deducted was earned too much in earlier cycles; what its own cycle earned too much is
// decided on, once it is over, on the last year of it.
func (PermittedRevenue) Fields() []ent.Field {
	return append(permittedRevenueRefs.fields,
		field.Enum("status").GoType(pricing.SurveyStatus("")),
		field.Int("year").Immutable(),
		field.Int("cycle_from").Immutable().Comment("the first year of the pricing cycle"),
		field.Int("cycle_years").Immutable(),
		fixedJSON("survey", pricing.CostSurvey{}),
		field.Int64("cost_fen").Immutable(),
		field.Int64("profit_fen").Immutable(),
		field.Int64("tax_fen").Immutable(),
		field.Int64("deducted_fen").Default(0),
		field.Int64("revenue_fen").Immutable().Comment("before the deduction"),
		field.String("source_document").MaxLen(600).Immutable(),
		field.String("idempotency_key").MaxLen(128).Immutable(),
		field.String("request_hash").MaxLen(64).Immutable(),
		field.Time("approved_at").Optional().Nillable(),
		maybeJSON("clawback", &pricing.ClawbackDecision{}),
	)
}

// Edges of a permitted revenue.
func (PermittedRevenue) Edges() []ent.Edge { return permittedRevenueRefs.edges }

// Indexes of a permitted revenue.
func (PermittedRevenue) Indexes() []ent.Index {
	return []ent.Index{index.Fields("operator_id", "idempotency_key").Unique(), index.Fields("operator_id", "year", "id"), index.Fields("status", "id")}
}

// Annotations refuse what no permitted revenue may be.
func (PermittedRevenue) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Checks(map[string]string{
		"permitted_revenue_adds_up": "revenue_fen = cost_fen + profit_fen + tax_fen AND deducted_fen >= 0 AND deducted_fen <= revenue_fen",
	})}
}

// AllocationRule says among whom a product's fee is shared (分配规则). A new agreement is a new number; none is edited.
type AllocationRule struct{ ent.Schema }

var allocationRuleRefs = refs(to("product", Product.Type), to("person", Person.Type))

// Mixin gives the key.
func (AllocationRule) Mixin() []ent.Mixin { return []ent.Mixin{keyed{}} }

// Fields of a rule.
func (AllocationRule) Fields() []ent.Field {
	return append(allocationRuleRefs.fields,
		field.Int("number").Immutable(),
		field.Enum("kind").GoType(pricing.AllocationKind("")).Default(string(pricing.AllocationFixed)).Immutable(),
		field.Int64("whole").Default(0).Immutable().Comment("what fixed weights sum to"),
		fixedJSON("parts", []pricing.Part{}),
		fixedMaybeJSON("coalitions", []pricing.Coalition{}),
		field.String("effective_from").MaxLen(10).Default("").Immutable().Comment("the first day; without one since ever"),
		field.String("source_document").MaxLen(600).Immutable(),
		field.Time("approved_at").Optional().Nillable().Comment("when the agency approved it; without it no fee is shared by it"),
	)
}

// Edges of a rule.
func (AllocationRule) Edges() []ent.Edge { return allocationRuleRefs.edges }

// Indexes of a rule.
func (AllocationRule) Indexes() []ent.Index {
	return []ent.Index{index.Fields("product_id", "number").Unique()}
}

// Dataset is one version of a product's data, with the evidence of its output control.
type Dataset struct{ ent.Schema }

var datasetRefs = refs(to("product", Product.Type), to("uploader", Person.Type))

// Mixin gives the key.
func (Dataset) Mixin() []ent.Mixin { return []ent.Mixin{keyed{}} }

// Fields of a dataset. Only an accepted one is ever served; the columns are those it was typed by.
func (Dataset) Fields() []ent.Field {
	return append(datasetRefs.fields,
		field.Int("number").Immutable(),
		field.Bool("accepted").Immutable(),
		field.Int64("row_count").Immutable(),
		field.Int64("bytes").Immutable(),
		field.String("sha256").MaxLen(64).Immutable(),
		field.String("blob_key").MaxLen(600).Immutable(),
		fixedJSON("columns", []dictionary.Column{}),
		fixedJSON("egress", outputcontrol.Evidence{}),
	)
}

// Edges of a dataset.
func (Dataset) Edges() []ent.Edge { return datasetRefs.edges }

// Indexes of a dataset.
func (Dataset) Indexes() []ent.Index {
	return []ent.Index{index.Fields("product_id", "number").Unique()}
}
