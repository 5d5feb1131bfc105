package market

import (
	"context"
	"errors"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"gongshu/ent/db/bill"
	"gongshu/ent/db/entitlement"
	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/fault"
	paytest "gongshu/internal/payment/test"
	"gongshu/internal/purpose"
	"gongshu/internal/store"
	"gongshu/internal/store/storetest"
	"gongshu/pricing"
)

func TestFreeUseIsAppliedForDecidedAndBoundToItsPurpose(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		applicant := s.Person(t, s.Shop.Organisation(t, access.PublicInstitution, access.Buyer), access.BuyerRole)
		in := FreeUseInput{
			ProductID: s.product.ID, Purpose: purpose.Welfare, Scenario: "  Flood warnings for villages along the river.  ",
			Evidence: []uuid.UUID{s.Document(t, applicant)}, LicenceVersion: "1", IdempotencyKey: "k",
		}
		id, err := s.FreeUseApply(applicant, in)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := s.FreeUseApply(applicant, in); err != nil || again != id {
			t.Fatalf("the same key answered %s, %v", again, err)
		}
		before := s.count(t)
		for _, c := range []struct {
			sentence string
			change   func(in *FreeUseInput)
			code     string
		}{
			{"a purpose that pays", func(in *FreeUseInput) { in.Purpose = purpose.Industry }, "PURPOSE_NOT_FREE"},
			{"no purpose", func(in *FreeUseInput) { in.Purpose = "" }, "PURPOSE_UNKNOWN"},
			{"no scenario", func(in *FreeUseInput) { in.Scenario = " " }, "SCENARIO_LENGTH"},
			{"no evidence", func(in *FreeUseInput) { in.Evidence = nil }, "EVIDENCE_MISSING"},
			{"another's evidence", func(in *FreeUseInput) {
				in.Purpose, in.Evidence = purpose.Governance, []uuid.UUID{s.Document(t, s.buyer)}
			}, "NOT_FOUND"},
			{"another licence", func(in *FreeUseInput) { in.LicenceVersion = "0" }, "LICENCE_CHANGED"},
			{"an unknown product", func(in *FreeUseInput) { in.ProductID = uuid.New() }, "NOT_FOUND"},
			{"the same once more while it waits", func(in *FreeUseInput) { in.Scenario = "Flood warnings, once more, for all who live there." }, "APPLICATION_PENDING"},
			{"a used key with other content", func(in *FreeUseInput) { in.IdempotencyKey, in.Purpose = "k", purpose.Governance }, "IDEMPOTENCY_KEY_REUSED"},
		} {
			wrong := in
			wrong.IdempotencyKey = uuid.NewString()
			c.change(&wrong)
			if _, err := s.FreeUseApply(applicant, wrong); fault.CodeOf(err) != c.code {
				t.Errorf("%s: want %s, got %v", c.sentence, c.code, err)
			}
		}
		_, err = s.FreeUseApply(context.Background(), in)
		refused(t, err, "SIGN_IN_REQUIRED")
		_, err = s.FreeUseApply(s.Person(t, s.Operator, access.BuyerRole), in)
		refused(t, err, "PARTY_REQUIRED")
		if after := s.count(t); after != before {
			t.Errorf("refusals changed %+v to %+v", before, after)
		}
		decision := DecisionInput{Step: authorisation.StepAgency, Outcome: authorisation.OutcomeApprove, Reason: "It serves the villages."}
		refused(t, s.ProceedingDecide(applicant, id, decision), "PARTY_REQUIRED")
		if err := s.ProceedingDecide(s.Person(t, s.Agency, access.Approver), id, decision); err != nil {
			t.Fatal(err)
		}
		ctx, c := s.system()
		e := c.Entitlement.Query().Where(entitlement.ProceedingID(id)).OnlyX(ctx)
		if e.Purpose != purpose.Welfare || e.QuotaCalls != nil || e.Scenario != strings.TrimSpace(in.Scenario) || e.EndsAt.UTC().Format(time.DateOnly) != "2027-03-02" {
			t.Fatalf("the entitlement is %+v", e)
		}
		in.IdempotencyKey = "k2"
		if id, err = s.FreeUseApply(applicant, in); err != nil {
			t.Fatalf("what was decided may be applied for again: %v", err)
		}
		another := in
		another.IdempotencyKey = "k3"
		_, err = s.FreeUseApply(applicant, another)
		if pending := fault.All(err); fault.CodeOf(err) != "APPLICATION_PENDING" || pending[0].Params["proceeding"] != id {
			t.Errorf("the one that waits is not named: %v", err)
		}
		decision.Outcome = authorisation.OutcomeRefuse
		if err := s.ProceedingDecide(s.Person(t, s.Agency, access.Approver), id, decision); err != nil {
			t.Fatal(err)
		}
		if c.Entitlement.Query().Where(entitlement.ProceedingID(id)).CountX(ctx) != 0 {
			t.Fatal("a refused application brought an entitlement")
		}
	})
}

