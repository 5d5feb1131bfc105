package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
	"github.com/google/uuid"

	"gongshu/internal/ordering"
	"gongshu/internal/purpose"
	"gongshu/pricing"
)

// Order is a purchase by an organisation (订单).
type Order struct{ ent.Schema }

var orderRefs = refs(to("buyer", Organisation.Type), to("product", Product.Type), to("plan", Plan.Type), to("person", Person.Type))

// Mixin gives key and version.
func (Order) Mixin() []ent.Mixin { return []ent.Mixin{keyed{}, versioned{}} }

// Fields of an order. The terms are copied, not referenced: what was agreed stays what was agreed.
func (Order) Fields() []ent.Field {
	return append(orderRefs.fields,
		field.Enum("status").GoType(ordering.OrderStatus("")),
		field.Enum("purpose").GoType(purpose.Purpose("")).Immutable(),
		field.Int64("quantity").Immutable(),
		field.Int64("net_fen").Immutable(),
		field.Int64("vat_fen").Immutable(),
		field.Int64("total_fen").Immutable(),
		fixedJSON("terms", ordering.Terms{}),
		field.String("idempotency_key").MaxLen(128).Immutable(),
		field.String("request_hash").MaxLen(64).Immutable(),
		field.Time("paid_at").Optional().Nillable(),
		field.Time("cancelled_at").Optional().Nillable().Comment("or when it expired"),
		field.Time("expires_at").Optional().Nillable().Immutable().Comment("until when it may be paid; of an order that is confirmed at once there is none"),
	)
}

// Edges of an order.
func (Order) Edges() []ent.Edge { return orderRefs.edges }

// Indexes of an order.
func (Order) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("buyer_id", "idempotency_key").Unique(),
		index.Fields("buyer_id", "id"),
		index.Fields("product_id", "id"),
		index.Fields("plan_id"),
		index.Fields("expires_at", "id").Annotations(entsql.IndexWhere("paid_at IS NULL")), // few: most are paid at once
	}
}

// Annotations refuse what no order may be.
func (Order) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Checks(map[string]string{
		"order_quantity_positive": "quantity > 0",
		"order_amounts_add_up":    "net_fen >= 0 AND vat_fen >= 0 AND total_fen = net_fen + vat_fen",
	})}
}

// Bill is what the uses of one month under a metered order cost (账单). Once issued it is never changed but in what is still owed of it.
type Bill struct{ ent.Schema }

var billRefs = refs(to("order", Order.Type), to("buyer", Organisation.Type), to("product", Product.Type))

// Mixin gives key and version.
func (Bill) Mixin() []ent.Mixin { return []ent.Mixin{keyed{}, versioned{}} }

// Fields of a bill. The lines are those of the month; each adjustment names the earlier month that it corrects.
func (Bill) Fields() []ent.Field {
	return append(billRefs.fields,
		field.String("month").MaxLen(7).Immutable().Comment("2026-11, in China's time"),
		field.Enum("status").GoType(ordering.BillStatus("")),
		fixedJSON("lines", []pricing.Line{}),
		fixedJSON("adjustments", []ordering.Adjustment{}),
		field.Int64("rated_fen").Immutable().Comment("what the lines come to"),
		field.Int64("brought_fen").Immutable().Comment("a credit that the bill before could not give, 0 or below"),
		field.Int64("carried_fen").Immutable().Comment("the credit that this bill cannot give, 0 or below"),
		field.Int64("returned_fen").Default(0).Immutable().Comment("the credit of an order's last bill that refunds give back, 0 or above"),
		field.Int64("net_fen").Immutable(),
		field.Int64("vat_fen").Immutable(),
		field.Int64("total_fen").Immutable(),
		field.Int64("owed_fen").Comment("the total less what was paid, and what the buyer's bank took back of that again; 0 once it is PAID"),
		day("due_on"),
		field.Time("heard_until").Immutable().Comment("uses that the market heard of up to here are on this bill or on an earlier one"),
		field.Time("paid_at").Optional().Nillable(),
	)
}

