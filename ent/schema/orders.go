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
		field.Time("cancelled_at").Optional().Nillable(),
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
	}
}

// Annotations refuse what no order may be.
func (Order) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Checks(map[string]string{
		"order_quantity_positive": "quantity > 0",
		"order_amounts_add_up":    "net_fen >= 0 AND vat_fen >= 0 AND total_fen = net_fen + vat_fen",
	})}
}

// Payment is one attempt to pay an order through a provider.
type Payment struct{ ent.Schema }

var paymentRefs = refs(to("order", Order.Type))

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
		field.Time("settled_at").Optional().Nillable(),
	)
}

// Edges of a payment.
func (Payment) Edges() []ent.Edge { return paymentRefs.edges }

// Indexes of a payment.
func (Payment) Indexes() []ent.Index {
	return []ent.Index{index.Fields("order_id", "idempotency_key").Unique(), index.Fields("state", "id")}
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
		field.Int64("quota_calls").Optional().Nillable().Immutable(),
		field.Int64("quota_bytes").Optional().Nillable().Immutable(),
		field.Int64("used_calls").Default(0),
		field.Int64("used_bytes").Default(0),
		field.Time("starts_at").Immutable(),
		field.Time("ends_at").Immutable(),
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
		field.Time("expires_at").Immutable(),
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

// Usage is one metered use: a page of rows or a download. Append-only on both databases.
type Usage struct{ ent.Schema }

var usageRefs = refs(to("entitlement", Entitlement.Type), to("credential", Credential.Type), to("product", Product.Type), to("dataset", Dataset.Type))

// Mixin gives the key.
func (Usage) Mixin() []ent.Mixin { return []ent.Mixin{keyed{}} }

// Fields of a use. The key is the caller's Idempotency-Key or the server's own.
func (Usage) Fields() []ent.Field {
	return append(usageRefs.fields,
		field.String("idempotency_key").MaxLen(128).Immutable(),
		field.String("request_hash").MaxLen(64).Immutable(),
		field.Enum("kind").GoType(ordering.UsageKind("")).Immutable(),
		field.Enum("purpose").GoType(purpose.Purpose("")).Immutable(),
		field.Int64("row_count").Immutable(),
		field.Int64("bytes").Immutable(),
	)
}

// Edges of a use.
func (Usage) Edges() []ent.Edge { return usageRefs.edges }

// Indexes of a use: what was used of a product or a right in a period is a range of one of those with its time.
func (Usage) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("entitlement_id", "idempotency_key").Unique(), index.Fields("entitlement_id", "id"),
		index.Fields("entitlement_id", "created_at"), index.Fields("product_id", "created_at"),
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

var entryRefs = refs(to("order", Order.Type), to("payment", Payment.Type))

// Mixin gives the key.
func (Entry) Mixin() []ent.Mixin { return []ent.Mixin{keyed{}} }

// Fields of an entry. The key makes it happen once: PAYMENT:<payment id>.
func (Entry) Fields() []ent.Field {
	return append(entryRefs.fields, field.String("key").MaxLen(80).Unique().Immutable())
}

// Edges of an entry.
func (Entry) Edges() []ent.Edge { return entryRefs.edges }

// Indexes of an entry.
func (Entry) Indexes() []ent.Index { return []ent.Index{index.Fields("order_id")} }

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