func TestACredentialIsShownOnceAndEndsAtOnce(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		ctx, c := s.system()
		e := c.Entitlement.Query().Where(entitlement.OrderID(s.paid(t, s.product.PerCall, 10))).OnlyX(ctx)
		in := CredentialInput{EntitlementID: e.ID, Name: "machine", IdempotencyKey: "k"}
		id, secret, err := s.CredentialIssue(s.buyer, in)
		if err != nil || !strings.HasPrefix(secret, "gsk_") || len(secret) != 4+52 {
			t.Fatalf("issued %q, %v", secret, err)
		}
		row := c.Credential.GetX(ctx, id)
		if row.SecretHash == secret || strings.Contains(row.SecretHash, secret[4:]) || row.Hint != secret[:8] || !row.ExpiresAt.Equal(e.EndsAt) {
			t.Fatalf("stored %+v", row)
		}
		if again, shown, err := s.CredentialIssue(s.buyer, in); err != nil || again != id || shown != "" {
			t.Fatalf("the same key answered %s, %q, %v", again, shown, err)
		}
		in.Name = "another"
		_, _, err = s.CredentialIssue(s.buyer, in)
		refused(t, err, "IDEMPOTENCY_KEY_REUSED")

		turned, fresh, err := s.CredentialRotate(s.buyer, id, "r")
		if err != nil || fresh == "" || fresh == secret || turned == id {
			t.Fatalf("rotated to %s, %v", turned, err)
		}
		if again, shown, err := s.CredentialRotate(s.buyer, id, "r"); err != nil || again != turned || shown != "" {
			t.Fatalf("the same key answered %s, %q, %v", again, shown, err)
		}
		_, _, err = s.CredentialRotate(s.buyer, turned, "r")
		refused(t, err, "IDEMPOTENCY_KEY_REUSED")
		_, _, err = s.CredentialRotate(s.buyer, id, "r2")
		refused(t, err, "CREDENTIAL_REVOKED")

		before := s.count(t)
		other := s.Person(t, s.Other, access.BuyerRole)
		operator := s.Person(t, s.Operator, access.BuyerRole)
		in.IdempotencyKey = "k3"
		for sentence, c := range map[string]struct {
			err  error
			code string
		}{
			"another organisation issues":   {third(s.CredentialIssue(other, in)), "NOT_FOUND"},
			"another organisation rotates":  {third(s.CredentialRotate(other, turned, "x")), "NOT_FOUND"},
			"another organisation revokes":  {s.CredentialRevoke(other, turned), "NOT_FOUND"},
			"the operator issues":           {third(s.CredentialIssue(operator, in)), "NOT_FOUND"},
			"nobody issues":                 {third(s.CredentialIssue(context.Background(), in)), "SIGN_IN_REQUIRED"},
			"a member without role issues":  {third(s.CredentialIssue(s.Person(t, s.Buyer, access.Member), in)), "ROLE_REQUIRED"},
			"a member without role revokes": {s.CredentialRevoke(s.Person(t, s.Buyer, access.Finance), turned), "ROLE_REQUIRED"},
		} {
			if fault.CodeOf(c.err) != c.code {
				t.Errorf("%s: want %s, got %v", sentence, c.code, c.err)
			}
		}
		if after := s.count(t); after != before {
			t.Errorf("refusals changed %+v to %+v", before, after)
		}
		for range 2 {
			if err := s.CredentialRevoke(s.Person(t, s.Buyer, access.Security), turned); err != nil {
				t.Fatal(err)
			}
		}
		s.clock = e.EndsAt
		_, _, err = s.CredentialIssue(s.buyer, in)
		refused(t, err, "ENTITLEMENT_EXPIRED")
	})
}