// Edges of a bill.
func (Bill) Edges() []ent.Edge { return billRefs.edges }

// Indexes of a bill.
func (Bill) Indexes() []ent.Index {
	return []ent.Index{index.Fields("order_id", "month").Unique(), index.Fields("buyer_id", "id"), index.Fields("product_id", "month"), index.Fields("status", "due_on", "id")}
}

// Annotations refuse what no bill may be.
func (Bill) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Checks(map[string]string{
		"bill_amounts_add_up":  "net_fen >= 0 AND vat_fen >= 0 AND total_fen = net_fen + vat_fen AND brought_fen <= 0 AND carried_fen <= 0 AND returned_fen >= 0",
		"bill_owed_until_paid": "owed_fen >= 0 AND owed_fen <= total_fen AND (owed_fen = 0) = (status = 'PAID')",
	})}
}

// Refund gives a payment back, in part or whole (退款). It is a proceeding's subject: a second person approves it.
type Refund struct{ ent.Schema }

// The bill is the one whose credit the refund returns, since no bill follows that could give it, and the dispute the one that was lost; none
// of a refund that was asked for. One of a dispute is the person's who ordered.
var refundRefs = refs(to("payment", Payment.Type), to("order", Order.Type), to("person", Person.Type), fixedMaybeTo("bill", Bill.Type), fixedMaybeTo("dispute", Dispute.Type))

// Mixin gives key and version.
func (Refund) Mixin() []ent.Mixin { return []ent.Mixin{keyed{}, versioned{}} }

// Fields of a refund. The provider is asked under the refund's id, which is stored before the call.
func (Refund) Fields() []ent.Field {
	return append(refundRefs.fields,
		field.Int64("amount_fen").Immutable(),
		field.Enum("status").GoType(ordering.RefundStatus("")),
		field.String("reason").MaxLen(8000).Immutable(),
		field.String("reference").MaxLen(128).Default(""),
		field.String("idempotency_key").MaxLen(128).Immutable(),
		field.String("request_hash").MaxLen(64).Default("").Immutable(),
		field.Time("paid_at").Optional().Nillable(),
	)
}

// Edges of a refund.
func (Refund) Edges() []ent.Edge { return refundRefs.edges }

// Indexes of a refund.
func (Refund) Indexes() []ent.Index {
	return []ent.Index{index.Fields("order_id", "idempotency_key").Unique(), index.Fields("payment_id"), index.Fields("status", "id"), index.Fields("dispute_id").Unique()}
}

// Annotations refuse a refund of nothing.
func (Refund) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Checks(map[string]string{"refund_amount_positive": "amount_fen > 0"})}
}

// Payment is one attempt to pay an order, or a bill of a metered one, through a provider.
type Payment struct{ ent.Schema }

var paymentRefs = refs(to("order", Order.Type), fixedMaybeTo("bill", Bill.Type))

// Mixin gives key and version.
func (Payment) Mixin() []ent.Mixin { return []ent.Mixin{keyed{}, versioned{}} }

// Fields of a payment. The provider is asked under the payment's id, which is stored before the call.
func (Payment) Fields() []ent.Field {
	return append(paymentRefs.fields,
		field.String("provider").MaxLen(20).Immutable(),
		field.Enum("state").GoType(ordering.PaymentState("")),
		field.String("reference").MaxLen(128).Default(""),
		field.Int64("amount_fen").Immutable(),
		field.String("idempotency_key").MaxLen(128).Immutable(),
		maybeJSON("next", &ordering.PaymentNext{}),
		field.Time("expires_at").Optional().Nillable(),
		field.Time("settled_at").Optional().Nillable(),
	)
}

// Edges of a payment.
func (Payment) Edges() []ent.Edge { return paymentRefs.edges }

// Indexes of a payment.
func (Payment) Indexes() []ent.Index {
	return []ent.Index{index.Fields("order_id", "idempotency_key").Unique(), index.Fields("idempotency_key"), index.Fields("bill_id"), index.Fields("state", "id"), index.Fields("provider", "reference")}
}

// Dispute is a payment that its buyer's bank asks back (拒付).
type Dispute struct{ ent.Schema }

