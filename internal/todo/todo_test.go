package todo

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/ordering"
	"gongshu/internal/purpose"
)

var now = time.Date(2026, time.March, 2, 2, 0, 0, 0, time.UTC) // a Monday

func on(text string) authorisation.Day {
	d, err := authorisation.ParseDay(text)
	if err != nil {
		panic(err)
	}
	return d
}

func due(text string) *authorisation.Day { d := on(text); return &d }

func id(n byte) uuid.UUID { return uuid.UUID{15: n} }

func viewer(party access.Party, roles ...access.Role) access.Viewer {
	return access.Viewer{PersonID: id(1), OrganisationID: id(2), Verified: true, Parties: []access.Party{party}, Roles: roles}
}

// product is one that nothing keeps off the market, changed.
func product(change func(*authorisation.Product)) []authorisation.Product {
	agreement := authorisation.Agreement{ID: id(3), Status: authorisation.AgreementOperating, StartsOn: on("2026-01-01"), EndsOn: on("2028-12-31")}
	item := authorisation.Item{ID: id(4), Name: "雨量", Grade: authorisation.GradeGeneral, Linkage: authorisation.LinkageNone, Sensitivity: authorisation.SensitivityPublic}
	p := authorisation.Product{
		ID: id(5), Name: "逐日雨量", Description: "雨量", Status: authorisation.ProductRegistered, Agreement: agreement, OperatorVerified: true,
		Inputs: []authorisation.Input{{Item: item, Resource: authorisation.Resource{ID: id(6), Status: authorisation.ResourcePublished, UpdateFrequency: authorisation.Daily}, Grants: []authorisation.Grant{{
			AgreementID: agreement.ID, Status: authorisation.GrantActive, ItemIDs: []uuid.UUID{item.ID}, StartsOn: on("2026-01-01"), EndsOn: on("2028-12-31"),
		}}}},
		Columns: 1, HasSample: true, Dataset: authorisation.DatasetAccepted, Reviewed: true, HasAllocationRule: true,
		Registration: authorisation.Registration{Code: "51-1", Term: authorisation.Term{StartsOn: on("2026-01-01"), EndsOn: on("2028-12-31")}},
		Plans:        []authorisation.Plan{{ID: id(7), Name: "按次", Trial: true}},
	}
	change(&p)
	return []authorisation.Product{p}
}

func right(status ordering.EntitlementStatus, p purpose.Purpose, used int64, end time.Time) []Right {
	quota := int64(100)
	return []Right{{Entitlement: ordering.Entitlement{Status: status, Purpose: p, Unit: ordering.QuotaCall, Quota: &quota, Used: used, StartsAt: now.AddDate(-1, 0, 0), ExpiresAt: &end}, ID: id(8), Name: "逐日雨量"}}
}

