package market

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/url"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/govalues/decimal"

	"gongshu/ent/db"
	dbaccount "gongshu/ent/db/account"
	"gongshu/ent/db/bill"
	"gongshu/ent/db/entitlement"
	"gongshu/ent/db/order"
	"gongshu/ent/db/payment"
	"gongshu/ent/db/payoutbatch"
	"gongshu/ent/db/proceeding"
	"gongshu/ent/db/refund"
	dbstatement "gongshu/ent/db/statement"
	"gongshu/internal/authorisation"
	"gongshu/internal/fault"
	"gongshu/internal/ordering"
	pay "gongshu/internal/payment"
	paytest "gongshu/internal/payment/test"
	"gongshu/internal/purpose"
	"gongshu/pricing"
)

// campaign is how many acts a drawn history has, and from which seed it is drawn: in full 2,000, of a seed of its own each time.
// GONGSHU_SEED draws one again.
func campaign(t *testing.T) (steps int, seed uint64) {
	t.Helper()
	steps, seed = 400, 4
	if os.Getenv("GONGSHU_CAMPAIGN") == "full" {
		steps, seed = 2000, uint64(time.Now().UnixNano())
	}
	if text := os.Getenv("GONGSHU_SEED"); text != "" {
		var err error
		seed, err = strconv.ParseUint(text, 10, 64)
		must(t, err)
	}
	t.Logf("%d steps of GONGSHU_SEED=%d", steps, seed)
	return steps, seed
}

// witness keeps what the payment provider was asked for, so that its books can be held against the ledger.
type witness struct {
	*paytest.Provider
	paid     map[string]pay.Request
	refunded map[string]pay.RefundRequest
}

func (w *witness) Pay(ctx context.Context, r pay.Request) (pay.Result, error) {
	w.paid[r.Key] = r
	return w.Provider.Pay(ctx, r)
}

func (w *witness) Refund(ctx context.Context, r pay.RefundRequest) (pay.Result, error) {
	w.refunded[r.Key] = r
	return w.Provider.Refund(ctx, r)
}

// holds is what the provider took less what it gave back.
func (w *witness) holds(ctx context.Context) (fen pricing.Fen) {
	for _, r := range w.paid {
		if got, err := w.Lookup(ctx, r); err == nil && got.State == ordering.PaymentSucceeded {
			fen += r.AmountFen
		}
	}
	for _, r := range w.refunded {
		if got, err := w.LookupRefund(ctx, r); err == nil && got.State == ordering.PaymentSucceeded {
			fen -= r.AmountFen
		}
	}
	return fen
}

// use is one that was reported.
type use struct {
	id       uuid.UUID
	right    int
	at       time.Time
	quantity int64
	back     bool
}

// history is a market in which everybody acts at random.
type history struct {
	*books
	*testing.T
	r       *rand.Rand
	witness *witness
	metered []*meteredOrder
	uses    []use
	secrets []string
	// far is how far the clock goes at once at most.
	far     time.Duration
	done    map[string]int
	refused map[string]int
}

// act is something that somebody may try; a refusal is an answer as good as any, as long as it changes nothing that must hold.
type act struct {
	name string
	// often is out of how many its turn comes.
	often int
	do    func(h *history) error
}

