package graph_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/uuid"

	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/market"
	paytest "gongshu/internal/payment/test"
	"gongshu/internal/publicid"
	"gongshu/internal/purpose"
	"gongshu/pricing"
)

type payeeAccount struct{ Name, Bank, LastDigits string }

// account is what somebody sees of an organisation's account, and whether it may say which it is.
func (s *shop) account(t *testing.T, as context.Context, organisation uuid.UUID) (seen *payeeAccount, may bool) {
	t.Helper()
	var out struct {
		Organisation *struct {
			PayeeAccount *payeeAccount
			CanSetPayee  bool
		}
	}
	s.ask(t, as, `query($id: ID!) { organisation(id: $id) { payeeAccount { name bank lastDigits } canSetPayee } }`,
		map[string]any{"id": publicid.Encode("org", organisation)}, &out)
	if out.Organisation == nil {
		return nil, false
	}
	return out.Organisation.PayeeAccount, out.Organisation.CanSetPayee
}

const setPayee = `mutation($i: PayeeSetInput!) { payeeSet(input: $i) { organisation { payeeAccount { name bank lastDigits } } errors { code field } } }`

func (s *shop) setPayee(t *testing.T, as context.Context, number string) []refusal {
	t.Helper()
	var out struct {
		PayeeSet struct {
			Organisation *struct{ PayeeAccount *payeeAccount }
			Errors       []refusal
		}
	}
	s.ask(t, as, setPayee, map[string]any{"i": map[string]any{"name": "甲数商", "bank": "示例银行绵阳分行", "number": number}}, &out)
	if done := out.PayeeSet.Organisation != nil; done == (len(out.PayeeSet.Errors) > 0) {
		t.Fatalf("it answers %+v", out.PayeeSet)
	}
	return out.PayeeSet.Errors
}

func TestAnAccountIsSaidByItsOrganisationAndSeenByWhoPaysAlone(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		platform := s.Organisation(t, access.Enterprise, access.Platform)
		finance := s.Person(t, s.Vendor, access.Finance)
		if wrong := s.setPayee(t, finance, "12a4567890"); len(wrong) != 1 || wrong[0].Code != "ACCOUNT_NUMBER_INVALID" || wrong[0].Field != "input.number" {
			t.Errorf("a number with a letter is refused with %+v", wrong)
		}
		if wrong := s.setPayee(t, finance, "6222 0012 3456 7890"); len(wrong) > 0 {
			t.Fatalf("it is refused with %+v", wrong)
		}
		want := payeeAccount{"甲数商", "示例银行绵阳分行", "7890"}
		for _, row := range []struct {
			who       string
			as        context.Context
			sees, may bool
		}{
			{"its finance", finance, true, true},
			{"its administrator", s.Person(t, s.Vendor, access.Administrator), true, true},
			{"the platform's finance", s.Person(t, platform, access.Finance), true, false},
			{"a member of its own", s.Person(t, s.Vendor, access.Member, access.Publisher), false, false},
			{"the platform's approver", s.Person(t, platform, access.Approver, access.Administrator), false, false},
			{"another's finance", s.Person(t, s.Operator, access.Finance, access.Administrator), false, false},
			{"nobody", access.With(t.Context(), access.Viewer{}), false, false},
		} {
			seen, may := s.account(t, row.as, s.Vendor)
			if (seen != nil) != row.sees || seen != nil && *seen != want || may != row.may {
				t.Errorf("%s sees %+v and may say it: %v", row.who, seen, may)
			}
		}
		publisher := s.Person(t, s.Vendor, access.Publisher)
		if code := s.codeOf(t, publisher, setPayee, map[string]any{"i": map[string]any{"name": "甲", "bank": "乙", "number": "12345678"}}); code != "ROLE_REQUIRED" {
			t.Errorf("a publisher is refused with %s", code)
		}
	})
}

