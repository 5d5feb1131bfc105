package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"gongshu/internal/ordering"
	"gongshu/pricing"
)

// BankTransfer is money that is expected over the platform's bank account: what a buyer pays, and what goes to somebody.
type BankTransfer struct{ ent.Schema }

// The organisation is the one that pays or is paid; none where money goes back to a payer whom the market does not know.
var bankTransferRefs = refs(fixedMaybeTo("organisation", Organisation.Type), fixedMaybeTo("payment", Payment.Type))

// Mixin gives key and version.
func (BankTransfer) Mixin() []ent.Mixin { return []ent.Mixin{keyed{}, versioned{}} }

// Fields of a transfer. The key is the one that the payment port was asked under, or that of the ledger's entry; the code is what its
// remark says. What was received is the sum of the lines that were applied to it. A proposal is there while a second person has to agree to
// it, and the bank was told of what goes out once it was exported.
func (BankTransfer) Fields() []ent.Field {
	return append(bankTransferRefs.fields,
		field.Enum("kind").GoType(ordering.TransferKind("")).Immutable(),
		field.String("key").MaxLen(128).Unique().Immutable(),
		field.String("code").MaxLen(20).Unique().Immutable(),
		field.Int64("amount_fen").Immutable(),
		field.Int64("received_fen").Default(0),
		field.Enum("state").GoType(ordering.TransferState("")),
		maybeJSON("payee", &pricing.PayeeAccount{}),
		maybeJSON("proposal", &ordering.TransferProposal{}),
		field.Time("exported_at").Optional().Nillable(),
		field.Time("ended_at").Optional().Nillable(),
	)
}

// Edges of a transfer.
func (BankTransfer) Edges() []ent.Edge { return bankTransferRefs.edges }

// Indexes of a transfer.
func (BankTransfer) Indexes() []ent.Index {
	return []ent.Index{index.Fields("payment_id"), index.Fields("organisation_id"), index.Fields("state", "id"), index.Fields("amount_fen", "state")}
}

// Annotations refuse a transfer of nothing.
func (BankTransfer) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Checks(map[string]string{"bank_transfer_amount_positive": "amount_fen > 0", "bank_transfer_received": "received_fen >= 0 AND received_fen <= amount_fen"})}
}

// BankFormat says under which names a bank's statements have their columns.
type BankFormat struct{ ent.Schema }

// Mixin gives key and version.
func (BankFormat) Mixin() []ent.Mixin { return []ent.Mixin{keyed{}, versioned{}} }

// Fields of a format.
func (BankFormat) Fields() []ent.Field {
	return []ent.Field{field.String("name").MaxLen(100).Unique(), jsonOf("columns", ordering.StatementColumns{})}
}

// BankStatement is one imported file of what moved on the platform's bank account (银行流水).
type BankStatement struct{ ent.Schema }

var bankStatementRefs = refs(to("person", Person.Type), maybeTo("bank_format", BankFormat.Type), maybeTo("job", Job.Type))

// Mixin gives the key.
func (BankStatement) Mixin() []ent.Mixin { return []ent.Mixin{keyed{}} }

// Fields of a statement. The hash is of its bytes: the same file is imported once, by another job where one did not finish.
func (BankStatement) Fields() []ent.Field {
	return append(bankStatementRefs.fields, field.String("file_name").MaxLen(200).Immutable(), field.String("sha256").MaxLen(64).Unique().Immutable())
}

// Edges of a statement.
func (BankStatement) Edges() []ent.Edge { return bankStatementRefs.edges }

// BankLine is one movement on the platform's bank account.
type BankLine struct{ ent.Schema }

var bankLineRefs = refs(to("bank_statement", BankStatement.Type), maybeTo("bank_transfer", BankTransfer.Type))

// Mixin gives key and version.
func (BankLine) Mixin() []ent.Mixin { return []ent.Mixin{keyed{}, versioned{}} }

// Fields of a line. The amount is below 0 where money went out. The fingerprint is of all that the bank says of the movement, so that
// one that is in two files is one.
func (BankLine) Fields() []ent.Field {
	return append(bankLineRefs.fields,
		field.Int("number").Immutable(),
		field.String("fingerprint").MaxLen(64).Unique().Immutable(),
		day("booked_on"),
		field.Int64("amount_fen").Immutable(),
		field.String("counterparty").MaxLen(400).Immutable(),
		field.String("counterparty_account").MaxLen(100).Immutable(),
		field.String("counterparty_bank").MaxLen(400).Immutable(),
		field.String("remark").MaxLen(2000).Immutable(),
		field.String("serial").MaxLen(128).Immutable(),
		field.Enum("state").GoType(ordering.LineState("")),
		field.Enum("reason").GoType(ordering.LineReason("")).Optional().Nillable(),
		field.Int64("applied_fen").Default(0),
		field.Int64("returned_fen").Default(0),
		maybeJSON("settlement", &ordering.LineSettlement{}),
	)
}

// Edges of a line.
func (BankLine) Edges() []ent.Edge { return bankLineRefs.edges }

// Indexes of a line.
func (BankLine) Indexes() []ent.Index {
	return []ent.Index{index.Fields("bank_statement_id", "number"), index.Fields("bank_transfer_id"), index.Fields("state", "id")}
}

// Annotations refuse a line that moved nothing.
func (BankLine) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Checks(map[string]string{"bank_line_amount": "amount_fen <> 0"})}
}

// PaymentEvent is what a provider told of itself, kept before it is applied.
type PaymentEvent struct{ ent.Schema }

// Mixin gives the key.
func (PaymentEvent) Mixin() []ent.Mixin { return []ent.Mixin{keyed{}} }

// Fields of an event. It is a hint only: what it is about is read from the provider again. What it refers to is the provider's own number
// where it names no key of ours.
func (PaymentEvent) Fields() []ent.Field {
	return []ent.Field{
		field.String("provider").MaxLen(20).Immutable(),
		field.String("event").MaxLen(128).Immutable(),
		field.String("kind").MaxLen(64).Immutable(),
		field.String("payment_key").MaxLen(128).Immutable(),
		field.String("refers").MaxLen(255).Default("").Immutable(),
		field.Time("applied_at").Optional().Nillable(),
		field.String("outcome").MaxLen(64).Default(""),
	}
}

// Indexes of an event.
func (PaymentEvent) Indexes() []ent.Index {
	return []ent.Index{index.Fields("provider", "event").Unique(), index.Fields("applied_at", "id")}
}
