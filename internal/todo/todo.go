// Package todo owns what needs whom: of the facts about an organisation's own affairs, those that a person has to do
// something about now, the most urgent first.
//
// It decides nothing about the affairs themselves: whether a draft may be submitted or a product listed is asked of the rules
// that the mutations use. What is in the facts is the organisation's to see; gathering them is the store's.
package todo

import (
	"bytes"
	"cmp"
	"slices"
	"time"

	"github.com/google/uuid"

	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/ordering"
)

// Kind is what is to be done.
type Kind string

// The kinds, in the order in which those of one day are shown.
const (
	Decide            Kind = "DECIDE"              // a proceeding waits for the viewer's decision
	MendProduct       Kind = "MEND_PRODUCT"        // an obstacle keeps a product off the market, took it off, or would not let it come back
	AnswerRefusal     Kind = "ANSWER_REFUSAL"      // an application was refused and not made again
	ReplaceDataset    Kind = "REPLACE_DATASET"     // output control refused the newest dataset
	ListProduct       Kind = "LIST_PRODUCT"        // nothing keeps a product off the market
	SubmitProduct     Kind = "SUBMIT_PRODUCT"      // a draft is complete
	AwaitCode         Kind = "AWAIT_CODE"          // a reviewed product waits for the registrar's code
	RecordCode        Kind = "RECORD_CODE"         // the registrar issues a code
	RenewRegistration Kind = "RENEW_REGISTRATION"  // a registration ends
	RenewGrant        Kind = "RENEW_GRANT"         // a grant ends
	RenewAgreement    Kind = "RENEW_AGREEMENT"     // an operation agreement ends
	ClassifyResource  Kind = "CLASSIFY_RESOURCE"   // data items are not classified yet
	StateFrequency    Kind = "STATE_FREQUENCY"     // an update cycle has no code yet
	RegisterResource  Kind = "REGISTER_RESOURCE"   // a classified draft can be registered
	PayOrder          Kind = "PAY_ORDER"           // an order is not paid
	RenewRight        Kind = "RENEW_RIGHT"         // a right that was bought ends
	RenewFreeRight    Kind = "RENEW_FREE_RIGHT"    // a free right ends
	ExtendQuota       Kind = "EXTEND_QUOTA"        // little is left of a quota
	RightWasSuspended Kind = "RIGHT_WAS_SUSPENDED" // a right serves nobody until it is cleared up
	IssueInvoice      Kind = "ISSUE_INVOICE"       // an invoice was requested, or a red one is due

	nothing Kind = ""
)

// When something begins to need somebody.
const (
	EndingSoon         = 60 // days before registrations, grants and agreements end
	RightsEndingSoon   = 30 // days before a right to use ends
	QuotaNearlyUsed    = 80 // percent
	RefusalsStayInMind = 60 * 24 * time.Hour
)

// Values lists the kinds in their order.
func (Kind) Values() []string {
	return []string{"DECIDE", "MEND_PRODUCT", "ANSWER_REFUSAL", "REPLACE_DATASET", "LIST_PRODUCT", "SUBMIT_PRODUCT", "AWAIT_CODE", "RECORD_CODE",
		"RENEW_REGISTRATION", "RENEW_GRANT", "RENEW_AGREEMENT", "CLASSIFY_RESOURCE", "STATE_FREQUENCY", "REGISTER_RESOURCE", "PAY_ORDER",
		"RENEW_RIGHT", "RENEW_FREE_RIGHT", "EXTEND_QUOTA", "RIGHT_WAS_SUSPENDED", "ISSUE_INVOICE"}
}

// SubjectKind is what kind of thing something is to be done about.
type SubjectKind string

// The subjects.
const (
	OfProceeding  SubjectKind = "PROCEEDING"
	OfProduct     SubjectKind = "PRODUCT"
	OfGrant       SubjectKind = "GRANT"
	OfAgreement   SubjectKind = "AGREEMENT"
	OfResource    SubjectKind = "RESOURCE"
	OfOrder       SubjectKind = "ORDER"
	OfEntitlement SubjectKind = "ENTITLEMENT"
	OfInvoice     SubjectKind = "INVOICE"
)

// Subject is the thing, with the name that people know it by.
type Subject struct {
	Kind SubjectKind
	ID   uuid.UUID
	Name string
}

