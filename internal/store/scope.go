package store

import (
	"context"

	"entgo.io/ent/dialect/sql"

	"gongshu/ent/db"
	"gongshu/ent/db/agreement"
	"gongshu/ent/db/allocationrule"
	"gongshu/ent/db/bill"
	"gongshu/ent/db/credential"
	"gongshu/ent/db/dataitem"
	"gongshu/ent/db/dataset"
	"gongshu/ent/db/decision"
	"gongshu/ent/db/dispute"
	"gongshu/ent/db/document"
	"gongshu/ent/db/domain"
	"gongshu/ent/db/entitlement"
	"gongshu/ent/db/grant"
	"gongshu/ent/db/grantitem"
	"gongshu/ent/db/intercept"
	"gongshu/ent/db/invitation"
	"gongshu/ent/db/invoice"
	dbjob "gongshu/ent/db/job"
	"gongshu/ent/db/membership"
	"gongshu/ent/db/notification"
	"gongshu/ent/db/order"
	"gongshu/ent/db/organisation"
	"gongshu/ent/db/party"
	"gongshu/ent/db/payment"
	"gongshu/ent/db/permittedrevenue"
	"gongshu/ent/db/person"
	"gongshu/ent/db/plan"
	"gongshu/ent/db/posting"
	"gongshu/ent/db/predicate"
	"gongshu/ent/db/pricecap"
	"gongshu/ent/db/proceeding"
	"gongshu/ent/db/product"
	"gongshu/ent/db/productinput"
	"gongshu/ent/db/refund"
	"gongshu/ent/db/requirement"
	"gongshu/ent/db/resource"
	"gongshu/ent/db/resourceversion"
	dbstatement "gongshu/ent/db/statement"
	"gongshu/ent/db/usage"
	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/notice"
	"gongshu/pricing"
)

