package store

import (
	"context"

	"entgo.io/ent/dialect/sql"

	"gongshu/ent/db"
	"gongshu/ent/db/agreement"
	"gongshu/ent/db/allocationrule"
	"gongshu/ent/db/credential"
	"gongshu/ent/db/dataitem"
	"gongshu/ent/db/dataset"
	"gongshu/ent/db/decision"
	"gongshu/ent/db/document"
	"gongshu/ent/db/domain"
	"gongshu/ent/db/entitlement"
	"gongshu/ent/db/grant"
	"gongshu/ent/db/grantitem"
	"gongshu/ent/db/intercept"
	"gongshu/ent/db/invitation"
	"gongshu/ent/db/membership"
	"gongshu/ent/db/order"
	"gongshu/ent/db/organisation"
	"gongshu/ent/db/party"
	"gongshu/ent/db/payment"
	"gongshu/ent/db/person"
	"gongshu/ent/db/plan"
	"gongshu/ent/db/posting"
	"gongshu/ent/db/predicate"
	"gongshu/ent/db/pricecap"
	"gongshu/ent/db/proceeding"
	"gongshu/ent/db/product"
	"gongshu/ent/db/productinput"
	"gongshu/ent/db/requirement"
	"gongshu/ent/db/resource"
	"gongshu/ent/db/resourceversion"
	"gongshu/ent/db/usage"
	"gongshu/internal/access"
	"gongshu/internal/authorisation"
)

// narrow makes every read of a client see what its viewer may see, eager edges too.
// A type that is not named here is invisible to everybody but the system.
func narrow(c *db.Client) {
	c.Intercept(
		intercept.TraverseOrganisation(func(ctx context.Context, q *db.OrganisationQuery) error { return where(ctx, q, organisations) }),
		intercept.TraverseParty(func(ctx context.Context, q *db.PartyQuery) error { return where(ctx, q, parties) }),
		intercept.TraversePerson(func(ctx context.Context, q *db.PersonQuery) error { return where(ctx, q, people) }),
		intercept.TraverseMembership(func(ctx context.Context, q *db.MembershipQuery) error { return where(ctx, q, memberships) }),
		intercept.TraverseInvitation(func(ctx context.Context, q *db.InvitationQuery) error { return where(ctx, q, invitations) }),
		intercept.TraverseDocument(func(ctx context.Context, q *db.DocumentQuery) error { return where(ctx, q, documents) }),
		intercept.TraverseResource(func(ctx context.Context, q *db.ResourceQuery) error { return where(ctx, q, resources) }),
		intercept.TraverseResourceVersion(func(ctx context.Context, q *db.ResourceVersionQuery) error { return where(ctx, q, resourceVersions) }),
		intercept.TraverseDataItem(func(ctx context.Context, q *db.DataItemQuery) error { return where(ctx, q, dataItems) }),
		intercept.TraverseAgreement(func(ctx context.Context, q *db.AgreementQuery) error { return where(ctx, q, agreements) }),
		intercept.TraverseGrant(func(ctx context.Context, q *db.GrantQuery) error { return where(ctx, q, grants) }),
		intercept.TraverseGrantItem(func(ctx context.Context, q *db.GrantItemQuery) error { return where(ctx, q, grantItems) }),
		intercept.TraverseProceeding(func(ctx context.Context, q *db.ProceedingQuery) error { return where(ctx, q, proceedings) }),
		intercept.TraverseRequirement(func(ctx context.Context, q *db.RequirementQuery) error { return where(ctx, q, requirements) }),
		intercept.TraverseDecision(func(ctx context.Context, q *db.DecisionQuery) error { return where(ctx, q, decisions) }),
		intercept.TraverseProduct(func(ctx context.Context, q *db.ProductQuery) error { return where(ctx, q, products) }),
		intercept.TraverseProductInput(func(ctx context.Context, q *db.ProductInputQuery) error { return where(ctx, q, productInputs) }),
		intercept.TraversePlan(func(ctx context.Context, q *db.PlanQuery) error { return where(ctx, q, plans) }),
		intercept.TraversePriceCap(func(ctx context.Context, q *db.PriceCapQuery) error { return where(ctx, q, priceCaps) }),
		intercept.TraverseAllocationRule(func(ctx context.Context, q *db.AllocationRuleQuery) error { return where(ctx, q, allocationRules) }),
		intercept.TraverseDataset(func(ctx context.Context, q *db.DatasetQuery) error { return where(ctx, q, datasets) }),
		intercept.TraverseOrder(func(ctx context.Context, q *db.OrderQuery) error { return where(ctx, q, orders) }),
		intercept.TraversePayment(func(ctx context.Context, q *db.PaymentQuery) error { return where(ctx, q, payments) }),
		intercept.TraverseEntitlement(func(ctx context.Context, q *db.EntitlementQuery) error { return where(ctx, q, entitlements) }),
		intercept.TraverseCredential(func(ctx context.Context, q *db.CredentialQuery) error { return where(ctx, q, credentials) }),
		intercept.TraverseUsage(func(ctx context.Context, q *db.UsageQuery) error { return where(ctx, q, usages) }),
		intercept.TraversePosting(func(ctx context.Context, q *db.PostingQuery) error { return where(ctx, q, postings) }),
		intercept.TraverseSession(func(ctx context.Context, q *db.SessionQuery) error { return where(ctx, q, nobody[predicate.Session]) }),
		intercept.TraverseAuditRecord(func(ctx context.Context, q *db.AuditRecordQuery) error {
			return where(ctx, q, nobody[predicate.AuditRecord])
		}),
		intercept.TraverseDownload(func(ctx context.Context, q *db.DownloadQuery) error { return where(ctx, q, nobody[predicate.Download]) }),
		intercept.TraverseAccount(func(ctx context.Context, q *db.AccountQuery) error { return where(ctx, q, nobody[predicate.Account]) }),
		intercept.TraverseEntry(func(ctx context.Context, q *db.EntryQuery) error { return where(ctx, q, nobody[predicate.Entry]) }),
		// Public by nature: domains, published batches, policy rows with their source documents.
	)
}

