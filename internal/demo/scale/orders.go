package scale

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"

	"gongshu/internal/authorisation"
	"gongshu/internal/market"
	"gongshu/internal/ordering"
	"gongshu/internal/purpose"
	"gongshu/internal/store"
	"gongshu/pricing"
)

// provider is whom the orders were paid through: the built-in test payment, which moves no money.
const provider = "test"

// layOrder writes the n-th of all orders with everything that it brought about. Nine of ten are paid; of the rest some wait,
// some with a payment that failed, and some were cancelled.
func (s *scheme) layOrder(b *batch, n, of int) error {
	r := s.of("order", n)
	at := ordersAt.Add(time.Duration(float64(n) / float64(of) * float64(ordersTake))).Truncate(time.Millisecond)
	p := s.product(scattered(s.ordering.pick(r), s.count))
	chosen, buyer := pick(r, p.plans), s.buyers[s.buying.pick(r)]
	order, err := s.agree(r, p, chosen)
	if err != nil {
		return fmt.Errorf("order %d of product %d: %w", n, p.n, err)
	}
	order.ID, order.BuyerID, order.PersonID = s.id("orders", n, at), buyer.id, buyer.person
	order.IdempotencyKey = fmt.Sprintf("scale-%d", n)
	order.RequestHash = fingerprint(order.IdempotencyKey)
	paidAt := at.Add(5 * time.Minute)
	pay := payment{id: s.id("payments", n, at), n: n, at: at.Add(2 * time.Minute), settledAt: paidAt}
	version, status := 1, ordering.OrderPlaced
	var paid, cancelled any
	switch dice := r.IntN(100); {
	case dice < 90:
		version, status, paid = 3, ordering.OrderPaid, paidAt
		s.layPayment(b, order, pay, ordering.PaymentSucceeded)
		if err := s.layPaid(b, r, p, order, pay); err != nil {
			return fmt.Errorf("order %d: %w", n, err)
		}
	case dice < 93 && order.TotalFen > 0:
		version = 2
		s.layPayment(b, order, pay, ordering.PaymentFailed)
	case dice < 97:
		version, status, cancelled = 2, ordering.OrderCancelled, paidAt
	}
	b.add("orders", order.ID, at, version, status, order.Purpose, order.Quantity, int64(order.NetFen), int64(order.VATFen), int64(order.TotalFen),
		jsonOf(order.Terms), order.IdempotencyKey, order.RequestHash, paid, cancelled, order.BuyerID, order.ProductID, order.PlanID, order.PersonID)
	return nil
}

// scattered spreads the places that are picked most over all products, old and new.
func scattered(place, count int) int { return int(uint64(place) * 2_654_435_761 % uint64(count)) }

// agree prices an order as orderPlace does.
func (s *scheme) agree(r *rand.Rand, p product, chosen plan) (store.Order, error) {
	o := store.Order{ProductID: p.id, PlanID: chosen.id, Purpose: pick(r, p.operator.pays), Quantity: quantityOf(r, chosen.tariff.Mode)}
	quotation, err := pricing.Quote(pricing.Request{
		Terms:    pricing.Terms{Purpose: o.Purpose, Tariff: chosen.tariff, Cap: chosen.cap, VATRate: s.policies.VATRate},
		Quantity: o.Quantity, Trial: chosen.cap == nil,
	})
	if err != nil {
		return o, err
	}
	o.NetFen, o.VATFen, o.TotalFen = quotation.NetFen, quotation.VATFen, quotation.TotalFen
	o.Terms = ordering.Terms{
		ProductName: p.name.zh, ProductNameEn: p.name.en, ProductContentNumber: 1, PlanName: chosen.name.zh, PlanNameEn: chosen.name.en,
		TermMonths: chosen.term, Tariff: chosen.tariff, Quotation: quotation, AllocationRuleID: p.rule.String(), Licence: s.policies.Licence,
	}
	return o, nil
}

func quantityOf(r *rand.Rand, mode pricing.ChargingMode) int64 {
	switch mode {
	case pricing.PerCall:
		return 100 * (1 + r.Int64N(500))
	case pricing.PerVolume:
		return 50 * (1 + r.Int64N(100))
	case pricing.PerPeriod:
		return 1 + r.Int64N(4)
	}
	return 1
}

type payment struct {
	id            uuid.UUID
	n             int
	at, settledAt time.Time
}

func (s *scheme) layPayment(b *batch, o store.Order, p payment, state ordering.PaymentState) {
	reference := ""
	if o.TotalFen > 0 {
		reference = fmt.Sprintf("test-scale-%d", p.n)
	}
	b.add("payments", p.id, p.at, 2, provider, state, reference, int64(o.TotalFen), fmt.Sprintf("scale-pay-%d", p.n), p.settledAt, o.ID)
}