// narrow makes every read of a client see what its viewer may see, eager edges too.
// A type is named here unless everybody may see all of it; a test holds the list against the schema.
func narrow(c *db.Client) {
	c.Organisation.Intercept(intercept.TraverseOrganisation(seen[*db.OrganisationQuery](organisations)))
	c.Party.Intercept(intercept.TraverseParty(seen[*db.PartyQuery](parties)))
	c.Person.Intercept(intercept.TraversePerson(seen[*db.PersonQuery](people)))
	c.Membership.Intercept(intercept.TraverseMembership(seen[*db.MembershipQuery](memberships)))
	c.Invitation.Intercept(intercept.TraverseInvitation(seen[*db.InvitationQuery](invitations)))
	c.Document.Intercept(intercept.TraverseDocument(seen[*db.DocumentQuery](documents)))
	c.Resource.Intercept(intercept.TraverseResource(seen[*db.ResourceQuery](resources)))
	c.ResourceVersion.Intercept(intercept.TraverseResourceVersion(seen[*db.ResourceVersionQuery](resourceVersions)))
	c.DataItem.Intercept(intercept.TraverseDataItem(seen[*db.DataItemQuery](dataItems)))
	c.Agreement.Intercept(intercept.TraverseAgreement(seen[*db.AgreementQuery](agreements)))
	c.Grant.Intercept(intercept.TraverseGrant(seen[*db.GrantQuery](grants)))
	c.GrantItem.Intercept(intercept.TraverseGrantItem(seen[*db.GrantItemQuery](grantItems)))
	c.Proceeding.Intercept(intercept.TraverseProceeding(seen[*db.ProceedingQuery](proceedings)))
	c.Requirement.Intercept(intercept.TraverseRequirement(seen[*db.RequirementQuery](requirements)))
	c.Decision.Intercept(intercept.TraverseDecision(seen[*db.DecisionQuery](decisions)))
	c.Product.Intercept(intercept.TraverseProduct(seen[*db.ProductQuery](products)))
	c.ProductInput.Intercept(intercept.TraverseProductInput(seen[*db.ProductInputQuery](productInputs)))
	c.Plan.Intercept(intercept.TraversePlan(seen[*db.PlanQuery](plans)))
	c.PriceCap.Intercept(intercept.TraversePriceCap(seen[*db.PriceCapQuery](priceCaps)))
	c.AllocationRule.Intercept(intercept.TraverseAllocationRule(seen[*db.AllocationRuleQuery](allocationRules)))
	c.Dataset.Intercept(intercept.TraverseDataset(seen[*db.DatasetQuery](datasets)))
	c.Order.Intercept(intercept.TraverseOrder(seen[*db.OrderQuery](orders)))
	c.Payment.Intercept(intercept.TraversePayment(seen[*db.PaymentQuery](payments)))
	c.Entitlement.Intercept(intercept.TraverseEntitlement(seen[*db.EntitlementQuery](entitlements)))
	c.Credential.Intercept(intercept.TraverseCredential(seen[*db.CredentialQuery](credentials)))
	c.Usage.Intercept(intercept.TraverseUsage(seen[*db.UsageQuery](usages)))
	c.Notification.Intercept(intercept.TraverseNotification(seen[*db.NotificationQuery](notifications)))
	c.Job.Intercept(intercept.TraverseJob(seen[*db.JobQuery](jobs)))
	c.Posting.Intercept(intercept.TraversePosting(seen[*db.PostingQuery](postings)))
	c.Bill.Intercept(intercept.TraverseBill(seen[*db.BillQuery](bills)))
	c.Refund.Intercept(intercept.TraverseRefund(seen[*db.RefundQuery](refunds)))
	c.Dispute.Intercept(intercept.TraverseDispute(seen[*db.DisputeQuery](disputes)))
	c.Invoice.Intercept(intercept.TraverseInvoice(seen[*db.InvoiceQuery](invoices)))
	c.PermittedRevenue.Intercept(intercept.TraversePermittedRevenue(seen[*db.PermittedRevenueQuery](permittedRevenues)))
	c.Statement.Intercept(intercept.TraverseStatement(seen[*db.StatementQuery](statements)))
	c.PayoutBatch.Intercept(intercept.TraversePayoutBatch(seen[*db.PayoutBatchQuery](payoutBatches)))
	c.BankTransfer.Intercept(intercept.TraverseBankTransfer(seen[*db.BankTransferQuery](booksOnly[predicate.BankTransfer])))
	c.BankFormat.Intercept(intercept.TraverseBankFormat(seen[*db.BankFormatQuery](booksOnly[predicate.BankFormat])))
	c.BankStatement.Intercept(intercept.TraverseBankStatement(seen[*db.BankStatementQuery](booksOnly[predicate.BankStatement])))
	c.BankLine.Intercept(intercept.TraverseBankLine(seen[*db.BankLineQuery](booksOnly[predicate.BankLine])))
	c.PaymentEvent.Intercept(intercept.TraversePaymentEvent(seen[*db.PaymentEventQuery](nobody[predicate.PaymentEvent])))
	c.Discrepancy.Intercept(intercept.TraverseDiscrepancy(seen[*db.DiscrepancyQuery](discrepancies)))
	c.Session.Intercept(intercept.TraverseSession(seen[*db.SessionQuery](nobody[predicate.Session])))
	c.AuditRecord.Intercept(intercept.TraverseAuditRecord(seen[*db.AuditRecordQuery](nobody[predicate.AuditRecord])))
	c.Download.Intercept(intercept.TraverseDownload(seen[*db.DownloadQuery](nobody[predicate.Download])))
	c.Account.Intercept(intercept.TraverseAccount(seen[*db.AccountQuery](nobody[predicate.Account])))
	c.Entry.Intercept(intercept.TraverseEntry(seen[*db.EntryQuery](nobody[predicate.Entry])))
	c.SearchChange.Intercept(intercept.TraverseSearchChange(seen[*db.SearchChangeQuery](nobody[predicate.SearchChange])))
	c.ProductRecord.Intercept(intercept.TraverseProductRecord(seen[*db.ProductRecordQuery](nobody[predicate.ProductRecord])))
	c.PublicEpoch.Intercept(intercept.TraversePublicEpoch(seen[*db.PublicEpochQuery](nobody[predicate.PublicEpoch])))
	c.SynonymGroup.Intercept(intercept.TraverseSynonymGroup(seen[*db.SynonymGroupQuery](synonymGroups)))
	// Public by nature: domains, published batches, policy rows with their source documents.
}

type systemKey struct{}

// AsSystem lifts the narrowing of reads: for what the law asks whoever looks (the listing gate, the ledger, identity
// before there is a viewer). Its callers are listed in a test.
func AsSystem(ctx context.Context) context.Context { return context.WithValue(ctx, systemKey{}, true) }

func isSystem(ctx context.Context) bool { return ctx.Value(systemKey{}) != nil }