func third[A, B any](_ A, _ B, err error) error { return err }

func TestRevenueEqualsTheLedgerToTheFen(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		s.paid(t, s.product.PerCall, 3)                                              // March
		s.clock = time.Date(2026, time.March, 31, 15, 59, 59, 999_000_000, time.UTC) // still March in Shanghai
		s.paid(t, s.product.PerCall, 7)
		s.clock = s.clock.Add(time.Second) // April in Shanghai, March in UTC
		s.paid(t, s.product.PerProduct, 1)
		other := s.Product(t, authorisation.DeliveryAPI, 1)
		first := s.product
		s.product = other
		s.paid(t, other.PerCall, 1)
		s.product = first

		ctx, c := s.system()
		gross, vat := int64(0), int64(0)
		for _, o := range c.Order.Query().AllX(ctx) {
			gross, vat = gross+o.TotalFen, vat+o.VatFen
		}
		operator := s.Person(t, s.Operator, access.Finance)
		all, err := s.Revenue(operator, RevenueQuery{})
		if err != nil || int64(all.GrossFen) != gross || int64(all.VATFen) != vat || all.NetFen != all.GrossFen-all.VATFen || len(all.Rows) != 9 {
			t.Fatalf("the operator's report is %+v, %v; want gross %d, VAT %d", all, err, gross, vat)
		}
		march, err := s.Revenue(operator, RevenueQuery{ProductID: first.ID, FromMonth: "2026-03", ToMonth: "2026-03"})
		if err != nil || march.GrossFen != 10*55 || len(march.Rows) != 3 {
			t.Fatalf("March is %+v, %v", march, err)
		}
		var sum int64
		for _, row := range all.Rows {
			sum += int64(row.AmountFen)
			treasury := row.Payee == "TREASURY"
			if treasury != (row.ContributorID == s.Organ) || row.RuleNumber != 1 || row.Basis == "" || row.Channel == "" {
				t.Errorf("a row is %+v", row)
			}
		}
		if sum != int64(all.NetFen) {
			t.Errorf("the rows are %d, net is %d", sum, all.NetFen)
		}
		april, err := s.Revenue(operator, RevenueQuery{FromMonth: "2026-04", ToMonth: "2026-04"})
		if err != nil || len(april.Months) != 1 || april.Months[0].Month != "2026-04" || april.Months[0].NetFen != april.NetFen || april.Months[0].PreviousMonth != "2026-03" ||
			april.PreviousNetFen == 0 || april.PreviousNetFen != all.NetFen-april.NetFen || april.Months[0].PreviousNetFen != april.PreviousNetFen {
			t.Errorf("April is %+v, %v", april, err)
		}
		if one, err := s.Revenue(operator, RevenueQuery{ProductID: other.ID, FromMonth: "2026-04", ToMonth: "2026-04"}); err != nil || one.PreviousNetFen != 0 || len(one.ByProduct) != 1 {
			t.Errorf("April of one product is %+v, %v", one, err)
		}
		if len(all.Months) != 36 || all.Months[35].Month != "2026-04" || all.Months[34].NetFen+all.Months[35].NetFen != all.NetFen || all.Months[0].PreviousMonth != "2020-05" {
			t.Errorf("its months are %+v", all.Months)
		}
		if len(all.ByProduct) != 2 || all.ByProduct[0].ProductID != first.ID || all.ByProduct[0].AmountFen+all.ByProduct[1].AmountFen != all.NetFen ||
			len(all.ByContributor) != 3 || all.ByContributor[0].ContributorID != s.Operator || all.ByContributor[1].Payee != "TREASURY" || all.ByContributor[2].Payee != "CONTRIBUTOR" {
			t.Errorf("by product it is %+v, by contributor %+v", all.ByProduct, all.ByContributor)
		}
		own, err := s.Revenue(s.Person(t, s.Vendor, access.Finance), RevenueQuery{})
		if len(own.ByContributor) != 1 || own.ByContributor[0].SharePercent.String() != "100.0" || own.ByContributor[0].AmountFen != own.NetFen {
			t.Errorf("a contributor sees %+v", own.ByContributor)
		}
		if err != nil || own.VATFen != 0 || len(own.Rows) != 3 || slices.ContainsFunc(own.Rows, func(r store.RevenueRow) bool { return r.ContributorID != s.Vendor }) {
			t.Errorf("a contributor's report is %+v, %v", own, err)
		}
		if none, err := s.Revenue(s.buyer, RevenueQuery{}); err != nil || len(none.Rows) != 0 || none.GrossFen != 0 {
			t.Errorf("a buyer's report is %+v, %v", none, err)
		}
		for query, code := range map[RevenueQuery]string{
			{FromMonth: "2026-13"}:                     "MONTH_INVALID",
			{ToMonth: "March"}:                         "MONTH_INVALID",
			{FromMonth: "2026-04", ToMonth: "2026-03"}: "PERIOD_INVALID",
			{FromMonth: "2023-01", ToMonth: "2026-01"}: "PERIOD_TOO_LONG",
			{FromMonth: "2023-02", ToMonth: "2026-01"}: "INTERNAL", // 36 months: no refusal
		} {
			if _, err := s.Revenue(operator, query); fault.CodeOf(err) != code || code == "INTERNAL" && err != nil {
				t.Errorf("%+v: want %s, got %v", query, code, err)
			}
		}
		_, err = s.Revenue(context.Background(), RevenueQuery{})
		refused(t, err, "SIGN_IN_REQUIRED")
		// April alone: its lines, and one more than are allowed.
		alone := store.RevenueQuery{From: time.Date(2026, time.March, 31, 16, 0, 0, 0, time.UTC), Until: time.Date(2026, time.April, 30, 16, 0, 0, 0, time.UTC), Most: 8}
		if r, err := s.Store.Revenue(operator, alone); err != nil || len(r.Rows) != 6 || r.Rows[0].Month != "2026-04" {
			t.Errorf("April is %+v, %v", r, err)
		}
		alone.Most--
		if _, err := s.Store.Revenue(operator, alone); !errors.Is(err, store.ErrTooManyLines) {
			t.Errorf("a report that is too long is %v", err)
		}
	})
}