// layPaid writes what a payment brings about: the right with its use, and the postings.
func (s *scheme) layPaid(b *batch, r *rand.Rand, p product, o store.Order, pay payment) error {
	bought, err := market.EntitlementOf(o, pay.settledAt, s.policies.FloodSeason)
	if err != nil {
		return err
	}
	s.layRight(b, r, p, right{Entitlement: bought, n: pay.n, table: "entitlements", holder: o.BuyerID, person: o.PersonID, order: o.ID})
	if o.TotalFen == 0 {
		return nil
	}
	shares, err := pricing.FixedWeights(1, p.parts).Split(o.NetFen)
	if err != nil {
		return err
	}
	payees := map[string]store.Account{}
	for _, paid := range append([]*body{&p.operator.body, &s.platform}, p.contributors()...) {
		if payees[paid.id.String()], err = s.payee(*paid); err != nil {
			return err
		}
	}
	entry := s.id("entries", pay.n, pay.settledAt)
	b.add("entries", entry, pay.settledAt, "PAYMENT:"+pay.id.String(), o.ID, pay.id)
	postings, err := market.PostingsOf(o, p.rule, provider, shares, payees)
	if err != nil {
		return err
	}
	for i, posting := range postings {
		var contributor, rule, channel any
		if posting.ContributorID != uuid.Nil {
			contributor, rule, channel = posting.ContributorID, posting.RuleID, posting.Channel
		}
		b.add("postings", s.id("postings", pay.n*16+i, pay.settledAt), pay.settledAt, i, int64(posting.AmountFen), channel, posting.Basis, entry,
			s.accounts[posting.From.Code()], s.accounts[posting.To.Code()], contributor, p.id, rule)
	}
	return nil
}

// right is an entitlement with what its rows need beside it.
type right struct {
	ordering.Entitlement
	n              int
	table          string // which names the series that n counts in
	holder, person uuid.UUID
	order, free    any // the order, or the proceeding, that it stems from
	scenario       string
}

// layRight writes a right; six of ten have a credential, and up to four uses by it.
func (s *scheme) layRight(b *batch, r *rand.Rand, p product, e right) {
	id := s.id(e.table, e.n, e.StartsAt)
	var calls, bytes any
	if e.Quota != nil && e.Unit == ordering.QuotaMegabyte {
		bytes = *e.Quota
	} else if e.Quota != nil {
		calls = *e.Quota
	}
	var used, usedBytes int64
	if chance(r, 60) {
		at := e.StartsAt.Add(10 * time.Minute)
		credential := s.id(e.table+" credential", e.n, at)
		secret := fingerprint(fmt.Sprintf("scale secret of %s", credential)) // of a text that opens nothing: nobody holds such a secret
		b.add("credentials", credential, at, "业务系统（合成）", secret, "gsk_syn*", ordering.CredentialActive, *e.ExpiresAt, "scale-credential", id, e.person)
		for k := range r.IntN(5) {
			usedBytes += s.layUse(b, r, p, e, id, credential, k, at.Add(time.Duration(k+1)*time.Hour))
			used++
		}
	}
	b.add("entitlements", id, e.StartsAt, e.Purpose, e.scenario, e.Status, calls, bytes, used, usedBytes, e.StartsAt, *e.ExpiresAt, e.holder, p.id, e.order, e.free)
}

// layUse writes one use, a page of rows or a download, and returns its bytes.
func (s *scheme) layUse(b *batch, r *rand.Rand, p product, e right, of, credential uuid.UUID, k int, at time.Time) int64 {
	from := s.served[p.resource.field]
	id := s.id(e.table+" use", e.n*8+k, at)
	kind, rows, size := ordering.UsageRows, int64(20), int64(900+r.IntN(900))
	if p.delivery == authorisation.DeliveryFile {
		kind, rows, size = ordering.UsageFile, from.rows, from.csv.Bytes
		download := s.id(e.table+" download", e.n*8+k, at)
		b.add("downloads", download, at, fingerprint(download.String()), e.Purpose, at.Add(15*time.Minute), id, of, credential, p.dataset)
	}
	key := "scale-" + id.String()
	b.add("usages", id, at, at, key, fingerprint(key), kind, e.Purpose, rows, size, of, credential, p.id, p.dataset)
	return size
}

// layFreeUse writes the n-th approved application for free use, with its right.
func (s *scheme) layFreeUse(b *batch, n, of int) error {
	r := s.of("free use", n)
	at := ordersAt.Add(time.Duration(float64(n) / float64(of) * float64(ordersTake))).Truncate(time.Millisecond)
	p, applicant, to, use := s.product(scattered(s.ordering.pick(r), s.count)), pick(r, s.welfare), pick(r, []purpose.Purpose{purpose.Governance, purpose.Welfare}), pick(r, uses)
	scenario := "合成场景：" + use.zh
	asked := proceeding{
		kind: authorisation.ProceedingFreeUse, n: n, subject: p.id, subjectName: p.name.zh, applicant: applicant.id, submitter: applicant.person, at: at,
		application: authorisation.Application{Purpose: to, Scenario: scenario, LicenceVersion: s.policies.Licence.Version},
		key:         fmt.Sprintf("scale-free-%d", n), decisions: []decided{{authorisation.StepAgency, s.agency.id, s.agency.person}},
	}
	given, err := ordering.NewFreeEntitlement(to, ordering.Quota{Unit: ordering.QuotaCall, Months: s.policies.FreeUseMonths}, asked.decidedAt())
	if err != nil {
		return fmt.Errorf("free use %d: %w", n, err)
	}
	s.layRight(b, r, p, right{
		Entitlement: given, n: n, table: "free entitlements", holder: applicant.id, person: applicant.person, free: s.layProceeding(b, asked), scenario: scenario,
	})
	return nil
}

// fingerprint is the SHA-256 of a text, as hashes of requests and secrets are stored.
func fingerprint(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}