var disputeRefs = refs(to("payment", Payment.Type), to("order", Order.Type))

// Mixin gives key and version.
func (Dispute) Mixin() []ent.Mixin { return []ent.Mixin{keyed{}, versioned{}} }

// Fields of a dispute, as its provider says them.
func (Dispute) Fields() []ent.Field {
	return append(disputeRefs.fields,
		field.String("reference").MaxLen(128).Immutable().Comment("the provider's own number for it"),
		field.Enum("state").GoType(ordering.DisputeState("")),
		field.Int64("amount_fen").Comment("what is asked back"),
		field.Time("opened_at").Immutable(),
		field.Time("closed_at").Optional().Nillable(),
	)
}

// Edges of a dispute.
func (Dispute) Edges() []ent.Edge { return disputeRefs.edges }

// Indexes of a dispute.
func (Dispute) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("payment_id", "reference").Unique(),
		index.Fields("order_id"),
		index.Fields("closed_at", "id").Annotations(entsql.IndexWhere("closed_at IS NULL")), // few: most are over
	}
}

// Annotations keep what is over closed, and refuse a dispute of nothing.
func (Dispute) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Checks(map[string]string{
		"dispute_amount_positive":  "amount_fen > 0",
		"dispute_closed_when_over": "closed_at IS NOT NULL AND state IN ('WON', 'LOST') OR closed_at IS NULL AND state IN ('INQUIRY', 'OPEN')",
	})}
}

// Entitlement is a right to use a product for a purpose (权益).
type Entitlement struct{ ent.Schema }

var entitlementRefs = refs(to("organisation", Organisation.Type), to("product", Product.Type), fixedMaybeTo("order", Order.Type), fixedMaybeTo("proceeding", Proceeding.Type))

// Mixin gives key and version.
func (Entitlement) Mixin() []ent.Mixin { return []ent.Mixin{keyed{}, versioned{}} }

// Fields of an entitlement. It stems from a paid order or from an approved free-use application, never from both.
func (Entitlement) Fields() []ent.Field {
	return append(entitlementRefs.fields,
		field.Enum("purpose").GoType(purpose.Purpose("")).Immutable(),
		field.String("scenario").MaxLen(8000).Default("").Immutable(),
		field.Enum("status").GoType(ordering.EntitlementStatus("")),
		field.Int64("quota_calls").Optional().Nillable().Comment("what was bought, less what refunds gave back"),
		field.Int64("quota_bytes").Optional().Nillable().Comment("as quota_calls"),
		field.Int64("used_calls").Default(0),
		field.Int64("used_bytes").Default(0),
		field.Time("starts_at").Immutable(),
		field.Time("ends_at").Comment("earlier than was bought where refunds shortened it"),
	)
}

// Edges of an entitlement.
func (Entitlement) Edges() []ent.Edge { return entitlementRefs.edges }

// Indexes of an entitlement.
func (Entitlement) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("order_id").Unique(),
		index.Fields("proceeding_id").Unique(),
		index.Fields("organisation_id", "id"),
		index.Fields("product_id", "id"),
	}
}

// Annotations keep use within quota and the two origins apart.
func (Entitlement) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Checks(map[string]string{
		"entitlement_one_origin":   "order_id IS NULL AND proceeding_id IS NOT NULL OR order_id IS NOT NULL AND proceeding_id IS NULL",
		"entitlement_within_quota": "NOT (used_calls > quota_calls OR used_bytes > quota_bytes)",
	})}
}

// Credential opens the data calls of one entitlement (访问凭证); its secret is shown once and stored hashed.
type Credential struct{ ent.Schema }

var credentialRefs = refs(to("entitlement", Entitlement.Type), to("person", Person.Type))

// Mixin gives the key.
func (Credential) Mixin() []ent.Mixin { return []ent.Mixin{keyed{}} }

