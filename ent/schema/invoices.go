package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
	"github.com/google/uuid"

	"gongshu/internal/ordering"
)

// Invoice is what a buyer books a payment by (发票): a blue one for what was paid, a red one for what was refunded after the blue one was issued.
type Invoice struct{ ent.Schema }

// It is of one payment, without a bill of the order's own. A red one names the blue one that it takes back a part of, and the refund that made it due.
var invoiceRefs = refs(to("order", Order.Type), to("payment", Payment.Type), fixedMaybeTo("bill", Bill.Type), to("buyer", Organisation.Type), to("operator", Organisation.Type),
	to("person", Person.Type), blueOf, fixedMaybeTo("refund", Refund.Type), maybeTo("issuer", Person.Type), maybeTo("document", Document.Type))

// blueOf is the key of the blue invoice: one has many red ones.
func blueOf() (ent.Field, ent.Edge) {
	return field.UUID("blue_id", uuid.UUID{}).Optional().Nillable().Immutable(),
		edge.To("reds", Invoice.Type).Annotations(entsql.OnDelete(entsql.Restrict)).From("blue").Unique().Immutable().Field("blue_id")
}

// Mixin gives key and version.
func (Invoice) Mixin() []ent.Mixin { return []ent.Mixin{keyed{}, versioned{}} }

// Fields of an invoice. The amounts of a blue one are lowered by what is refunded before it is issued; then nothing changes any more.
func (Invoice) Fields() []ent.Field {
	return append(invoiceRefs.fields,
		field.Enum("kind").GoType(ordering.InvoiceKind("")).Immutable(),
		field.Enum("colour").GoType(ordering.InvoiceColour("")).Immutable(),
		field.Enum("status").GoType(ordering.InvoiceStatus("")),
		fixedJSON("holder", ordering.InvoiceHolder{}),
		field.String("vat_rate").MaxLen(20).Immutable().Comment("0.06 for 6 %"),
		field.Int64("net_fen"),
		field.Int64("vat_fen"),
		field.Int64("total_fen"),
		field.UUID("live_for", uuid.UUID{}).Optional().Nillable().Unique().Comment("the payment, while this is its one live blue invoice"),
		field.String("code").MaxLen(12).Default("").Comment("of a number of 8 digits"),
		field.String("number").MaxLen(20).Optional().Nillable(),
		field.String("reason").MaxLen(8000).Default("").Comment("why it was refused"),
		field.String("idempotency_key").MaxLen(128).Immutable(),
		field.String("request_hash").MaxLen(64).Immutable(),
		field.Time("issued_at").Optional().Nillable(),
	)
}

// Edges of an invoice.
func (Invoice) Edges() []ent.Edge { return invoiceRefs.edges }

// Indexes of an invoice: a number is given once, and a refund makes one red invoice due.
func (Invoice) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("order_id", "idempotency_key").Unique(),
		index.Fields("number", "code").Unique(),
		index.Fields("refund_id").Unique(),
		index.Fields("payment_id"),
		index.Fields("blue_id"),
		index.Fields("document_id"),
		index.Fields("buyer_id", "id"),
		index.Fields("operator_id", "status", "id"),
		index.Fields("operator_id", "created_at", "id"),
	}
}

// Annotations refuse what no invoice may be.
func (Invoice) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Checks(map[string]string{
		"invoice_amounts_add_up":      "net_fen >= 0 AND vat_fen >= 0 AND total_fen > 0 AND total_fen = net_fen + vat_fen",
		"invoice_red_names_blue":      "colour = 'BLUE' AND blue_id IS NULL AND refund_id IS NULL OR colour = 'RED' AND blue_id IS NOT NULL AND refund_id IS NOT NULL",
		"invoice_issued_has_number":   "status = 'ISSUED' AND number IS NOT NULL AND document_id IS NOT NULL AND issuer_id IS NOT NULL AND issued_at IS NOT NULL OR status <> 'ISSUED' AND number IS NULL",
		"invoice_live_while_it_lives": "colour = 'BLUE' AND status IN ('REQUESTED', 'ISSUED') AND live_for IS NOT NULL OR NOT (colour = 'BLUE' AND status IN ('REQUESTED', 'ISSUED')) AND live_for IS NULL",
	})}
}