var acts = []act{
	{"order", 12, (*history).anOrder},
	{"pay an order", 14, (*history).aPayment},
	{"cancel an order", 2, (*history).aCancellation},
	{"ask what became of payments and refunds", 4, func(h *history) error {
		h.provider.Behave(paytest.Pays)
		_, err := h.PaymentsResume(h.Context())
		if err == nil {
			_, err = h.RefundsResume(h.Context())
		}
		return err
	}},
	{"call", 10, (*history).aCall},
	{"report a use", 12, (*history).aReport},
	{"take a use back", 3, (*history).aReversal},
	{"issue bills", 5, func(h *history) error {
		_, err := h.BillsIssue(h.Context())
		return err
	}},
	{"pay a bill", 6, (*history).aBillPayment},
	{"ask for a refund", 6, (*history).aRefund},
	{"decide on a refund", 6, aDecision(authorisation.ProceedingRefund, authorisation.StepOperator, func(h *history) context.Context { return h.otherFinance })},
	{"take an application for a refund back", 3, (*history).aWithdrawal},
	{"agree on a rule", 3, (*history).aRule},
	{"decide on a rule", 4, aDecision(authorisation.ProceedingAllocation, authorisation.StepAgency, func(h *history) context.Context { return h.agency })},
	{"draw statements", 3, func(h *history) error {
		_, err := h.StatementsDraw(h.finance, h.aMonth())
		return err
	}},
	{"close statements", 6, func(h *history) error {
		_, err := h.StatementsFinalise(h.finance, h.aMonth())
		return err
	}},
	{"object to a statement", 2, (*history).anObjection},
	{"answer an objection", 2, (*history).anAnswer},
	{"prepare a payout", 4, (*history).aPayout},
	{"decide on a payout", 5, aDecision(authorisation.ProceedingPayout, authorisation.StepPlatform, func(h *history) context.Context { return h.approver })},
	{"hear from the bank", 6, (*history).aBankLine},
	{"do what time brings about", 2, func(h *history) error {
		_, err := h.Sweep(h.Context())
		h.Status(h.T, h.product, authorisation.ProductListed) // the gate asks for more than this shop has
		return err
	}},
	{"let time go by", 6, func(h *history) error {
		h.clock = h.clock.Add(time.Minute + time.Duration(h.r.Int64N(int64(h.far))))
		return nil
	}},
}

// Whatever everybody does, in whatever order, whatever the provider answers: after every act each invariant of money and rights
// holds, at the end the ledger says what the provider's own books say, and the bills say what all uses cost that count by then.
func TestTheBooksHoldWhateverHappens(t *testing.T) {
	steps, seed := campaign(t)
	eachBooks(t, func(t *testing.T, b *books) {
		h := newHistory(t, b, steps, seed)
		weights := 0
		for _, a := range acts {
			weights += a.often
		}
		for step := range steps {
			at := h.r.IntN(weights)
			i := slices.IndexFunc(acts, func(a act) bool { at -= a.often; return at < 0 })
			h.try(acts[i])
			breaches, err := h.world.Store.Reconcile(t.Context())
			must(t, err)
			if len(breaches) > 0 {
				t.Fatalf("step %d, %s: %+v", step, acts[i].name, breaches)
			}
		}
		h.end()
		for _, a := range acts {
			if h.done[a.name] == 0 {
				t.Errorf("nobody could %s", a.name)
			}
		}
		t.Logf("done %v\nrefused %v", h.done, h.refused)
	})
}

func newHistory(t *testing.T, b *books, steps int, seed uint64) *history {
	t.Helper()
	h := &history{
		books: b, T: t, r: rand.New(rand.NewPCG(seed, 0)), done: map[string]int{}, refused: map[string]int{},
		far:     time.Duration(280*24*2*time.Hour) / time.Duration(max(steps/20, 1)),
		witness: &witness{Provider: b.provider, paid: map[string]pay.Request{}, refunded: map[string]pay.RefundRequest{}},
	}
	b.Payments = map[string]pay.Provider{paytest.Name: h.witness}
	graduated := pricing.Tariff{Mode: pricing.PerCall, Schedule: pricing.Schedule{Scheme: pricing.Graduated, Bands: []pricing.Band{
		{UpTo: new(int64(10)), Rate: decimal.MustParse("1")}, {Rate: decimal.MustParse("0.5")},
	}}}
	flat := pricing.Tariff{Mode: pricing.PerCall, Schedule: pricing.Schedule{Scheme: pricing.Flat, Bands: []pricing.Band{{Rate: decimal.MustParse("0.55")}}}}
	h.metered = []*meteredOrder{b.shop.metered(t, flat), b.shop.ofAnother(t).metered(t, graduated)}
	return h
}