// Fields of a credential.
func (Credential) Fields() []ent.Field {
	return append(credentialRefs.fields,
		field.String("name").MaxLen(400).Default("").Immutable(),
		field.String("secret_hash").MaxLen(64).Unique().Immutable().Sensitive(),
		field.String("hint").MaxLen(16).Immutable().Comment("the first characters of the secret, for people to tell credentials apart"),
		field.Enum("status").GoType(ordering.CredentialStatus("")),
		field.Time("expires_at").Comment("with its entitlement"),
		field.Time("revoked_at").Optional().Nillable(),
		field.String("idempotency_key").MaxLen(128).Immutable(),
	)
}

// Edges of a credential.
func (Credential) Edges() []ent.Edge { return credentialRefs.edges }

// Indexes of a credential.
func (Credential) Indexes() []ent.Index {
	return []ent.Index{index.Fields("entitlement_id", "idempotency_key").Unique(), index.Fields("entitlement_id", "id")}
}

// Usage is one metered use: a page of rows, a download, or what was served at a counter. Append-only on both databases.
type Usage struct{ ent.Schema }

var usageRefs = refs(to("entitlement", Entitlement.Type), fixedMaybeTo("credential", Credential.Type), to("product", Product.Type), fixedMaybeTo("dataset", Dataset.Type))

// Mixin gives the key.
func (Usage) Mixin() []ent.Mixin { return []ent.Mixin{keyed{}} }

// Fields of a use. The key is the caller's Idempotency-Key or the server's own.
func (Usage) Fields() []ent.Field {
	return append(usageRefs.fields,
		field.String("idempotency_key").MaxLen(128).Immutable(),
		field.String("request_hash").MaxLen(64).Immutable(),
		field.Enum("kind").GoType(ordering.UsageKind("")).Immutable(),
		field.Enum("purpose").GoType(purpose.Purpose("")).Immutable(),
		field.Enum("channel").GoType(pricing.ServiceChannel("")).Default(string(pricing.Online)).Immutable(),
		field.String("subject").MaxLen(64).Default("").Immutable().Comment("a hash of whom or what the use was about, where a tariff bills once"),
		field.Int64("quantity").Default(1).Immutable().Comment("calls, or items for a period"),
		field.Int64("row_count").Immutable(),
		field.Int64("bytes").Immutable(),
		field.Time("used_at").Immutable().Comment("when it was used; the row's own time is when the market heard of it"),
		field.UUID("reverses_id", uuid.UUID{}).Optional().Nillable().Unique().Immutable().Comment("the use that this row takes back"),
	)
}

// Edges of a use.
func (Usage) Edges() []ent.Edge { return usageRefs.edges }

// Indexes of a use: what was used of a product or a right in a period is a range of one of those with its time.
func (Usage) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("entitlement_id", "idempotency_key").Unique(), index.Fields("entitlement_id", "id"),
		index.Fields("entitlement_id", "used_at", "id"), index.Fields("product_id", "used_at"),
		// What the market may hear of later than it was used: bills look for it, data calls do not write to it.
		index.Fields("entitlement_id", "created_at").Annotations(entsql.IndexWhere("credential_id IS NULL")),
	}
}

// Download is a link to a file product that lives a quarter of an hour and is metered once.
type Download struct{ ent.Schema }

var downloadRefs = refs(to("entitlement", Entitlement.Type), to("credential", Credential.Type), to("dataset", Dataset.Type))

// Mixin gives the key.
func (Download) Mixin() []ent.Mixin { return []ent.Mixin{keyed{}} }

// Fields of a download.
func (Download) Fields() []ent.Field {
	return append(downloadRefs.fields,
		field.String("token_hash").MaxLen(64).Unique().Immutable().Sensitive(),
		field.Enum("purpose").GoType(purpose.Purpose("")).Immutable(),
		field.Time("expires_at").Immutable(),
		field.UUID("usage_id", uuid.UUID{}).Optional().Nillable(),
	)
}

// Edges of a download.
func (Download) Edges() []ent.Edge { return downloadRefs.edges }

// Indexes of a download.
func (Download) Indexes() []ent.Index {
	return []ent.Index{index.Fields("entitlement_id", "id"), index.Fields("expires_at")}
}

// Account is a place where money is held on the ledger.
type Account struct{ ent.Schema }