type systemKey struct{}

// AsSystem lifts the narrowing of reads: for what the law asks whoever looks (the listing gate, the ledger, identity
// before there is a viewer). Its callers are listed in a test.
func AsSystem(ctx context.Context) context.Context { return context.WithValue(ctx, systemKey{}, true) }

func isSystem(ctx context.Context) bool { return ctx.Value(systemKey{}) != nil }

func where[Q interface{ Where(...P) Q }, P ~func(*sql.Selector)](ctx context.Context, q Q, may func(access.Viewer) P) error {
	if !isSystem(ctx) {
		q.Where(may(access.FromContext(ctx)))
	}
	return nil
}

func nobody[P ~func(*sql.Selector)](access.Viewer) P {
	return func(s *sql.Selector) { s.Where(sql.False()) }
}

func everything(*sql.Selector) {}

// publicParties take part in public; who buys is nobody else's business.
var publicParties = []access.Party{
	access.ImplementingAgency, access.SourceUnit, access.IndustryAuthority, access.Operator, access.Registrar,
	access.PriceAuthority, access.DataVendor, access.Supervisor, access.Platform,
}

// organisations: public bodies and operators are public; an operator sees who ordered from it, a decider who applied.
func organisations(v access.Viewer) predicate.Organisation {
	if v.Is(access.Platform) {
		return everything
	}
	visible := []predicate.Organisation{
		organisation.ID(v.OrganisationID),
		organisation.And(
			organisation.StatusIn(access.OrganisationRecorded, access.OrganisationVerified, access.OrganisationSuspended),
			inSelect(organisation.FieldID, party.Table, party.FieldOrganisationID, func(t *sql.SelectTable) *sql.Predicate {
				return sql.In(t.C(party.FieldKind), anys(publicParties)...)
			}),
		),
	}
	if v.Is(access.Operator) {
		visible = append(visible, func(s *sql.Selector) {
			o, p := sql.Table(order.Table), sql.Table(product.Table)
			s.Where(sql.In(s.C(organisation.FieldID), sql.Select(o.C(order.FieldBuyerID)).From(o).
				Join(p).On(o.C(order.FieldProductID), p.C(product.FieldID)).
				Where(sql.EQ(p.C(product.FieldOperatorID), v.OrganisationID))))
		})
	}
	if v.SignedIn() {
		visible = append(visible, func(s *sql.Selector) {
			p, r := sql.Table(proceeding.Table), sql.Table(requirement.Table)
			s.Where(sql.In(s.C(organisation.FieldID), sql.Select(p.C(proceeding.FieldApplicantID)).From(p).
				Join(r).On(p.C(proceeding.FieldID), r.C(requirement.FieldProceedingID)).
				Where(sql.EQ(r.C(requirement.FieldOrganisationID), v.OrganisationID))))
		})
	}
	return organisation.Or(visible...)
}