// try does an act, and fails the test for an answer that is no refusal.
func (h *history) try(a act) {
	h.Helper()
	err := a.do(h)
	switch faults := fault.All(err); {
	case err == nil:
		h.done[a.name]++
	case len(faults) > 0:
		for _, f := range faults {
			h.refused[a.name+": "+f.Code]++
		}
	default:
		h.Fatalf("%s: %v", a.name, err)
	}
}

// nothing is the refusal of an act that finds nothing to act on.
var nothing = fault.New(fault.Conflict, "NOTHING_THERE", "There is nothing to act on.")

func chosen[T any](h *history, from []T) (one T, err error) {
	if len(from) == 0 {
		return one, nothing
	}
	return from[h.r.IntN(len(from))], nil
}

// behave makes the provider answer as providers do: mostly well.
func (h *history) behave() {
	h.provider.Behave([]paytest.Behaviour{
		paytest.Pays, paytest.Pays, paytest.Pays, paytest.Pays, paytest.Pays, paytest.Pays, paytest.Refuses, paytest.Unreachable, paytest.Silent,
	}[h.r.IntN(9)])
}

// aMonth is one of the last three.
func (h *history) aMonth() string {
	this := pricing.MonthOf(h.clock)
	for range h.r.IntN(3) {
		this = this.Before()
	}
	return this.String()
}

func (h *history) anOrder() error {
	plans := []uuid.UUID{h.product.PerCall, h.product.PerCall, h.product.PerVolume, h.product.PerPeriod, h.product.PerProduct, h.product.Gratis}
	in := h.input(uuid.NewString())
	in.PlanID, in.Quantity = plans[h.r.IntN(len(plans))], 1+h.r.Int64N(40)
	if in.PlanID == h.product.PerProduct {
		in.Quantity = 1
	}
	_, err := h.OrderPlace(h.buyer, in)
	return err
}

func (h *history) aPayment() error {
	ctx, c := h.system()
	id, err := chosen(h, c.Order.Query().Where(order.StatusEQ(ordering.OrderPlaced)).Order(db.Asc(order.FieldID)).IDsX(ctx))
	if err != nil {
		return err
	}
	h.behave()
	// A key now and then that was used before, for this order or another.
	if _, err = h.OrderPay(h.buyer, id, OrderPayInput{paytest.Name, fmt.Sprint(id, h.r.IntN(3))}); err != nil {
		return err
	}
	right, err := c.Entitlement.Query().Where(entitlement.OrderID(id)).OnlyID(ctx)
	if db.IsNotFound(err) {
		return nil // the outcome is not known, or it failed
	}
	must(h.T, err)
	_, secret, err := h.CredentialIssue(h.buyer, CredentialInput{EntitlementID: right, Name: "machine", IdempotencyKey: uuid.NewString()})
	h.secrets = append(h.secrets, secret)
	return err
}

func (h *history) aCancellation() error {
	ctx, c := h.system()
	id, err := chosen(h, c.Order.Query().Where(order.StatusEQ(ordering.OrderPlaced)).Order(db.Asc(order.FieldID)).IDsX(ctx))
	if err != nil {
		return err
	}
	return h.OrderCancel(h.buyer, id)
}

func (h *history) aCall() error {
	if h.r.IntN(2) == 0 {
		i := h.r.IntN(len(h.metered))
		m := h.metered[i]
		h.uses = append(h.uses, use{right: i, at: h.clock, quantity: 1})
		m.call(h.T, "")
		return nil
	}
	secret, err := chosen(h, h.secrets)
	if err != nil {
		return err
	}
	_, err = h.DataRows(h.Context(), RowsCall{Secret: secret, ProductID: h.product.ID, Purpose: purpose.Industry, Query: url.Values{"first": {"1"}}},
		func(Rows) []byte { return make([]byte, 100) })
	return err
}