var accountRefs = refs(fixedMaybeTo("organisation", Organisation.Type))

// Mixin gives the key.
func (Account) Mixin() []ent.Mixin { return []ent.Mixin{keyed{}} }

// Fields of an account. Its code is unique: TREASURY, VAT, CLEARING, PROVIDER:…, CONTRIBUTOR:….
func (Account) Fields() []ent.Field {
	return append(accountRefs.fields,
		field.String("code").MaxLen(80).Unique().Immutable(),
		field.Enum("kind").GoType(pricing.AccountKind("")).Immutable(),
	)
}

// Edges of an account.
func (Account) Edges() []ent.Edge { return accountRefs.edges }

// Indexes of an account.
func (Account) Indexes() []ent.Index { return []ent.Index{index.Fields("organisation_id")} }

// Entry is one event of money: its postings belong together. Append-only on both databases.
type Entry struct{ ent.Schema }

var entryRefs = refs(fixedMaybeTo("order", Order.Type), fixedMaybeTo("payment", Payment.Type), fixedMaybeTo("refund", Refund.Type), fixedMaybeTo("payout_batch", PayoutBatch.Type), fixedMaybeTo("bank_line", BankLine.Type))

// Mixin gives the key.
func (Entry) Mixin() []ent.Mixin { return []ent.Mixin{keyed{}} }

// Fields of an entry. The key makes it happen once: PAYMENT:<payment id>, REFUND:<refund id>, PAYOUT:<batch id>:<line>,
// RECEIPT:<line id>, RELEASE:<line id>:<what of>.
func (Entry) Fields() []ent.Field {
	return append(entryRefs.fields,
		field.Enum("kind").GoType(pricing.EntryKind("")).Default(string(pricing.EntryPayment)).Immutable(),
		field.String("key").MaxLen(80).Unique().Immutable(),
	)
}

// Edges of an entry.
func (Entry) Edges() []ent.Edge { return entryRefs.edges }

// Indexes of an entry.
func (Entry) Indexes() []ent.Index {
	return []ent.Index{index.Fields("order_id"), index.Fields("payment_id"), index.Fields("refund_id"), index.Fields("payout_batch_id"), index.Fields("bank_line_id")}
}

// Posting moves a positive amount from one account to another. Append-only on both databases.
type Posting struct{ ent.Schema }

var postingRefs = refs(to("entry", Entry.Type), to("from_account", Account.Type), to("to_account", Account.Type),
	fixedMaybeTo("contributor", Organisation.Type), fixedMaybeTo("product", Product.Type), fixedMaybeTo("allocation_rule", AllocationRule.Type))

// Mixin gives the key.
func (Posting) Mixin() []ent.Mixin { return []ent.Mixin{keyed{}} }

// Fields of a posting. A share also names its contributor, product, rule, basis and channel (CITY 11.3).
func (Posting) Fields() []ent.Field {
	return append(postingRefs.fields,
		field.Int("position").Immutable(),
		field.Int64("amount_fen").Immutable(),
		field.Enum("channel").GoType(pricing.Channel("")).Optional().Nillable().Immutable(),
		field.String("basis").MaxLen(600).Default("").Immutable(),
	)
}

// Edges of a posting.
func (Posting) Edges() []ent.Edge { return postingRefs.edges }

// Indexes of a posting.
func (Posting) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("entry_id", "position").Unique(),
		index.Fields("from_account_id", "id"),
		index.Fields("to_account_id", "id"),
		index.Fields("contributor_id", "created_at"),
		index.Fields("product_id", "created_at"),
	}
}

// Annotations refuse a posting that moves nothing or backwards, or goes nowhere.
func (Posting) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Checks(map[string]string{
		"posting_amount_positive":  "amount_fen > 0",
		"posting_between_accounts": "from_account_id <> to_account_id",
	})}
}

// Statement is what a contributor earned and was paid in a month (结算单).
type Statement struct{ ent.Schema }

var statementRefs = refs(to("contributor", Organisation.Type), maybeTo("objector", Person.Type))