// Todo is one thing to do.
type Todo struct {
	Kind    Kind
	Subject Subject
	// DueOn is the last day, nil where there is none. DaysLeft are the days until then, and WorkingDaysLeft the working days where
	// the deadline is counted in them; below 0 it is over. WorkingDaysLeft is nil while the calendar lacks a year.
	DueOn           *authorisation.Day
	DaysLeft        *int
	WorkingDaysLeft *int
	// Obstacle is what keeps a product off the market.
	Obstacle authorisation.ObstacleCode
}

// Facts are the affairs of an organisation at a moment, as far as anything about them may have to be done.
type Facts struct {
	Now      time.Time
	Calendar authorisation.Calendar
	Listing  authorisation.ListingPolicy
	// Waiting are the proceedings that the viewer itself may decide a step of.
	Waiting []Proceeding
	// Refused are applications of the organisation that were refused and not made again since.
	Refused []Proceeding
	// Products are those of the organisation; RefusedDatasets those of them whose newest dataset was refused.
	Products        []authorisation.Product
	RefusedDatasets map[uuid.UUID]bool
	// Uncoded are reviewed products of anybody that have no code.
	Uncoded []Subject
	// Grants and Agreements are those in force, by their last day.
	Grants, Agreements []Ending
	Resources          []Resource
	// Unpaid are orders for products on the market.
	Unpaid []Subject
	Rights []Right
	// Invoices are those that the organisation has to issue.
	Invoices []Subject
}

// Proceeding is a proceeding and the day by which it is decided, or the moment at which it was.
type Proceeding struct {
	ID      uuid.UUID
	Kind    authorisation.ProceedingKind
	Name    string
	DueOn   *authorisation.Day
	EndedAt time.Time
}

// Ending is something that ends with a day.
type Ending struct {
	ID     uuid.UUID
	Name   string
	EndsOn authorisation.Day
}

// Resource is a resource of the organisation.
type Resource struct {
	ID     uuid.UUID
	Name   string
	Status authorisation.ResourceStatus
	// Classified: no data item that its catalogue names lacks its marks. FrequencyKnown: its update cycle has a code.
	Classified, FrequencyKnown bool
}

// Right is a right of the organisation to use a product.
type Right struct {
	ordering.Entitlement
	ID   uuid.UUID
	Name string
}

// whose says who does a kind of thing: a person with one of the roles, in an organisation of the capacity; "" is any.
var whose = map[Kind]struct {
	party access.Party
	roles []access.Role
}{
	MendProduct:       {access.Operator, []access.Role{access.Publisher}},
	ReplaceDataset:    {access.Operator, []access.Role{access.Publisher}},
	ListProduct:       {access.Operator, []access.Role{access.Publisher}},
	SubmitProduct:     {access.Operator, []access.Role{access.Publisher}},
	AwaitCode:         {access.Operator, []access.Role{access.Publisher}},
	RecordCode:        {access.Registrar, []access.Role{access.Approver}},
	RenewRegistration: {access.Operator, []access.Role{access.Publisher}},
	RenewGrant:        {access.Operator, []access.Role{access.Publisher}},
	RenewAgreement:    {"", []access.Role{access.Publisher, access.Approver, access.Administrator}},
	ClassifyResource:  {access.SourceUnit, []access.Role{access.Publisher}},
	StateFrequency:    {access.SourceUnit, []access.Role{access.Publisher}},
	RegisterResource:  {access.SourceUnit, []access.Role{access.Publisher}},
	PayOrder:          {access.Buyer, []access.Role{access.BuyerRole, access.Finance}},
	RenewRight:        {access.Buyer, []access.Role{access.BuyerRole}},
	RenewFreeRight:    {access.Buyer, []access.Role{access.BuyerRole}},
	ExtendQuota:       {access.Buyer, []access.Role{access.BuyerRole}},
	RightWasSuspended: {access.Buyer, []access.Role{access.BuyerRole}},
	IssueInvoice:      {access.Operator, []access.Role{access.Finance}},
}