// seen narrows a query to what the viewer may see.
func seen[Q interface{ Where(...P) Q }, P ~func(*sql.Selector)](may func(access.Viewer) P) func(context.Context, Q) error {
	return func(ctx context.Context, q Q) error {
		if !isSystem(ctx) {
			q.Where(may(access.FromContext(ctx)))
		}
		return nil
	}
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

// organisations: public bodies and operators are public; an operator sees who ordered from it, a decider who applied,
// and a person the organisations that it belongs to.
func organisations(v access.Viewer) predicate.Organisation {
	if v.Is(access.Platform) {
		return everything
	}
	visible := []predicate.Organisation{
		organisation.ID(v.OrganisationID),
		organisation.And(
			organisation.StatusIn(access.OrganisationRecorded, access.OrganisationVerified, access.OrganisationSuspended),
			inSelect(organisation.FieldID, party.Table, party.FieldOrganisationID, func(t *sql.SelectTable) *sql.Predicate {
				return sql.In(t.C(party.FieldKind), Anys(publicParties)...)
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
		visible = append(visible, inSelect(organisation.FieldID, membership.Table, membership.FieldOrganisationID, func(t *sql.SelectTable) *sql.Predicate {
			return sql.EQ(t.C(membership.FieldPersonID), v.PersonID)
		}), func(s *sql.Selector) {
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
	return its(resourceversion.FieldResourceID, resource.Table, resources(v))
}

func dataItems(v access.Viewer) predicate.DataItem {
	return its(dataitem.FieldResourceID, resource.Table, resources(v))
}

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

func grantItems(v access.Viewer) predicate.GrantItem {
	return its(grantitem.FieldGrantID, grant.Table, grants(v))
}

// proceedings: the applicant and those who decide.
func proceedings(v access.Viewer) predicate.Proceeding {
	return proceeding.Or(proceeding.ApplicantID(v.OrganisationID),
		inSelect(proceeding.FieldID, requirement.Table, requirement.FieldProceedingID, func(t *sql.SelectTable) *sql.Predicate {
			return sql.EQ(t.C(requirement.FieldOrganisationID), v.OrganisationID)
		}))
}

func requirements(v access.Viewer) predicate.Requirement {
	return its(requirement.FieldProceedingID, proceeding.Table, proceedings(v))
}

func decisions(v access.Viewer) predicate.Decision {
	return its(decision.FieldProceedingID, proceeding.Table, proceedings(v))
}

// products: listed ones are public; an operator sees its own; public bodies that decide see them from submission on;
// whoever ordered or holds a right keeps seeing what it is about, but nothing that nobody has reviewed.
func products(v access.Viewer) predicate.Product {
	listed := product.StatusEQ(authorisation.ProductListed)
	if !v.SignedIn() {
		return listed
	}
	entitled := holds(entitlement.Table, entitlement.FieldProductID, entitlement.FieldOrganisationID, v)
	ordered := holds(order.Table, order.FieldProductID, order.FieldBuyerID, v)
	visible := []predicate.Product{
		listed,
		product.OperatorID(v.OrganisationID),
		product.And(product.StatusNotIn(authorisation.ProductDraft, authorisation.ProductSubmitted), product.Or(entitled, ordered)),
	}
	if v.Is(access.ImplementingAgency) || v.Is(access.Registrar) || v.Is(access.PriceAuthority) {
		visible = append(visible, product.StatusNEQ(authorisation.ProductDraft))
	}
	if v.Is(access.IndustryAuthority) {
		visible = append(visible, product.And(product.StatusNEQ(authorisation.ProductDraft), capsSetBy(v)))
	}
	return product.Or(visible...)
}

// capsSetBy matches products whose caps the viewer's organisation sets as an industry authority: see capAuthorities.
func capsSetBy(v access.Viewer) predicate.Product {
	return func(s *sql.Selector) {
		i, r, d, o := sql.Table(productinput.Table), sql.Table(resource.Table), sql.Table(domain.Table), sql.Table(organisation.Table)
		s.Where(sql.In(s.C(product.FieldID), sql.Select(i.C(productinput.FieldProductID)).From(i).
			Join(r).On(i.C(productinput.FieldResourceID), r.C(resource.FieldID)).
			Join(d).On(r.C(resource.FieldDomainID), d.C(domain.FieldID)).
			Join(o).On(r.C(resource.FieldSourceUnitID), o.C(organisation.FieldID)).
			Where(sql.And(sql.EQ(d.C(domain.FieldIndustryAuthorityID), v.OrganisationID), sql.EQ(o.C(organisation.FieldLegalForm), access.Enterprise)))))
	}
}

// holds matches products of which the viewer's organisation has a row. It is asked product by product, since only those off
// the market come to it: of a list Postgres would count the cost for each and rather read all products.
func holds(table, productColumn, holderColumn string, v access.Viewer) predicate.Product {
	return func(s *sql.Selector) {
		t := sql.Table(table)
		s.Where(sql.Exists(sql.Dialect(s.Dialect()).Select(t.C("id")).From(t).Where(sql.And(
			sql.ColumnsEQ(t.C(productColumn), s.C(product.FieldID)), sql.EQ(t.C(holderColumn), v.OrganisationID),
		))))
	}
}

func productInputs(v access.Viewer) predicate.ProductInput {
	return its(productinput.FieldProductID, product.Table, products(v))
}
func plans(v access.Viewer) predicate.Plan {
	return its(plan.FieldProductID, product.Table, products(v))
}
func priceCaps(v access.Viewer) predicate.PriceCap {
	return its(pricecap.FieldProductID, product.Table, products(v))
}

// datasets: what a product serves is seen by whoever sees the product; its earlier and refused ones by its operator and the agency.
func datasets(v access.Viewer) predicate.Dataset {
	if v.Is(access.ImplementingAgency) {
		return its(dataset.FieldProductID, product.Table, products(v))
	}
	return func(s *sql.Selector) {
		served := func(p *sql.Selector) {
			p.Where(sql.ColumnsEQ(p.C(product.FieldDatasetID), s.C(dataset.FieldID)))
			products(v)(p)
		}
		dataset.Or(
			dataset.HasProductWith(product.OperatorID(v.OrganisationID)),
			dataset.And(dataset.Accepted(true), its(dataset.FieldProductID, product.Table, served)),
		)(s)
	}
}

// allocationRules: the operator, and the agency, which approves them.
func allocationRules(v access.Viewer) predicate.AllocationRule {
	if v.Is(access.ImplementingAgency) {
		return its(allocationrule.FieldProductID, product.Table, products(v))
	}
	return allocationrule.HasProductWith(product.OperatorID(v.OrganisationID))
}

// keepsBooks reports whether somebody of the platform sees whose money is where: its FINANCE, its AUDITOR, and its APPROVER, who approves
// what is paid.
func keepsBooks(v access.Viewer) bool {
	return v.Is(access.Platform) && v.Has(access.Finance, access.Auditor, access.Approver)
}

// orders: the buyer, the operator of what was bought, and who keeps the platform's books.
func orders(v access.Viewer) predicate.Order {
	if keepsBooks(v) {
		return everything
	}
	return order.Or(order.BuyerID(v.OrganisationID), order.HasProductWith(product.OperatorID(v.OrganisationID)))
}

func payments(v access.Viewer) predicate.Payment {
	return its(payment.FieldOrderID, order.Table, orders(v))
}

func bills(v access.Viewer) predicate.Bill { return its(bill.FieldOrderID, order.Table, orders(v)) }

func refunds(v access.Viewer) predicate.Refund {
	return its(refund.FieldOrderID, order.Table, orders(v))
}

func disputes(v access.Viewer) predicate.Dispute {
	return its(dispute.FieldOrderID, order.Table, orders(v))
}

// invoices: the buyer, the operator that issues them, and who keeps the platform's books.
func invoices(v access.Viewer) predicate.Invoice {
	if keepsBooks(v) {
		return everything
	}
	return invoice.Or(invoice.BuyerID(v.OrganisationID), invoice.OperatorID(v.OrganisationID))
}

// permittedRevenues: the operator that reported the costs, and who approves them; industry authorities, which may set caps under them, see
// those that are approved.
func permittedRevenues(v access.Viewer) predicate.PermittedRevenue {
	if v.Is(access.PriceAuthority) || v.Is(access.ImplementingAgency) {
		return everything
	}
	own := permittedrevenue.OperatorID(v.OrganisationID)
	if v.Is(access.IndustryAuthority) {
		return permittedrevenue.Or(own, permittedrevenue.StatusEQ(pricing.SurveyApproved))
	}
	return own
}

// statements: their contributor, and who keeps the platform's books.
func statements(v access.Viewer) predicate.Statement {
	if keepsBooks(v) {
		return everything
	}
	return dbstatement.ContributorID(v.OrganisationID)
}

func payoutBatches(v access.Viewer) predicate.PayoutBatch {
	return booksOnly[predicate.PayoutBatch](v)
}

// booksOnly is seen by who keeps the platform's books.
func booksOnly[P ~func(*sql.Selector)](v access.Viewer) P {
	if keepsBooks(v) {
		return everything
	}
	return nobody[P](v)
}

// synonymGroups: who keeps them.
func synonymGroups(v access.Viewer) predicate.SynonymGroup {
	if v.Is(access.ImplementingAgency) || v.Is(access.Platform) {
		return everything
	}
	return nobody[predicate.SynonymGroup](v)
}

func discrepancies(v access.Viewer) predicate.Discrepancy {
	return booksOnly[predicate.Discrepancy](v)
}

// entitlements: their organisation, the operator of their product, and who decided on the free use that gave them.
func entitlements(v access.Viewer) predicate.Entitlement {
	return entitlement.Or(
		entitlement.OrganisationID(v.OrganisationID),
		entitlement.HasProductWith(product.OperatorID(v.OrganisationID)),
		inSelect(entitlement.FieldProceedingID, requirement.Table, requirement.FieldProceedingID, func(t *sql.SelectTable) *sql.Predicate {
			return sql.EQ(t.C(requirement.FieldOrganisationID), v.OrganisationID)
		}),
	)
}

func credentials(v access.Viewer) predicate.Credential {
	return its(credential.FieldEntitlementID, entitlement.Table, entitlement.OrganisationID(v.OrganisationID))
}

func usages(v access.Viewer) predicate.Usage {
	return its(usage.FieldEntitlementID, entitlement.Table, entitlements(v))
}

// postings: a contributor its own shares, an operator those of its products, and all of them who keeps the platform's books.
func postings(v access.Viewer) predicate.Posting {
	if keepsBooks(v) {
		return everything
	}
	return posting.Or(posting.ContributorID(v.OrganisationID), posting.HasProductWith(product.OperatorID(v.OrganisationID)))
}

// notifications: those of the viewer's organisation that are for one of its roles there.
func notifications(v access.Viewer) predicate.Notification {
	return notification.And(notification.OrganisationID(v.OrganisationID), notification.KindIn(notice.SeenWith(v.Roles)...))
}

// jobs: those of the viewer's organisation.
func jobs(v access.Viewer) predicate.Job { return dbjob.OrganisationID(v.OrganisationID) }

// decidedBy matches subjects of proceedings that the viewer's organisation decides on.
func decidedBy(column string, v access.Viewer) func(*sql.Selector) {
	return func(s *sql.Selector) {
		p, r := sql.Table(proceeding.Table), sql.Table(requirement.Table)
		s.Where(sql.In(s.C(column), sql.Select(p.C(proceeding.FieldSubjectID)).From(p).
			Join(r).On(p.C(proceeding.FieldID), r.C(requirement.FieldProceedingID)).
			Where(sql.EQ(r.C(requirement.FieldOrganisationID), v.OrganisationID))))
	}
}

// its matches rows whose owner passes, for owners that many pass: each row looks its own up by key. Ent's Has…With makes the
// list of all that pass, in every statement; it is for owners that few pass, where the list finds the rows by their index.
func its[P ~func(*sql.Selector)](column, owners string, passes P) func(*sql.Selector) {
	return func(s *sql.Selector) {
		t := sql.Table(owners)
		owner := sql.Dialect(s.Dialect()).Select(t.C("id")).From(t).WithContext(s.Context())
		owner.Where(sql.ColumnsEQ(t.C("id"), s.C(column)))
		passes(owner)
		s.Where(sql.Exists(owner))
	}
}

// inSelect matches rows whose column is among a column of another table.
func inSelect(column, table, selected string, on func(*sql.SelectTable) *sql.Predicate) func(*sql.Selector) {
	return func(s *sql.Selector) {
		t := sql.Table(table)
		s.Where(sql.In(s.C(column), sql.Select(t.C(selected)).From(t).Where(on(t))))
	}
}

// Anys are values as arguments of a predicate.
func Anys[T any](values []T) []any {
	out := make([]any, len(values))
	for i, v := range values {
		out[i] = v
	}
	return out
}