// Mixin gives key and version.
func (Statement) Mixin() []ent.Mixin { return []ent.Mixin{keyed{}, versioned{}} }

// Fields of a statement. closing = opening + earned − reversed − paid.
func (Statement) Fields() []ent.Field {
	return append(statementRefs.fields,
		field.String("month").MaxLen(7).Immutable().Comment("2026-11, in China's time"),
		field.Enum("status").GoType(pricing.StatementStatus("")),
		field.Int64("opening_fen"),
		field.Int64("earned_fen"),
		field.Int64("reversed_fen"),
		field.Int64("paid_fen"),
		field.Int64("closing_fen"),
		jsonOf("lines", []pricing.StatementLine{}),
		field.String("objection").MaxLen(8000).Default(""),
		field.Time("objected_at").Optional().Nillable(),
		field.String("answer").MaxLen(8000).Default(""),
		field.Time("final_at").Optional().Nillable(),
	)
}

// Edges of a statement.
func (Statement) Edges() []ent.Edge { return statementRefs.edges }

// Indexes of a statement.
func (Statement) Indexes() []ent.Index {
	return []ent.Index{index.Fields("contributor_id", "month").Unique(), index.Fields("month", "contributor_id"), index.Fields("status", "month")}
}

// Annotations keep a statement adding up.
func (Statement) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Checks(map[string]string{
		"statement_adds_up": "closing_fen = opening_fen + earned_fen - reversed_fen - paid_fen",
	})}
}

// PayoutBatch pays contributors what their final statements say (付款批次). It is a proceeding's subject: a second person approves it.
type PayoutBatch struct{ ent.Schema }

var payoutBatchRefs = refs(to("organisation", Organisation.Type), to("person", Person.Type))

// Mixin gives key and version.
func (PayoutBatch) Mixin() []ent.Mixin { return []ent.Mixin{keyed{}, versioned{}} }

// Fields of a batch: a line a contributor, each confirmed for itself.
func (PayoutBatch) Fields() []ent.Field {
	return append(payoutBatchRefs.fields,
		field.String("month").MaxLen(7).Immutable().Comment("up to whose statements it pays"),
		field.Enum("status").GoType(pricing.PayoutBatchStatus("")),
		jsonOf("lines", []pricing.PayoutLine{}),
		field.Int64("total_fen").Immutable(),
		field.String("idempotency_key").MaxLen(128).Immutable(),
		field.String("request_hash").MaxLen(64).Immutable(),
		field.Time("approved_at").Optional().Nillable(),
		field.Time("exported_at").Optional().Nillable(),
	)
}

// Edges of a batch.
func (PayoutBatch) Edges() []ent.Edge { return payoutBatchRefs.edges }

// Indexes of a batch.
func (PayoutBatch) Indexes() []ent.Index {
	return []ent.Index{index.Fields("organisation_id", "idempotency_key").Unique(), index.Fields("status", "id")}
}

// Discrepancy is a row that breaks what must hold of money and rights, until somebody explains or mends it (对账差异).
type Discrepancy struct{ ent.Schema }

var discrepancyRefs = refs(maybeTo("owner", Person.Type))

// Mixin gives key and version.
func (Discrepancy) Mixin() []ent.Mixin { return []ent.Mixin{keyed{}, versioned{}} }

// Fields of a discrepancy.
func (Discrepancy) Fields() []ent.Field {
	return append(discrepancyRefs.fields,
		field.String("invariant").MaxLen(240).Immutable(),
		field.String("subject").MaxLen(240).Immutable().Comment("the row that breaks it, as the invariant names it"),
		field.String("reason").MaxLen(8000).Default(""),
		field.Time("seen_at").Comment("when it was found last"),
		field.Time("resolved_at").Optional().Nillable().Comment("when it was found no more"),
	)
}

// Edges of a discrepancy.
func (Discrepancy) Edges() []ent.Edge { return discrepancyRefs.edges }

// Indexes of a discrepancy.
func (Discrepancy) Indexes() []ent.Index {
	return []ent.Index{index.Fields("invariant", "subject").Unique(), index.Fields("resolved_at", "id")}
}