// answers are the roles that make an application of a kind again.
var answers = map[authorisation.ProceedingKind]access.Role{
	authorisation.ProceedingVerification:     access.Administrator,
	authorisation.ProceedingResourceApproval: access.Publisher,
	authorisation.ProceedingGrant:            access.Publisher,
	authorisation.ProceedingProductReview:    access.Publisher,
	authorisation.ProceedingFreeUse:          access.BuyerRole,
	authorisation.ProceedingAllocation:       access.Publisher,
	authorisation.ProceedingRefund:           access.Finance,
	authorisation.ProceedingPayout:           access.Finance,
	authorisation.ProceedingReceipt:          access.Finance,
	authorisation.ProceedingTransfer:         access.Finance,
	authorisation.ProceedingCostSurvey:       access.Finance,
}

// For returns what needs a viewer, the earliest deadline first, then what has none; within a day in the order of the kinds,
// and of one kind by name. What is not the viewer's to do, by capacity or role, is left out.
func For(v access.Viewer, f Facts) []Todo {
	c := collector{viewer: v, facts: f, today: authorisation.DayOf(f.Now), found: []Todo{}}
	for _, p := range f.Waiting {
		c.add(Todo{Kind: Decide, Subject: Subject{OfProceeding, p.ID, p.Name}}, p.DueOn, true)
	}
	for _, p := range f.Refused {
		if v.Has(answers[p.Kind]) && f.Now.Sub(p.EndedAt) < RefusalsStayInMind {
			c.add(Todo{Kind: AnswerRefusal, Subject: Subject{OfProceeding, p.ID, p.Name}}, nil, false)
		}
	}
	for _, p := range f.Products {
		c.product(p)
	}
	for _, s := range f.Uncoded {
		c.add(Todo{Kind: RecordCode, Subject: s}, nil, false)
	}
	for _, g := range f.Grants {
		c.ends(RenewGrant, Subject{OfGrant, g.ID, g.Name}, g.EndsOn)
	}
	for _, a := range f.Agreements {
		c.ends(RenewAgreement, Subject{OfAgreement, a.ID, a.Name}, a.EndsOn)
	}
	for _, r := range f.Resources {
		c.resource(r)
	}
	for _, o := range f.Unpaid {
		c.add(Todo{Kind: PayOrder, Subject: o}, nil, false)
	}
	for _, r := range f.Rights {
		c.right(r)
	}
	for _, i := range f.Invoices {
		c.add(Todo{Kind: IssueInvoice, Subject: i}, nil, false)
	}
	slices.SortFunc(c.found, urgency)
	return c.found
}

// urgency orders what is to be done.
func urgency(a, b Todo) int {
	switch {
	case a.DueOn == nil && b.DueOn != nil:
		return 1
	case a.DueOn != nil && b.DueOn == nil:
		return -1
	case a.DueOn != nil && *a.DueOn != *b.DueOn:
		return a.DueOn.Compare(*b.DueOn)
	}
	return cmp.Or(cmp.Compare(rank(a.Kind), rank(b.Kind)), cmp.Compare(a.Subject.Name, b.Subject.Name), bytes.Compare(a.Subject.ID[:], b.Subject.ID[:]))
}

func rank(k Kind) int { return slices.Index(nothing.Values(), string(k)) }

// collector gathers what is the viewer's to do.
type collector struct {
	viewer access.Viewer
	facts  Facts
	today  authorisation.Day
	found  []Todo
}

// add keeps what the viewer may do, with the time that is left for it.
func (c *collector) add(t Todo, due *authorisation.Day, workingDays bool) {
	if w, limited := whose[t.Kind]; limited && (w.party != "" && !c.viewer.Is(w.party) || !c.viewer.Has(w.roles...)) {
		return
	}
	if due != nil {
		left := c.today.DaysUntil(*due)
		t.DueOn, t.DaysLeft = due, &left
		if workingDays {
			t.WorkingDaysLeft = c.facts.Calendar.WorkingDaysLeft(c.today, *due)
		}
	}
	c.found = append(c.found, t)
}

// ends adds what ends soon and has not ended.
func (c *collector) ends(kind Kind, s Subject, on authorisation.Day) {
	if EndsIn(c.today, on) != nil {
		c.add(Todo{Kind: kind, Subject: s}, &on, false)
	}
}

// EndsIn are the days until something ends that ends soon, 0 on its last day; nil while that is far, once it has ended, and of
// what has no last day.
func EndsIn(today, on authorisation.Day) *int {
	if on.IsZero() || on.Before(today) {
		return nil
	}
	days := today.DaysUntil(on)
	if days > EndingSoon {
		return nil
	}
	return &days
}