func parties(v access.Viewer) predicate.Party {
	if v.Is(access.Platform) {
		return everything
	}
	return party.Or(party.OrganisationID(v.OrganisationID), party.KindIn(publicParties...))
}

// people: oneself and those of one's own organisation.
func people(v access.Viewer) predicate.Person {
	return person.Or(person.ID(v.PersonID), func(s *sql.Selector) {
		m := sql.Table(membership.Table)
		s.Where(sql.In(s.C(person.FieldID), sql.Select(m.C(membership.FieldPersonID)).From(m).
			Where(sql.EQ(m.C(membership.FieldOrganisationID), v.OrganisationID))))
	})
}

func memberships(v access.Viewer) predicate.Membership {
	if v.Is(access.Platform) {
		return everything
	}
	return membership.Or(membership.PersonID(v.PersonID), membership.OrganisationID(v.OrganisationID))
}

func invitations(v access.Viewer) predicate.Invitation {
	if v.Is(access.Platform) {
		return everything
	}
	return invitation.OrganisationID(v.OrganisationID)
}

func documents(v access.Viewer) predicate.Document { return document.OrganisationID(v.OrganisationID) }

// resources: published ones are public; before that, their source unit, industry authority and agency see them.
func resources(v access.Viewer) predicate.Resource {
	if v.Is(access.ImplementingAgency) {
		return everything
	}
	public := resource.StatusIn(authorisation.ResourcePublished, authorisation.ResourceSuspended, authorisation.ResourceWithdrawn)
	if !v.SignedIn() {
		return public
	}
	return resource.Or(public, resource.SourceUnitID(v.OrganisationID), resource.HasDomainWith(domain.IndustryAuthorityID(v.OrganisationID)))
}

func resourceVersions(v access.Viewer) predicate.ResourceVersion {
	return resourceversion.HasResourceWith(resources(v))
}

func dataItems(v access.Viewer) predicate.DataItem { return dataitem.HasResourceWith(resources(v)) }

func agreements(v access.Viewer) predicate.Agreement {
	return agreement.Or(agreement.OperatorID(v.OrganisationID), agreement.AgencyID(v.OrganisationID))
}

// grants: the operator and agency of their agreement, who decides on them, and the source units whose items they hold.
func grants(v access.Viewer) predicate.Grant {
	return grant.Or(
		grant.OperatorID(v.OrganisationID),
		grant.HasAgreementWith(agreement.AgencyID(v.OrganisationID)),
		decidedBy(grant.FieldID, v),
		func(s *sql.Selector) {
			gi, i, r := sql.Table(grantitem.Table), sql.Table(dataitem.Table), sql.Table(resource.Table)
			s.Where(sql.In(s.C(grant.FieldID), sql.Select(gi.C(grantitem.FieldGrantID)).From(gi).
				Join(i).On(gi.C(grantitem.FieldItemID), i.C(dataitem.FieldID)).
				Join(r).On(i.C(dataitem.FieldResourceID), r.C(resource.FieldID)).
				Where(sql.EQ(r.C(resource.FieldSourceUnitID), v.OrganisationID))))
		},
	)
}

func grantItems(v access.Viewer) predicate.GrantItem { return grantitem.HasGrantWith(grants(v)) }

// proceedings: the applicant and those who decide.
func proceedings(v access.Viewer) predicate.Proceeding {
	return proceeding.Or(proceeding.ApplicantID(v.OrganisationID),
		inSelect(proceeding.FieldID, requirement.Table, requirement.FieldProceedingID, func(t *sql.SelectTable) *sql.Predicate {
			return sql.EQ(t.C(requirement.FieldOrganisationID), v.OrganisationID)
		}))
}