func TestAPublicInstitutionIsPaidAsPolicySays(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		s.world.tx(t, func(ctx context.Context, tx *store.Tx) error {
			return tx.Organisation.UpdateOneID(s.Vendor).SetLegalForm(access.PublicInstitution).Exec(ctx)
		})
		payee := func() string {
			report, err := s.Revenue(s.Person(t, s.Vendor, access.Finance), RevenueQuery{FromMonth: s.clock.Format("2006-01")})
			if err != nil || len(report.Rows) != 1 {
				t.Fatalf("the report is %+v, %v", report, err)
			}
			return string(report.Rows[0].Payee)
		}
		s.paid(t, s.product.PerCall, 10)
		if got := payee(); got != "CONTRIBUTOR" {
			t.Errorf("by the first policy it is paid by %s", got)
		}
		s.clock = s.clock.AddDate(0, 1, 0)
		s.policy(t, "PAYEE", map[string]any{"ADMINISTRATIVE_ORGAN": "TREASURY", "PUBLIC_INSTITUTION": "TREASURY", "ENTERPRISE": "CONTRIBUTOR", "SOCIAL_ORGANISATION": "CONTRIBUTOR"})
		s.paid(t, s.product.PerCall, 10)
		if got := payee(); got != "TREASURY" {
			t.Errorf("by the later policy it is paid by %s", got)
		}
	})
}