// aReport is of a use up to 70 days ago: late more often than not.
func (h *history) aReport() error {
	i := h.r.IntN(len(h.metered))
	u := use{right: i, at: h.clock.Add(-time.Duration(h.r.Int64N(int64(70 * 24 * time.Hour)))), quantity: 1 + h.r.Int64N(20)}
	if u.at.Before(today) {
		u.at = h.clock
	}
	m := h.metered[i]
	m.reported++
	in := UsageReportInput{EntitlementID: m.right, Quantity: u.quantity, UsedAt: u.at, IdempotencyKey: fmt.Sprint("report ", m.reported)}
	id, err := h.UsageReport(m.publisher, in)
	if err != nil {
		return err
	}
	if again, err := h.UsageReport(m.publisher, in); err != nil || again != id {
		h.Fatalf("reported again it is %s, %v", again, err)
	}
	u.id = id
	h.uses = append(h.uses, u)
	return nil
}

func (h *history) aReversal() error {
	var open []int
	for i, u := range h.uses {
		if u.id != uuid.Nil && !u.back {
			open = append(open, i)
		}
	}
	i, err := chosen(h, open)
	if err != nil {
		return err
	}
	if _, err := h.UsageReverse(h.metered[0].publisher, h.uses[i].id, "误报"); err != nil {
		return err
	}
	h.uses[i].back = true
	return nil
}

func (h *history) aBillPayment() error {
	ctx, c := h.system()
	b, err := chosen(h, c.Bill.Query().Where(bill.StatusEQ(ordering.BillIssued)).Order(db.Asc(bill.FieldID)).AllX(ctx))
	if err != nil {
		return err
	}
	h.behave()
	_, err = h.BillPay(h.buyerOf(b.OrderID), b.ID, OrderPayInput{paytest.Name, fmt.Sprint(b.ID, h.r.IntN(3))})
	return err
}

// aRefund is of a part, now and then of more than there is.
func (h *history) aRefund() error {
	ctx, c := h.system()
	p, err := chosen(h, c.Payment.Query().Where(payment.StateEQ(ordering.PaymentSucceeded)).Order(db.Asc(payment.FieldID)).AllX(ctx))
	if err != nil {
		return err
	}
	fen := pricing.Fen(1 + h.r.Int64N(p.AmountFen+p.AmountFen/8+1))
	if h.r.IntN(3) == 0 {
		fen = pricing.Fen(p.AmountFen)
	}
	as := []context.Context{h.buyerOf(p.OrderID), h.operatorFinance}[h.r.IntN(2)]
	_, err = h.RefundRequest(as, RefundInput{OrderID: p.OrderID, PaymentID: p.ID, AmountFen: fen, Reason: "没有用到", IdempotencyKey: uuid.NewString()})
	return err
}

// buyerOf is who bought, by the metered orders; the others are the shop's buyer's.
func (h *history) buyerOf(orderID uuid.UUID) context.Context {
	for _, m := range h.metered {
		if m.order == orderID {
			return m.buyer
		}
	}
	return h.buyer
}

// aDecision is on any proceeding of a kind that waits.
func aDecision(kind authorisation.ProceedingKind, step authorisation.Step, who func(*history) context.Context) func(*history) error {
	return func(h *history) error {
		ctx, c := h.system()
		id, err := chosen(h, c.Proceeding.Query().Where(proceeding.KindEQ(kind), proceeding.StateEQ(authorisation.StateSubmitted)).Order(db.Asc(proceeding.FieldID)).IDsX(ctx))
		if err != nil {
			return err
		}
		outcome := authorisation.OutcomeApprove
		if h.r.IntN(5) == 0 {
			outcome = authorisation.OutcomeRefuse
		}
		h.behave()
		return h.ProceedingDecide(who(h), id, DecisionInput{Step: step, Outcome: outcome, Reason: "依据充分"})
	}
}