func requirements(v access.Viewer) predicate.Requirement {
	return requirement.HasProceedingWith(proceedings(v))
}

func decisions(v access.Viewer) predicate.Decision {
	return decision.HasProceedingWith(proceedings(v))
}

// products: listed ones are public; an operator sees its own; public bodies that decide see them from submission on;
// whoever ordered or holds a right keeps seeing what it is about.
func products(v access.Viewer) predicate.Product {
	listed := product.StatusEQ(authorisation.ProductListed)
	if !v.SignedIn() {
		return listed
	}
	visible := []predicate.Product{
		listed,
		product.OperatorID(v.OrganisationID),
		inSelect(product.FieldID, entitlement.Table, entitlement.FieldProductID, func(t *sql.SelectTable) *sql.Predicate {
			return sql.EQ(t.C(entitlement.FieldOrganisationID), v.OrganisationID)
		}),
		inSelect(product.FieldID, order.Table, order.FieldProductID, func(t *sql.SelectTable) *sql.Predicate {
			return sql.EQ(t.C(order.FieldBuyerID), v.OrganisationID)
		}),
	}
	if v.Is(access.ImplementingAgency) || v.Is(access.Registrar) || v.Is(access.PriceAuthority) {
		visible = append(visible, product.StatusNEQ(authorisation.ProductDraft))
	}
	return product.Or(visible...)
}

func productInputs(v access.Viewer) predicate.ProductInput {
	return productinput.HasProductWith(products(v))
}
func plans(v access.Viewer) predicate.Plan         { return plan.HasProductWith(products(v)) }
func priceCaps(v access.Viewer) predicate.PriceCap { return pricecap.HasProductWith(products(v)) }
func datasets(v access.Viewer) predicate.Dataset   { return dataset.HasProductWith(products(v)) }

func allocationRules(v access.Viewer) predicate.AllocationRule {
	return allocationrule.HasProductWith(product.OperatorID(v.OrganisationID))
}

// orders: the buyer and the operator of what was bought.
func orders(v access.Viewer) predicate.Order {
	return order.Or(order.BuyerID(v.OrganisationID), order.HasProductWith(product.OperatorID(v.OrganisationID)))
}

func payments(v access.Viewer) predicate.Payment { return payment.HasOrderWith(orders(v)) }

func entitlements(v access.Viewer) predicate.Entitlement {
	return entitlement.Or(entitlement.OrganisationID(v.OrganisationID), entitlement.HasProductWith(product.OperatorID(v.OrganisationID)))
}

func credentials(v access.Viewer) predicate.Credential {
	return credential.HasEntitlementWith(entitlement.OrganisationID(v.OrganisationID))
}

func usages(v access.Viewer) predicate.Usage {
	return usage.HasEntitlementWith(entitlements(v))
}

// postings: a contributor its own shares, an operator those of its products.
func postings(v access.Viewer) predicate.Posting {
	return posting.Or(posting.ContributorID(v.OrganisationID), posting.HasProductWith(product.OperatorID(v.OrganisationID)))
}

// decidedBy matches subjects of proceedings that the viewer's organisation decides on.
func decidedBy(column string, v access.Viewer) func(*sql.Selector) {
	return func(s *sql.Selector) {
		p, r := sql.Table(proceeding.Table), sql.Table(requirement.Table)
		s.Where(sql.In(s.C(column), sql.Select(p.C(proceeding.FieldSubjectID)).From(p).
			Join(r).On(p.C(proceeding.FieldID), r.C(requirement.FieldProceedingID)).
			Where(sql.EQ(r.C(requirement.FieldOrganisationID), v.OrganisationID))))
	}
}

// inSelect matches rows whose column is among a column of another table.
func inSelect(column, table, selected string, on func(*sql.SelectTable) *sql.Predicate) func(*sql.Selector) {
	return func(s *sql.Selector) {
		t := sql.Table(table)
		s.Where(sql.In(s.C(column), sql.Select(t.C(selected)).From(t).Where(on(t))))
	}
}

func anys[T any](values []T) []any {
	out := make([]any, len(values))
	for i, v := range values {
		out[i] = v
	}
	return out
}