// Each breach is written by hand, past the database's own constraints, as no use-case can. SQLite lets a test lift them.
func TestReconcileFindsEveryBreach(t *testing.T) {
	paidBank := `UPDATE payments SET provider = 'bank'; INSERT INTO bank_transfers (id, created_at, kind, key, code, amount_fen, received_fen, state, payment_id) SELECT id, created_at, 'PAYMENT', id, id, amount_fen, amount_fen, 'DONE', id FROM payments WHERE bill_id IS NULL; `
	lines := `INSERT INTO bank_lines (id, created_at, number, fingerprint, booked_on, amount_fen, counterparty, counterparty_account, counterparty_bank, remark, serial, state, applied_fen, returned_fen, bank_statement_id, bank_transfer_id) SELECT 'x' || id, created_at, 1, id, '2026-01-01', amount_fen, '', '', '', '', '', `
	breaches := map[string]string{
		"what lies in suspense of a bank line is what of it was neither applied to a whole payment nor returned":                     paidBank + lines + `'QUEUED', 0, 0, 'x', id FROM bank_transfers`,
		"a bank line is applied and returned as far as it goes, once it waits no more, and what is to be returned is a transfer":     paidBank + lines + `'SETTLED', 1, 0, 'x', id FROM bank_transfers`,
		"what came of a transfer is what lines were applied to it, and of a payment all of it once it is done":                       paidBank,
		"a payment by transfer is paid only with its transfer, and is of its amount":                                                 `UPDATE payments SET provider = 'bank'`,
		"an order is paid if and only if it has exactly one entitlement":                                                             `DELETE FROM entitlements WHERE order_id IS NOT NULL`,
		"at most one payment of an order is on its way, and none of one that is cancelled or paid":                                   `INSERT INTO payments (id, created_at, provider, state, amount_fen, idempotency_key, order_id) SELECT 'x' || id, created_at, provider, 'PENDING', amount_fen, 'x' || idempotency_key, order_id FROM payments WHERE bill_id IS NULL`,
		"an order is paid with more than nothing if and only if it has exactly one entry, of the payment that succeeded":             `DELETE FROM postings`,
		"of a plan that is limited in number, as many orders are taken as are kept, or paid and not given back whole":                `UPDATE plans SET limited_to = 5, taken = 4`,
		"an order has dates that fit its status":                                                                                     `UPDATE orders SET paid_at = NULL`,
		"an order's total is net and VAT, and its purpose pays":                                                                      `UPDATE orders SET purpose = 'WELFARE'`,
		"nothing of an entry stays in clearing":                                                                                      `DELETE FROM postings WHERE position = 3`,
		"a posting moves a positive amount between two accounts, one of them clearing, or between the bank and suspense":             `UPDATE postings SET amount_fen = 0 WHERE position = 4`,
		"a share that comes or goes back names contributor, rule, channel and basis, and rests with the treasury or its contributor": `UPDATE postings SET basis = '' WHERE position = 2`,
		"a posting of an order is of its product, and a share by a rule of that product":                                             `UPDATE postings SET product_id = NULL WHERE position = 0`,
		"an entry is of what its kind says, and only of that":                                                                        `UPDATE entries SET kind = 'PAYOUT'`,
		"a share is by a rule that was approved":                                                                                     `UPDATE allocation_rules SET approved_at = NULL`,
		"refunds on their way and done are never more than their payment took":                                                       `INSERT INTO refunds (id, created_at, amount_fen, status, reason, idempotency_key, paid_at, payment_id, order_id, person_id) SELECT 'x', created_at, amount_fen + 1, 'REQUESTED', '', 'x', NULL, id, order_id, 'x' FROM payments WHERE bill_id IS NULL LIMIT 1`,
		"a refund is paid if and only if it has exactly one entry, which gives the provider its amount":                              `INSERT INTO refunds (id, created_at, amount_fen, status, reason, idempotency_key, paid_at, payment_id, order_id, person_id) SELECT 'x', created_at, 1, 'PAID', '', 'x', created_at, id, order_id, 'x' FROM payments WHERE bill_id IS NULL LIMIT 1`,
		"what refunds took back of a share, or of VAT, is never more than it was, and all of it once everything went back":           `INSERT INTO refunds (id, created_at, amount_fen, status, reason, idempotency_key, paid_at, payment_id, order_id, person_id) SELECT 'x', created_at, amount_fen, 'PAID', '', 'x', created_at, id, order_id, 'x' FROM payments WHERE bill_id IS NULL LIMIT 1`,
		"a dispute is of a payment that took money, and a refund of it was lost and no more than it asked":                           `INSERT INTO disputes (id, created_at, reference, state, amount_fen, opened_at, payment_id, order_id) SELECT 'x', created_at, 'x', 'INQUIRY', 1, created_at, id, 'x' FROM payments LIMIT 1`,
		"the right of an order whose payment is disputed is not in use":                                                              `INSERT INTO disputes (id, created_at, reference, state, amount_fen, opened_at, payment_id, order_id) SELECT 'x', e.created_at, 'x', 'OPEN', 1, e.created_at, p.id, p.order_id FROM payments p JOIN entitlements e ON e.order_id = p.order_id WHERE e.status = 'ACTIVE' LIMIT 1`,
		"a statement opens with what the one before it closed":                                                                       `INSERT INTO statements (id, created_at, month, status, opening_fen, earned_fen, reversed_fen, paid_fen, closing_fen, lines, contributor_id) VALUES ('x', '2020-02-01', '2020-01', 'FINAL', 0, 0, 0, 0, 5, '[]', 'x'), ('y', '2020-03-01', '2020-02', 'FINAL', 0, 0, 0, 0, 0, '[]', 'x')`,
		"a final statement says what the ledger says of its month":                                                                   `INSERT INTO statements (id, created_at, month, status, opening_fen, earned_fen, reversed_fen, paid_fen, closing_fen, lines, contributor_id) VALUES ('x', '2020-02-01', '2020-01', 'FINAL', 0, 1, 0, 0, 1, '[]', 'x')`,
		"a contributor that earned in a month with final statements has one of it":                                                   `INSERT INTO statements (id, created_at, month, status, opening_fen, earned_fen, reversed_fen, paid_fen, closing_fen, lines, contributor_id) SELECT 'x', created_at, strftime('%Y-%m', created_at, '+8 hours'), 'FINAL', 0, 0, 0, 0, 0, '[]', 'x' FROM postings LIMIT 1`,
		"no batch pays more than its lines, and a line that was paid has its entry":                                                  `INSERT INTO payout_batches (id, created_at, month, status, lines, total_fen, idempotency_key, request_hash, organisation_id, person_id) SELECT id, created_at, '2020-01', 'APPROVED', '[]', 1, id, '', 'x', 'x' FROM entries; UPDATE entries SET payout_batch_id = id`,
		"a line of a batch that was paid names the account into which it went, but for the treasury's":                               `INSERT INTO payout_batches (id, created_at, month, status, lines, total_fen, idempotency_key, request_hash, organisation_id, person_id) SELECT 'x', created_at, '2020-01', 'APPROVED', '[{"payee":"CONTRIBUTOR","state":"CONFIRMED"}]', 1, id, '', 'x', 'x' FROM entries LIMIT 1`,
		"no two accounts are the same":                                                                                                                           `UPDATE accounts SET organisation_id = (SELECT id FROM organisations LIMIT 1)`,
		"an entitlement's used bytes are those of its uses":                                                                                                      `UPDATE entitlements SET used_bytes = used_bytes + 1`,
		"an entitlement is within its quota":                                                                                                                     `UPDATE entitlements SET used_calls = 11 WHERE quota_calls = 10`,
		"an invoice is of a payment that succeeded, of the same order and bill, and live for it alone":                                                           invoiced("'ISSUED'", "amount_fen") + `; UPDATE invoices SET live_for = order_id`,
		"an invoice that was issued, less the red ones to it, says what was paid by its payment and not refunded":                                                invoiced("'ISSUED'", "amount_fen + 1"),
		"a red invoice is to one that was issued, for a refund of the same order that is paid, and takes back no more than it gave":                              invoiced("'REFUSED'", "amount_fen") + `; INSERT INTO invoices (id, created_at, kind, colour, status, holder, vat_rate, net_fen, vat_fen, total_fen, idempotency_key, request_hash, order_id, payment_id, buyer_id, operator_id, person_id, blue_id, refund_id) SELECT 'z', created_at, kind, 'RED', 'REQUESTED', holder, vat_rate, net_fen, vat_fen, total_fen, 'z', '', order_id, payment_id, buyer_id, operator_id, person_id, id, 'x' FROM invoices`,
		"an order is paid if and only if exactly one payment of its total succeeded, or it costs nothing":                                                        `UPDATE payments SET state = 'FAILED'`,
		"what is owed of a bill is its total less what payments brought, and what banks took back of them again; one payment of it at most is on its way":        `UPDATE bills SET owed_fen = 1 WHERE total_fen > 0`,
		"a bill is of a metered order that is confirmed, and of its buyer and product":                                                                           `UPDATE bills SET buyer_id = product_id`,
		"a bill brings the credit that the one before carried":                                                                                                   `UPDATE bills SET brought_fen = -1 WHERE month = '2026-04'`,
		"a payment of a bill has exactly one entry if and only if it succeeded":                                                                                  `UPDATE payments SET state = 'FAILED' WHERE bill_id IS NOT NULL`,
		"a reversal takes back what its use took, and nothing else is below 0":                                                                                   `UPDATE usages SET row_count = -9 WHERE kind = 'REVERSAL'`,
		"what an entry of a payment takes from the provider is the total of the order, or what was paid of the bill":                                             `UPDATE postings SET amount_fen = amount_fen + 1 WHERE position = 0`,
		"what an entry of a payment gives to VAT is the VAT of the order or bill, of a part of a bill its part but for rounding":                                 `UPDATE postings SET amount_fen = amount_fen + 1 WHERE position = 1`,
		"the shares of an entry of a payment are what it takes from the provider less VAT":                                                                       `UPDATE postings SET amount_fen = amount_fen + 1 WHERE position = 2`,
		"an entitlement's used calls are those of its uses":                                                                                                      `UPDATE entitlements SET used_calls = used_calls + 1`,
		"an entitlement's quota is what was bought, of a package at least its allowance, and none where each month is billed; less only where a refund was paid": `UPDATE entitlements SET quota_calls = 9 WHERE quota_calls = 10`,
		"the right of an order that was given back whole is taken back":                                                                                          `INSERT INTO refunds (id, created_at, amount_fen, status, reason, idempotency_key, paid_at, payment_id, order_id, person_id) SELECT 'x', created_at, amount_fen, 'PAID', '', 'x', created_at, id, order_id, 'x' FROM payments WHERE bill_id IS NULL LIMIT 1`,
		"an entitlement is for its order's buyer, product and purpose":                                                                                           `UPDATE entitlements SET purpose = 'SECTOR'`,
		"a free entitlement comes from an approved application for free use, and serves its applicant, its product and a free purpose":                           `UPDATE entitlements SET order_id = NULL`,
		"an approved application for free use has its entitlement":                                                                                               `INSERT INTO proceedings (id, created_at, kind, state, subject_id, subject_name, application, evidence, applicant_id, submitter_id) SELECT 'x', created_at, 'FREE_USE_APPLICATION', 'APPROVED', product_id, '', '{}', '[]', organisation_id, 'x' FROM entitlements LIMIT 1`,
		"a use is of its entitlement's product and purpose, and what was called of its credential":                                                               `UPDATE usages SET purpose = 'SECTOR'`,
		"a download that was metered is a use of its entitlement":                                                                                                `INSERT INTO downloads (id, created_at, token_hash, purpose, expires_at, usage_id, entitlement_id, credential_id, dataset_id) SELECT 'x', created_at, 'x', purpose, created_at, id, entitlement_id, credential_id, dataset_id FROM usages LIMIT 1`,
		"a credential ends with its entitlement at the latest":                                                                                                   `UPDATE credentials SET expires_at = '2099-01-01 00:00:00+00:00'`,
		"a listed product serves an accepted dataset of its own":                                                                                                 `UPDATE products SET dataset_id = NULL`,
	}
	for _, invariant := range store.Invariants() {
		statement, ok := breaches[invariant.Name]
		if !ok {
			t.Errorf("nothing breaks that %s", invariant.Name)
			continue
		}
		delete(breaches, invariant.Name)
		t.Run(invariant.Name, func(t *testing.T) {
			onSQLite(t, func(t *testing.T, w *world) {
				s := newShop(t, w)
				ctx, c := s.system()
				e := c.Entitlement.Query().Where(entitlement.OrderID(s.paid(t, s.product.PerCall, 10))).OnlyX(ctx)
				_, secret, err := s.CredentialIssue(s.buyer, CredentialInput{EntitlementID: e.ID, IdempotencyKey: "k"})
				if err != nil {
					t.Fatal(err)
				}
				call := RowsCall{Secret: secret, ProductID: s.product.ID, Purpose: purpose.Industry}
				if _, err := s.DataRows(context.Background(), call, func(Rows) []byte { return []byte("{}") }); err != nil {
					t.Fatal(err)
				}
				s.billed(t)
				storetest.Reconciled(t, s.world.Store)
				past(t, s, statement)
				found, err := s.world.Store.Reconcile(context.Background())
				if err != nil || !slices.ContainsFunc(found, func(b store.Breach) bool { return b.Name == invariant.Name && len(b.Rows) > 0 }) {
					t.Fatalf("found %+v, %v", found, err)
				}
			})
		})
	}
	for name := range breaches {
		t.Errorf("there is no invariant that %s", name)
	}
}

