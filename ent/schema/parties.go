package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
	"github.com/google/uuid"

	"gongshu/internal/access"
)

// Organisation is a legal person or public body that takes part in the scheme.
type Organisation struct{ ent.Schema }

// Mixin gives key and version.
func (Organisation) Mixin() []ent.Mixin { return []ent.Mixin{keyed{}, versioned{}} }

// Fields of an organisation. A source unit named by a catalogue has no credit code until it is verified.
func (Organisation) Fields() []ent.Field {
	return []ent.Field{
		field.String("name").MaxLen(600),
		field.String("name_en").MaxLen(600).Default(""),
		field.String("credit_code").MaxLen(18).Optional().Nillable().Unique(),
		field.Enum("legal_form").GoType(access.LegalForm("")),
		field.Enum("status").GoType(access.OrganisationStatus("")),
		field.String("user_class").MaxLen(32).Default("").Comment("the class of users that an official price list counts it among"),
		maybeJSON("payee", access.Payee{}),
		field.Bool("synthetic").Default(false).Immutable(),
	}
}

// Indexes of an organisation.
func (Organisation) Indexes() []ent.Index {
	return []ent.Index{index.Fields("name"), index.Fields("status", "id")}
}

// Party is a capacity in which an organisation takes part.
type Party struct{ ent.Schema }

var partyRefs = refs(to("organisation", Organisation.Type))

// Mixin gives the key.
func (Party) Mixin() []ent.Mixin { return []ent.Mixin{keyed{}} }

// Fields of a party.
func (Party) Fields() []ent.Field {
	return append(partyRefs.fields, field.Enum("kind").GoType(access.Party("")).Immutable())
}

// Edges of a party.
func (Party) Edges() []ent.Edge { return partyRefs.edges }

// Indexes of a party.
func (Party) Indexes() []ent.Index {
	return []ent.Index{index.Fields("organisation_id", "kind").Unique(), index.Fields("kind", "organisation_id")}
}

// Person is a human being who signs in.
type Person struct{ ent.Schema }

// Mixin gives the key.
func (Person) Mixin() []ent.Mixin { return []ent.Mixin{keyed{}, versioned{}} }

// Fields of a person.
func (Person) Fields() []ent.Field {
	return []ent.Field{
		field.String("email").MaxLen(254).Unique().Sensitive(),
		field.String("display_name").MaxLen(400),
		field.String("password_hash").Sensitive(),
		field.Time("disabled_at").Optional().Nillable(),
	}
}

// Membership is a person's place in an organisation, with its roles there.
type Membership struct{ ent.Schema }

var membershipRefs = refs(to("person", Person.Type), to("organisation", Organisation.Type))

// Mixin gives the key.
func (Membership) Mixin() []ent.Mixin { return []ent.Mixin{keyed{}} }

// Fields of a membership.
func (Membership) Fields() []ent.Field {
	return append(membershipRefs.fields, jsonOf("roles", []access.Role{}),
		field.UUID("notifications_seen", uuid.UUID{}).Optional().Nillable().Comment("the newest notification that the person has marked as read here"))
}

// Edges of a membership.
func (Membership) Edges() []ent.Edge { return membershipRefs.edges }

// Indexes of a membership.
func (Membership) Indexes() []ent.Index {
	return []ent.Index{index.Fields("person_id", "organisation_id").Unique(), index.Fields("organisation_id", "id")}
}

// Invitation lets a person join an organisation; its token is shown once and stored hashed.
type Invitation struct{ ent.Schema }

var invitationRefs = refs(to("organisation", Organisation.Type))

// Mixin gives the key.
func (Invitation) Mixin() []ent.Mixin { return []ent.Mixin{keyed{}} }

// Fields of an invitation.
func (Invitation) Fields() []ent.Field {
	return append(invitationRefs.fields,
		field.String("email").MaxLen(254).Immutable().Sensitive(),
		fixedJSON("roles", []access.Role{}),
		field.String("token_hash").MaxLen(64).Unique().Immutable().Sensitive(),
		field.Time("expires_at").Immutable(),
		field.Time("accepted_at").Optional().Nillable(),
	)
}

// Edges of an invitation.
func (Invitation) Edges() []ent.Edge { return invitationRefs.edges }

// Indexes of an invitation.
func (Invitation) Indexes() []ent.Index { return []ent.Index{index.Fields("organisation_id", "id")} }

// Session is a signed-in browser; its key is the hash of the cookie's token.
type Session struct{ ent.Schema }

// Fields of a session.
func (Session) Fields() []ent.Field {
	return []ent.Field{
		field.String("id").MaxLen(64).Immutable().Sensitive(),
		field.Bytes("data").Sensitive(),
		field.Time("expires_at"),
	}
}

// Indexes of a session.
func (Session) Indexes() []ent.Index { return []ent.Index{index.Fields("expires_at")} }

// Document is an uploaded piece of evidence; its bytes lie in blob storage.
type Document struct{ ent.Schema }

var documentRefs = refs(to("organisation", Organisation.Type), to("uploader", Person.Type))

// Mixin gives the key.
func (Document) Mixin() []ent.Mixin { return []ent.Mixin{keyed{}} }

// Fields of a document.
func (Document) Fields() []ent.Field {
	return append(documentRefs.fields,
		field.String("name").MaxLen(600).Immutable(),
		field.String("media_type").MaxLen(400).Immutable(),
		field.Int64("size").Immutable(),
		field.String("sha256").MaxLen(64).Immutable(),
		field.String("blob_key").MaxLen(600).Immutable(),
	)
}

// Edges of a document.
func (Document) Edges() []ent.Edge { return documentRefs.edges }

// Indexes of a document.
func (Document) Indexes() []ent.Index { return []ent.Index{index.Fields("organisation_id", "id")} }

// PolicyRow is a row of dated policy: what a regulation can change, with the period it holds for and its source document.
type PolicyRow struct{ ent.Schema }

// Mixin gives the key.
func (PolicyRow) Mixin() []ent.Mixin { return []ent.Mixin{keyed{}} }

// Fields of a policy row. The newest row of a kind whose first day has come is in force.
func (PolicyRow) Fields() []ent.Field {
	return []ent.Field{
		field.String("kind").MaxLen(240).Immutable(),
		day("effective_from"),
		fixedJSON("value", map[string]any{}),
		field.String("source_document").MaxLen(600).Immutable(),
	}
}

// Indexes of a policy row.
func (PolicyRow) Indexes() []ent.Index {
	return []ent.Index{index.Fields("kind", "effective_from").Unique()}
}

// AuditRecord says who did what, as whom, to what, when and why. Append-only on both databases.
type AuditRecord struct{ ent.Schema }

// Mixin gives the key.
func (AuditRecord) Mixin() []ent.Mixin { return []ent.Mixin{keyed{}} }

// Fields of an audit record. Before and after hold what changed, never secrets or personal data.
func (AuditRecord) Fields() []ent.Field {
	return []ent.Field{
		uuidMaybe("person_id"),
		uuidMaybe("organisation_id"),
		field.String("action").MaxLen(240).Immutable(),
		field.String("subject_kind").MaxLen(40).Immutable(),
		uuidMaybe("subject_id"),
		fixedMaybeJSON("change", map[string]any{}),
		field.String("reason").MaxLen(8000).Default("").Immutable(),
		field.String("request_id").MaxLen(64).Default("").Immutable(),
	}
}

// Indexes of an audit record.
func (AuditRecord) Indexes() []ent.Index {
	return []ent.Index{index.Fields("subject_id", "id"), index.Fields("organisation_id", "id")}
}