func TestWhatNeedsWhom(t *testing.T) {
	calendar, err := authorisation.NewCalendar(map[int]authorisation.CalendarYear{2026: {}})
	if err != nil {
		t.Fatal(err)
	}
	operator, unit, buyer := viewer(access.Operator, access.Publisher), viewer(access.SourceUnit, access.Publisher), viewer(access.Buyer, access.BuyerRole)
	agency, registrar := viewer(access.ImplementingAgency, access.Approver), viewer(access.Registrar, access.Approver)
	unverified := operator
	unverified.Verified = false
	midnight := func(day string) time.Time { return on(day).AddDays(1).Start() }
	same := func(*authorisation.Product) {}

	for _, row := range []struct {
		sentence string
		viewer   access.Viewer
		facts    Facts
		want     string
	}{
		{"nothing needs nobody", access.Viewer{}, Facts{}, ""},
		{"a proceeding waits, with its working days", agency, Facts{Waiting: []Proceeding{{ID: id(9), Name: "甲", DueOn: due("2026-03-06")}}}, "DECIDE PROCEEDING 甲 2026-03-06 4 4wd"},
		{"over a weekend fewer working days are left than days", agency, Facts{Waiting: []Proceeding{{ID: id(9), Name: "甲", DueOn: due("2026-03-09")}}}, "DECIDE PROCEEDING 甲 2026-03-09 7 5wd"},
		{"one that is overdue says since when", agency, Facts{Waiting: []Proceeding{{ID: id(9), Name: "甲", DueOn: due("2026-02-26")}}}, "DECIDE PROCEEDING 甲 2026-02-26 -4 -2wd"},
		{"in a year that nobody loaded nobody counts", agency, Facts{Waiting: []Proceeding{{ID: id(9), Name: "甲", DueOn: due("2027-01-05")}}}, "DECIDE PROCEEDING 甲 2027-01-05 309"},
		{"a proceeding without a deadline", agency, Facts{Waiting: []Proceeding{{ID: id(9), Name: "甲"}}}, "DECIDE PROCEEDING 甲"},

		{"a complete draft is to be submitted", operator, Facts{Products: product(func(p *authorisation.Product) { p.Status = authorisation.ProductDraft })}, "SUBMIT_PRODUCT PRODUCT 逐日雨量"},
		{"an incomplete one is worked on", operator, Facts{Products: product(func(p *authorisation.Product) { p.Status, p.HasSample = authorisation.ProductDraft, false })}, ""},
		{"one under review waits for others", operator, Facts{Products: product(func(p *authorisation.Product) { p.Status = authorisation.ProductSubmitted })}, ""},
		{"a reviewed one waits for its code", operator, Facts{Listing: authorisation.DefaultListingPolicy(), Products: product(func(p *authorisation.Product) {
			p.Status, p.Registration = authorisation.ProductReviewed, authorisation.Registration{}
		})}, "AWAIT_CODE PRODUCT 逐日雨量 !REGISTRATION_CODE_MISSING"},
		{"where more is missing that comes first", operator, Facts{Listing: authorisation.DefaultListingPolicy(), Products: product(func(p *authorisation.Product) {
			p.Status, p.Registration, p.Dataset = authorisation.ProductReviewed, authorisation.Registration{}, authorisation.DatasetNone
		})}, "MEND_PRODUCT PRODUCT 逐日雨量 !DATASET_MISSING"},
		{"a registered one can be listed", operator, Facts{Listing: authorisation.DefaultListingPolicy(), Products: product(same)}, "LIST_PRODUCT PRODUCT 逐日雨量"},
		{"one that is listed below the floor stays and is mended", operator, Facts{Listing: authorisation.ListingPolicy{QualityFloor: 60}, Products: product(func(p *authorisation.Product) {
			p.Status, p.Quality = authorisation.ProductListed, 59
		})}, "MEND_PRODUCT PRODUCT 逐日雨量 !QUALITY_BELOW_FLOOR"},
		{"at the floor it needs nobody", operator, Facts{Listing: authorisation.ListingPolicy{QualityFloor: 60}, Products: product(func(p *authorisation.Product) {
			p.Status, p.Quality = authorisation.ProductListed, 60
		})}, ""},
		{"a registered one that cannot says why", operator, Facts{Products: product(func(p *authorisation.Product) { p.HasAllocationRule = false })}, "MEND_PRODUCT PRODUCT 逐日雨量 !ALLOCATION_RULE_MISSING"},
		{"one that the market took down says why", operator, Facts{Products: product(func(p *authorisation.Product) {
			p.Status, p.Suspension, p.OperatorVerified = authorisation.ProductSuspended, authorisation.OperatorNotVerified, false
		})}, "MEND_PRODUCT PRODUCT 逐日雨量 !OPERATOR_NOT_VERIFIED"},
		{"once that is mended it can be listed again", operator, Facts{Products: product(func(p *authorisation.Product) {
			p.Status, p.Suspension = authorisation.ProductSuspended, authorisation.OperatorNotVerified
		})}, "LIST_PRODUCT PRODUCT 逐日雨量"},
		{"one that its operator took down needs nobody", operator, Facts{Products: product(func(p *authorisation.Product) { p.Status = authorisation.ProductSuspended })}, ""},
		{"one on the market needs nobody", operator, Facts{Products: product(func(p *authorisation.Product) { p.Status = authorisation.ProductListed })}, ""},
		{"its registration ends in 60 days", operator, Facts{Products: product(func(p *authorisation.Product) {
			p.Status, p.Registration.EndsOn = authorisation.ProductListed, on("2026-05-01")
		})}, "RENEW_REGISTRATION PRODUCT 逐日雨量 2026-05-01 60"},
		{"in 61 days there is time", operator, Facts{Products: product(func(p *authorisation.Product) {
			p.Status, p.Registration.EndsOn = authorisation.ProductListed, on("2026-05-02")
		})}, ""},
		{"a refused dataset is to be replaced, though an older one is served", operator, Facts{
			RefusedDatasets: map[uuid.UUID]bool{id(5): true}, Products: product(func(p *authorisation.Product) { p.Status = authorisation.ProductListed }),
		}, "REPLACE_DATASET PRODUCT 逐日雨量"},
		{"of a retired one nothing is asked", operator, Facts{
			RefusedDatasets: map[uuid.UUID]bool{id(5): true}, Products: product(func(p *authorisation.Product) {
				p.Status, p.Registration.EndsOn = authorisation.ProductRetired, on("2026-03-05")
			}),
		}, ""},
		{"who may not publish is asked nothing of products", viewer(access.Operator, access.Finance), Facts{Products: product(same)}, ""},
		{"nor is who is not verified", unverified, Facts{Products: product(same)}, ""},
		{"a grant ends", operator, Facts{Grants: []Ending{{id(9), "甲", on("2026-03-02")}}}, "RENEW_GRANT GRANT 甲 2026-03-02 0"},
		{"one that ended is no more", operator, Facts{Grants: []Ending{{id(9), "甲", on("2026-03-01")}}}, ""},
		{"an agreement ends, for both parties", agency, Facts{Agreements: []Ending{{id(9), "1号", on("2026-04-30")}}}, "RENEW_AGREEMENT AGREEMENT 1号 2026-04-30 59"},

		{"a refusal is to be answered by who applied", operator, Facts{Refused: []Proceeding{{ID: id(9), Kind: authorisation.ProceedingGrant, Name: "甲", EndedAt: now.AddDate(0, 0, -59)}}}, "ANSWER_REFUSAL PROCEEDING 甲"},
		{"after 60 days it is let go", operator, Facts{Refused: []Proceeding{{ID: id(9), Kind: authorisation.ProceedingGrant, Name: "甲", EndedAt: now.AddDate(0, 0, -60)}}}, ""},
		{"who may not apply is not asked", viewer(access.Operator, access.Finance), Facts{Refused: []Proceeding{{ID: id(9), Kind: authorisation.ProceedingGrant, Name: "甲", EndedAt: now}}}, ""},
		{"an organisation that is refused verification is asked before it is verified", access.Viewer{PersonID: id(1), Roles: []access.Role{access.Administrator}},
			Facts{Refused: []Proceeding{{ID: id(9), Kind: authorisation.ProceedingVerification, Name: "甲", EndedAt: now}}}, "ANSWER_REFUSAL PROCEEDING 甲"},
		{"the registrar records codes", registrar, Facts{Uncoded: []Subject{{OfProduct, id(9), "甲"}}}, "RECORD_CODE PRODUCT 甲"},
		{"nobody else does", operator, Facts{Uncoded: []Subject{{OfProduct, id(9), "甲"}}}, ""},

		{"a draft resource is to be classified", unit, Facts{Resources: []Resource{{id(9), "甲", authorisation.ResourceDraft, false, true}}}, "CLASSIFY_RESOURCE RESOURCE 甲"},
		{"then it is to be registered", unit, Facts{Resources: []Resource{{id(9), "甲", authorisation.ResourceDraft, true, true}}}, "REGISTER_RESOURCE RESOURCE 甲"},
		{"items that a catalogue added to a published one are to be classified", unit, Facts{Resources: []Resource{{id(9), "甲", authorisation.ResourcePublished, false, true}}}, "CLASSIFY_RESOURCE RESOURCE 甲"},
		{"an update cycle without a code is to be stated too", unit, Facts{Resources: []Resource{{id(9), "甲", authorisation.ResourceDraft, true, false}}}, "STATE_FREQUENCY RESOURCE 甲|REGISTER_RESOURCE RESOURCE 甲"},
		{"a withdrawn one needs nobody", unit, Facts{Resources: []Resource{{id(9), "甲", authorisation.ResourceWithdrawn, false, false}}}, ""},
		{"a published one in order needs nobody", unit, Facts{Resources: []Resource{{id(9), "甲", authorisation.ResourcePublished, true, true}}}, ""},

		{"an order is to be paid, by finance too", viewer(access.Buyer, access.Finance), Facts{Unpaid: []Subject{{OfOrder, id(9), "甲"}}}, "PAY_ORDER ORDER 甲"},
		{"an invoice is to be issued, by finance", viewer(access.Operator, access.Finance), Facts{Invoices: []Subject{{OfInvoice, id(9), "甲"}}}, "ISSUE_INVOICE INVOICE 甲"},
		{"and by nobody else", viewer(access.Operator, access.Publisher), Facts{Invoices: []Subject{{OfInvoice, id(9), "甲"}}}, ""},
		{"a right ends in 30 days", buyer, Facts{Rights: right(ordering.EntitlementActive, purpose.Industry, 0, midnight("2026-04-01"))}, "RENEW_RIGHT ENTITLEMENT 逐日雨量 2026-04-01 30"},
		{"a free one too", buyer, Facts{Rights: right(ordering.EntitlementActive, purpose.Welfare, 0, midnight("2026-04-01"))}, "RENEW_FREE_RIGHT ENTITLEMENT 逐日雨量 2026-04-01 30"},
		{"in 31 days there is time", buyer, Facts{Rights: right(ordering.EntitlementActive, purpose.Industry, 79, midnight("2026-04-02"))}, ""},
		{"four fifths of a quota are gone", buyer, Facts{Rights: right(ordering.EntitlementActive, purpose.Industry, 80, midnight("2026-12-31"))}, "EXTEND_QUOTA ENTITLEMENT 逐日雨量"},
		{"a suspended one is to be cleared up", buyer, Facts{Rights: right(ordering.EntitlementSuspended, purpose.Welfare, 100, midnight("2026-03-05"))}, "RIGHT_WAS_SUSPENDED ENTITLEMENT 逐日雨量"},
		{"one that ended is over", buyer, Facts{Rights: right(ordering.EntitlementActive, purpose.Industry, 100, now)}, ""},
		{"a revoked one is over", buyer, Facts{Rights: right(ordering.EntitlementRevoked, purpose.Industry, 100, midnight("2026-03-05"))}, ""},

		{"the earliest is first, what has no day is last, and a day goes by kind and name", buyer, Facts{
			Rights: right(ordering.EntitlementActive, purpose.Industry, 90, midnight("2026-03-05")), Unpaid: []Subject{{OfOrder, id(9), "乙"}, {OfOrder, id(10), "丙"}},
			Waiting: []Proceeding{{ID: id(11), Name: "丁", DueOn: due("2026-03-04")}, {ID: id(12), Name: "戊", DueOn: due("2026-03-05")}},
		}, "DECIDE PROCEEDING 丁 2026-03-04 2 2wd|DECIDE PROCEEDING 戊 2026-03-05 3 3wd|RENEW_RIGHT ENTITLEMENT 逐日雨量 2026-03-05 3|PAY_ORDER ORDER 丙|PAY_ORDER ORDER 乙|EXTEND_QUOTA ENTITLEMENT 逐日雨量"},
	} {
		row.facts.Now, row.facts.Calendar = now, calendar
		var got []string
		for _, todo := range For(row.viewer, row.facts) {
			words := []string{string(todo.Kind), string(todo.Subject.Kind), todo.Subject.Name}
			if todo.DueOn != nil {
				words = append(words, todo.DueOn.String(), fmt.Sprint(*todo.DaysLeft))
			}
			if todo.WorkingDaysLeft != nil {
				words = append(words, fmt.Sprintf("%dwd", *todo.WorkingDaysLeft))
			}
			if todo.Obstacle != "" {
				words = append(words, "!"+string(todo.Obstacle))
			}
			got = append(got, strings.Join(words, " "))
		}
		if strings.Join(got, "|") != row.want {
			t.Errorf("%s: got %q, want %q", row.sentence, strings.Join(got, "|"), row.want)
		}
	}
}

func TestEveryKindIsSomebodys(t *testing.T) {
	for _, kind := range nothing.Values() {
		if _, limited := whose[Kind(kind)]; !limited && !slices.Contains([]Kind{Decide, AnswerRefusal}, Kind(kind)) {
			t.Errorf("it is not said whose %s is", kind)
		}
	}
	if len(nothing.Values()) != len(whose)+2 {
		t.Error("a kind is not listed")
	}
	for _, kind := range authorisation.ProceedingKind("").Values() {
		if answers[authorisation.ProceedingKind(kind)] == "" {
			t.Errorf("it is not said who answers a refusal of %s", kind)
		}
	}
}