// billed has a metered order with a bill that is paid, one of nothing, and a use that was taken back.
func (s *shop) billed(t *testing.T) {
	t.Helper()
	m := s.metered(t, storetest.Flat(pricing.PerCall, "1"))
	m.call(t, "")
	m.clock = m.clock.Add(time.Hour)
	_, err := s.UsageReverse(m.publisher, m.report(t, 1, m.clock.Add(-time.Minute)), "误报")
	must(t, err)
	m.issue(t, "2026-05-01 01:00", 2)
	ctx, c := s.system()
	_, err = s.BillPay(s.buyer, c.Bill.Query().Where(bill.Month("2026-03")).OnlyIDX(ctx), OrderPayInput{paytest.Name, "bill"})
	must(t, err)
}

// onSQLite runs a test in a world on SQLite alone; that the statements run on Postgres, every other test shows.
func onSQLite(t *testing.T, run func(t *testing.T, w *world)) {
	t.Helper()
	w, err := openWorld((&url.URL{Scheme: "sqlite", Path: filepath.Join(t.TempDir(), "gongshu.db")}).String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.Store.Close() })
	if _, err := w.Store.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := w.LoadPolicies(t.Context()); err != nil {
		t.Fatal(err)
	}
	run(t, w)
}

// past runs a statement past triggers and constraints.
func past(t *testing.T, s *shop, statement string) {
	t.Helper()
	conn, err := s.world.Store.Writer().Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	rows, err := conn.QueryContext(t.Context(), "SELECT name FROM sqlite_master WHERE type = 'trigger'")
	if err != nil {
		t.Fatal(err)
	}
	statements := []string{"PRAGMA foreign_keys = OFF", "PRAGMA ignore_check_constraints = ON"}
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		statements = append(statements, "DROP TRIGGER "+name)
	}
	rows.Close()
	for _, one := range append(statements, statement) {
		result, err := conn.ExecContext(t.Context(), one)
		if err != nil {
			t.Fatalf("%s: %v", one, err)
		}
		if n, _ := result.RowsAffected(); one == statement && n == 0 {
			t.Fatalf("%s changed nothing", one)
		}
	}
}