func (h *history) aWithdrawal() error {
	ctx, c := h.system()
	id, err := chosen(h, c.Proceeding.Query().Where(proceeding.KindEQ(authorisation.ProceedingRefund), proceeding.StateEQ(authorisation.StateSubmitted)).Order(db.Asc(proceeding.FieldID)).IDsX(ctx))
	if err != nil {
		return err
	}
	return h.ProceedingWithdraw([]context.Context{h.buyer, h.operatorFinance}[h.r.IntN(2)], id)
}

// aRule is of any kind, between the operator and the platform: this product has no data of anybody else's.
func (h *history) aRule() error {
	who := []string{h.Operator.String(), h.platform.String()}
	parts := []pricing.Part{
		{Contributor: who[0], Basis: "运营", Channel: pricing.ChannelProfit}, {Contributor: who[1], Basis: "平台", Channel: pricing.ChannelCost},
	}
	rule := pricing.AllocationRule{Parts: parts}
	switch h.r.IntN(4) {
	case 0:
		rule.Kind, rule.Whole = pricing.AllocationFixed, 97
		parts[0].Weight = 1 + h.r.Int64N(96)
		parts[1].Weight = 97 - parts[0].Weight
	case 1:
		rule.Kind = pricing.AllocationCost
		parts[0].CostFen, parts[1].CostFen = pricing.Fen(1+h.r.Int64N(100_000)), pricing.Fen(1+h.r.Int64N(100_000))
	case 2:
		rule.Kind = pricing.AllocationUse
		for i := range parts {
			parts[i].Uses, parts[i].Quality = 1+h.r.Int64N(500), decimal.MustNew(1+h.r.Int64N(100), 2)
		}
	default:
		one, two := h.r.Int64N(100), h.r.Int64N(100)
		rule.Kind = pricing.AllocationShapley
		rule.Coalitions = []pricing.Coalition{{Members: who[:1], Value: one}, {Members: who[1:], Value: two}, {Members: who, Value: one + two + 1 + h.r.Int64N(50)}}
	}
	in := AllocationInput{ProductID: h.product.ID, Rule: rule, SourceDocument: "分配协议"}
	if h.r.IntN(3) == 0 {
		in.EffectiveFrom = authorisation.DayOf(h.clock).AddDays(h.r.IntN(40) - 20) // a closed month is refused
	}
	_, err := h.AllocationAgree(h.operatorSells, in)
	return err
}

func (h *history) anObjection() error {
	ctx, c := h.system()
	id, err := chosen(h, c.Statement.Query().Where(dbstatement.StatusEQ(pricing.StatementPreview), dbstatement.ContributorIDIn(h.Operator)).Order(db.Asc(dbstatement.FieldID)).IDsX(ctx))
	if err != nil {
		return err
	}
	return h.StatementObject(h.operatorFinance, id, "少算了一笔")
}

func (h *history) anAnswer() error {
	ctx, c := h.system()
	id, err := chosen(h, c.Statement.Query().Where(dbstatement.StatusEQ(pricing.StatementObjected)).Order(db.Asc(dbstatement.FieldID)).IDsX(ctx))
	if err != nil {
		return err
	}
	return h.StatementAnswer(h.finance, id, "逐笔核对无误")
}

// aPayout is of any month, more often of one in which somebody's statement is final.
func (h *history) aPayout() error {
	ctx, c := h.system()
	month, err := chosen(h, c.Statement.Query().Where(dbstatement.StatusEQ(pricing.StatementFinal)).Order(db.Asc(dbstatement.FieldID)).AllX(ctx))
	if err != nil {
		return err
	}
	in := PayoutPrepareInput{Month: month.Month, IdempotencyKey: uuid.NewString()}
	if h.r.IntN(3) == 0 {
		in.Month = h.aMonth()
	}
	_, err = h.PayoutPrepare(h.finance, in)
	return err
}