// product adds the next thing to do about a product, that its newest dataset was refused, and that its registration ends.
func (c *collector) product(p authorisation.Product) {
	s := Subject{OfProduct, p.ID, p.Name}
	if kind, obstacle := c.next(p); kind != nothing {
		c.add(Todo{Kind: kind, Subject: s, Obstacle: obstacle}, nil, false)
	}
	if p.Status == authorisation.ProductRetired {
		return
	}
	if c.facts.RefusedDatasets[p.ID] {
		c.add(Todo{Kind: ReplaceDataset, Subject: s}, nil, false)
	}
	if p.Registration.Code != "" {
		c.ends(RenewRegistration, s, p.Registration.EndsOn)
	}
}

// next is the step that brings a product nearer to the market, and what stands in its way.
func (c *collector) next(p authorisation.Product) (Kind, authorisation.ObstacleCode) {
	switch p.Status {
	case authorisation.ProductDraft:
		if _, err := authorisation.Submit(p); err == nil {
			return SubmitProduct, ""
		}
		return nothing, "" // a draft is worked on for as long as it takes
	case authorisation.ProductListed:
		if p.Quality < c.facts.Listing.QualityFloor { // it stays on the market, and could not come back to it
			return MendProduct, authorisation.QualityBelowFloor
		}
		return nothing, ""
	case authorisation.ProductReviewed, authorisation.ProductRegistered:
	case authorisation.ProductSuspended:
		if p.Suspension == "" {
			return nothing, "" // its own operator took it down
		}
	default:
		return nothing, ""
	}
	obstacles := authorisation.Obstacles(p, c.facts.Listing, c.today)
	others := slices.DeleteFunc(slices.Clone(obstacles), func(o authorisation.Obstacle) bool { return o.Code == authorisation.RegistrationCodeMissing })
	if _, err := authorisation.List(p, c.facts.Listing, c.today); err == nil {
		return ListProduct, ""
	}
	switch {
	case len(others) > 0:
		return MendProduct, others[0].Code
	case len(obstacles) > 0:
		return AwaitCode, authorisation.RegistrationCodeMissing
	}
	return nothing, ""
}

func (c *collector) resource(r Resource) {
	s := Subject{OfResource, r.ID, r.Name}
	switch {
	case r.Status == authorisation.ResourceWithdrawn:
	case !r.Classified:
		c.add(Todo{Kind: ClassifyResource, Subject: s}, nil, false)
	case r.Status == authorisation.ResourceDraft:
		c.add(Todo{Kind: RegisterResource, Subject: s}, nil, false)
	}
	if !r.FrequencyKnown && r.Status != authorisation.ResourceWithdrawn {
		c.add(Todo{Kind: StateFrequency, Subject: s}, nil, false)
	}
}

// right adds that a right was suspended, that it ends soon, or that little is left of its quota.
func (c *collector) right(r Right) {
	s := Subject{OfEntitlement, r.ID, r.Name}
	if r.ExpiresAt != nil && !c.facts.Now.Before(*r.ExpiresAt) || r.Status == ordering.EntitlementRevoked {
		return
	}
	if r.Status == ordering.EntitlementSuspended {
		c.add(Todo{Kind: RightWasSuspended, Subject: s}, nil, false)
		return
	}
	if r.ExpiresAt != nil {
		last := authorisation.DayOf(r.ExpiresAt.Add(-time.Microsecond)) // it may be used until just before
		if c.today.DaysUntil(last) <= RightsEndingSoon {
			kind := RenewRight
			if r.Purpose.Free() {
				kind = RenewFreeRight
			}
			c.add(Todo{Kind: kind, Subject: s}, &last, false)
		}
	}
	if r.Quota != nil && *r.Quota > 0 && nearlyUsed(r.Used, *r.Quota) {
		c.add(Todo{Kind: ExtendQuota, Subject: s}, nil, false)
	}
}

// nearlyUsed reports whether QuotaNearlyUsed percent of a quota are gone; quotas leave room for the product.
func nearlyUsed(used, quota int64) bool { return used >= quota || used*100 >= quota*QuotaNearlyUsed }