func TestABatchNamesItsProceedingAndWhoseAccountIsMissing(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		platform := s.Organisation(t, access.Enterprise, access.Platform)
		finance, approver := s.Person(t, platform, access.Finance), s.Person(t, platform, access.Approver)
		product := s.Product(t, authorisation.DeliveryAPI, 3)
		buyer := s.Person(t, s.Buyer, access.BuyerRole)
		order, err := s.market.OrderPlace(buyer, market.OrderPlaceInput{ProductID: product.ID, PlanID: product.PerCall, Purpose: purpose.Industry, Quantity: 1000, LicenceVersion: "1", IdempotencyKey: "o"})
		if err == nil {
			_, err = s.market.OrderPay(buyer, order, market.OrderPayInput{Provider: paytest.Name, IdempotencyKey: "p"})
		}
		if err != nil {
			t.Fatal(err)
		}
		month := pricing.MonthOf(s.clock).String()
		s.clock = s.clock.AddDate(0, 1, 0)
		if _, err := s.market.StatementsDraw(finance, month); err != nil {
			t.Fatal(err)
		}

		type total struct {
			Status  string
			Count   int
			Closing struct{ Amount string }
		}
		totals := func(as context.Context) (out struct{ StatementTotals []total }) {
			s.ask(t, as, `query($m: String!) { statementTotals(month: $m) { status count closing { amount } } }`, map[string]any{"m": month}, &out)
			return out
		}
		if all := totals(finance).StatementTotals; len(all) != 1 || all[0].Status != "PREVIEW" || all[0].Count != 3 {
			t.Errorf("the platform counts %+v", all)
		}
		if own := totals(s.Person(t, s.Vendor, access.Finance)).StatementTotals; len(own) != 1 || own[0].Count != 1 {
			t.Errorf("a contributor counts %+v", own)
		}
		if others := totals(buyer).StatementTotals; len(others) > 0 {
			t.Errorf("a buyer counts %+v", others)
		}

		if _, err := s.market.StatementsFinalise(finance, month); err != nil {
			t.Fatal(err)
		}
		if wrong := s.setPayee(t, s.Person(t, s.Vendor, access.Finance), "62220012345678"); len(wrong) > 0 {
			t.Fatal(wrong)
		}
		id, err := s.market.PayoutPrepare(finance, market.PayoutPrepareInput{Month: month, IdempotencyKey: "b"})
		if err != nil {
			t.Fatal(err)
		}
		type batch struct {
			CanConfirm bool
			Proceeding *struct{ ID, State string }
			Lines      []struct {
				Contributor    struct{ ID string }
				Payee          string
				AccountMissing bool
				Account        *payeeAccount
				AccountChanged bool
			}
		}
		read := func(as context.Context) *batch {
			var out struct{ PayoutBatch *batch }
			s.ask(t, as, `query($id: ID!) { payoutBatch(id: $id) { canConfirm proceeding { id state } lines { contributor { id } payee accountMissing account { name bank lastDigits } accountChanged } } }`,
				map[string]any{"id": publicid.Encode("pbt", id)}, &out)
			return out.PayoutBatch
		}
		// What is stated later is not what is paid.
		if wrong := s.setPayee(t, s.Person(t, s.Operator, access.Finance), "62220012340000"); len(wrong) > 0 {
			t.Fatal(wrong)
		}
		if wrong := s.setPayee(t, s.Person(t, s.Vendor, access.Finance), "62220012349999"); len(wrong) > 0 {
			t.Fatal(wrong)
		}
		b := read(approver)
		if b == nil || b.CanConfirm || b.Proceeding == nil || b.Proceeding.State != "SUBMITTED" {
			t.Fatalf("the batch is %+v", b)
		}
		missing := map[string]bool{
			publicid.Encode("org", s.Operator): true, publicid.Encode("org", s.Vendor): false, publicid.Encode("org", s.Organ): false,
		}
		for _, line := range b.Lines {
			if line.AccountMissing != missing[line.Contributor.ID] {
				t.Errorf("of %s, which is paid to %s, the account is missing: %v", line.Contributor.ID, line.Payee, line.AccountMissing)
			}
			if stated := line.Contributor.ID == publicid.Encode("org", s.Vendor); (line.Account != nil) != stated || line.AccountChanged ||
				stated && *line.Account != (payeeAccount{"甲数商", "示例银行绵阳分行", "5678"}) {
				t.Errorf("%s is paid into %+v", line.Contributor.ID, line.Account)
			}
		}
		if len(b.Lines) != len(missing) {
			t.Errorf("the batch has %d lines", len(b.Lines))
		}
		if other := read(s.Person(t, s.Vendor, access.Finance)); other != nil {
			t.Errorf("a contributor sees %+v", other)
		}
		proceeding, _ := publicid.Parse("prc", b.Proceeding.ID)
		if err := s.market.ProceedingDecide(approver, proceeding, market.DecisionInput{Step: authorisation.StepPlatform, Outcome: authorisation.OutcomeApprove, Reason: "核对无误"}); err != nil {
			t.Fatal(err)
		}
		if b := read(finance); !b.CanConfirm {
			t.Error("who keeps the books may not confirm an approved batch")
		}
		if b := read(approver); b.CanConfirm {
			t.Error("who approved may confirm")
		}
		lines, err := s.market.PayoutExport(finance, id)
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range lines {
			if known := line.Account.Number != ""; known != (line.Contributor == s.Vendor.String()) || strings.Contains(line.Account.Number, " ") {
				t.Errorf("the bank is told %+v", line)
			}
		}
	})
}