func (h *history) aBankLine() error {
	ctx, c := h.system()
	batch, err := chosen(h, c.PayoutBatch.Query().Where(payoutbatch.StatusIn(pricing.PayoutApproved, pricing.PayoutDone)).Order(db.Asc(payoutbatch.FieldID)).AllX(ctx))
	if err != nil {
		return err
	}
	line, err := chosen(h, batch.Lines)
	if err != nil {
		return err
	}
	in := PayoutConfirmInput{BatchID: batch.ID, ContributorID: uuid.MustParse(line.Contributor), Paid: h.r.IntN(5) > 0, Reason: "银行次日入账"}
	if in.Paid {
		in.Reference = "银行流水 " + line.Contributor
	}
	return h.PayoutConfirm(h.finance, in)
}

// end lets everything come to rest and compares the books with others that were kept apart.
func (h *history) end() {
	h.Helper()
	ctx, c := h.system()
	h.provider.Behave(paytest.Pays)
	for range 3 {
		h.clock = h.clock.AddDate(0, 1, 0)
		for _, resume := range []func(context.Context) (int, error){h.PaymentsResume, h.RefundsResume, h.BillsIssue} {
			_, err := resume(h.Context())
			must(h.T, err)
		}
	}
	if n := c.Payment.Query().Where(payment.StateIn(ordering.OpenPaymentStates...)).CountX(ctx) + c.Refund.Query().Where(refund.StatusEQ(ordering.RefundApproved)).CountX(ctx); n > 0 {
		h.Errorf("of %d payments and refunds nobody knows what became", n)
	}
	flow := map[pricing.AccountKind]pricing.Fen{}
	for _, p := range c.Posting.Query().AllX(ctx) {
		from, to := c.Account.Query().Where(dbaccount.ID(p.FromAccountID)).OnlyX(ctx), c.Account.Query().Where(dbaccount.ID(p.ToAccountID)).OnlyX(ctx)
		flow[from.Kind] -= pricing.Fen(p.AmountFen)
		flow[to.Kind] += pricing.Fen(p.AmountFen)
	}
	paidOut := pricing.Fen(0)
	for _, b := range c.PayoutBatch.Query().AllX(ctx) {
		for _, l := range b.Lines {
			if l.State == pricing.PayoutLineConfirmed {
				paidOut += l.AmountFen
			}
		}
	}
	if got, want := -flow[pricing.AccountProvider], h.witness.holds(ctx)-paidOut; got != want {
		h.Errorf("the ledger says that the provider holds %d fen, its own books %d", got, want)
	}
	for i, m := range h.metered {
		if got, want := billed(ctx, c, m.order), h.cost(i); !maps.Equal(got, want) {
			h.Errorf("metered order %d was billed %v by month, and its uses cost %v", i, got, want)
		}
	}
}

// billed is what each month came to by its bill and every later adjustment, less what refunds stand for.
func billed(ctx context.Context, c *db.Client, order uuid.UUID) map[string]pricing.Fen {
	months, stood := map[string]pricing.Fen{}, map[string]pricing.Fen{}
	for _, b := range c.Bill.Query().Where(bill.OrderID(order)).Order(db.Asc(bill.FieldMonth)).AllX(ctx) {
		months[b.Month] += pricing.Fen(b.RatedFen)
		for _, a := range b.Adjustments {
			months[a.Month] += a.AmountFen
			stood[a.Month] = a.RefundedFen
		}
	}
	for month, fen := range stood {
		months[month] -= fen
	}
	maps.DeleteFunc(months, func(_ string, fen pricing.Fen) bool { return fen == 0 })
	return months
}

// cost is what the uses of each month cost by a sum of its own.
func (h *history) cost(right int) map[string]pricing.Fen {
	quantity := map[string]int64{}
	for _, u := range h.uses {
		if u.right == right && !u.back {
			quantity[pricing.MonthOf(u.at).String()] += u.quantity
		}
	}
	months := map[string]pricing.Fen{}
	for month, n := range quantity {
		if right == 0 {
			months[month] = pricing.Fen(55 * n)
		} else {
			months[month] = pricing.Fen(100*min(n, 10) + 50*max(n-10, 0))
		}
	}
	return months
}
