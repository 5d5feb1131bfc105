package market

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"gongshu/ent/db"
	"gongshu/ent/db/bankline"
	"gongshu/ent/db/entitlement"
	"gongshu/ent/db/order"
	"gongshu/internal/job"
	"gongshu/internal/ordering"
	"gongshu/internal/store"
	"gongshu/internal/store/storetest"
	"gongshu/pricing"
)

// A long statement: what is right is paid, and each that is wrong waits with its reason.
func TestALongStatement(t *testing.T) {
	lines, each := 700, 5
	if os.Getenv("GONGSHU_CAMPAIGN") == "full" {
		lines, each = 10_000, 71
	}
	eachBank(t, func(t *testing.T, b *bankHouse) {
		wrong := map[ordering.LineReason]int{
			ordering.LineUnderpaid: each, ordering.LineOverpaid: each, ordering.LineDouble: each, ordering.LineLate: each,
			ordering.LineUnknown: each, ordering.LineSeveral: each, ordering.LineOutgoing: each,
		}
		right := lines - each*len(wrong)
		awaited := b.awaited(t, right+3*each)
		text := make([]string, 0, lines)
		for _, p := range awaited[:right] {
			text = append(text, b.line(p.AmountFen, "服务费"+p.Code))
		}
		rest := awaited[right:]
		given := rest[2*each:]
		ctx, _ := b.system()
		for i := range each {
			must(t, b.giveUp(ctx, given[i]))
			text = append(text,
				b.line(rest[i].AmountFen-1, rest[i].Code),
				b.line(rest[each+i].AmountFen+1, rest[each+i].Code),
				b.line(awaited[i].AmountFen, "再付一次 "+awaited[i].Code),
				b.line(given[i].AmountFen, given[i].Code),
				b.line(pricing.Fen(10_000_000+i), "没有写识别码"),
				b.line(2*awaited[i].AmountFen, awaited[i].Code+" "+awaited[i+1].Code),
				b.line(-pricing.Fen(100+i), "手续费"))
		}
		raw := []byte(statementHeader + strings.Join(text, "\n") + "\n")
		began := time.Now()
		id, err := b.BankStatementQueue(b.finance, BankStatementInput{FileName: "长.csv"}, bytes.NewReader(raw))
		must(t, err)
		// How far it is can be seen while it is at work.
		done, stages, matched := make(chan error, 1), map[job.Stage]bool{}, time.Duration(0)
		go func() { done <- b.JobRun(context.Background(), id) }()
		_, c := b.system()
		for working := true; working; {
			select {
			case err := <-done:
				must(t, err)
				working = false
			case <-time.After(5 * time.Millisecond):
				if row := c.Job.GetX(ctx, id); row.Stage != nil {
					if stages[*row.Stage] = true; *row.Stage == job.Confirming && matched == 0 {
						matched = time.Since(began)
					}
				}
			}
		}
		took := time.Since(began)
		row := c.Job.GetX(ctx, id)
		if got, want := *row.Result.Lines, (job.StatementLines{Matched: right, Queued: each * len(wrong)}); got != want || !stages[job.Confirming] {
			t.Fatalf("of the lines %+v, want %+v; it was seen at %v", got, want, stages)
		}
		for reason, want := range wrong {
			if got := c.BankLine.Query().Where(bankline.ReasonEQ(reason), bankline.StateEQ(ordering.LineQueued)).CountX(ctx); got != want {
				t.Errorf("%d lines wait because of %s, want %d", got, reason, want)
			}
		}
		if got := c.Entitlement.Query().Where(entitlement.HasOrderWith(order.StatusEQ(ordering.OrderPaid))).CountX(ctx); got != right {
			t.Errorf("%d orders have their right, want %d", got, right)
		}
		storetest.Reconciled(t, b.Store)
		t.Logf("%d lines: read and matched in %v, and what was paid for given within %v in all", lines, matched.Round(10*time.Millisecond), took.Round(10*time.Millisecond))
	})
}

// awaited lays orders that wait for transfers, as OrderPay leaves them.
func (b *bankHouse) awaited(t *testing.T, n int) (expected []store.BankTransfer) {
	t.Helper()
	ctx, c := b.system()
	model := c.Order.GetX(ctx, b.placed(t, b.product.PerCall, 10))
	for chunk := range slices.Chunk(slices.Collect(func(yield func(int) bool) {
		for i := range n {
			if !yield(i) {
				return
			}
		}
	}), 500) {
		b.tx(t, func(ctx context.Context, tx *store.Tx) error {
			orders, payments, transfers := []*db.OrderCreate{}, []*db.PaymentCreate{}, []store.BankTransfer{}
			for _, i := range chunk {
				o, p := uuid.Must(uuid.NewV7()), uuid.Must(uuid.NewV7())
				code := ordering.RemittanceCode(p.String(), 0)
				orders = append(orders, tx.Order.Create().SetID(o).SetCreatedAt(tx.Now()).SetBuyerID(model.BuyerID).SetProductID(model.ProductID).SetPlanID(model.PlanID).
					SetPersonID(model.PersonID).SetStatus(ordering.OrderPlaced).SetPurpose(model.Purpose).SetQuantity(model.Quantity).SetNetFen(model.NetFen).
					SetVatFen(model.VatFen).SetTotalFen(model.TotalFen).SetTerms(model.Terms).SetIdempotencyKey(fmt.Sprint("laid", i)).SetRequestHash("").SetNillableExpiresAt(model.ExpiresAt))
				payments = append(payments, tx.Payment.Create().SetID(p).SetCreatedAt(tx.Now()).SetOrderID(o).SetProvider("bank").SetState(ordering.PaymentPending).
					SetAmountFen(model.TotalFen).SetIdempotencyKey("laid").SetReference(code).SetNillableExpiresAt(model.ExpiresAt))
				transfers = append(transfers, store.BankTransfer{PaymentID: p, OrganisationID: model.BuyerID, BankTransfer: ordering.BankTransfer{
					Kind: ordering.TransferPayment, Key: p.String(), Code: code, AmountFen: pricing.Fen(model.TotalFen),
				}})
			}
			expected = append(expected, transfers...)
			return firstOf(tx.Order.CreateBulk(orders...).Exec(ctx), tx.Payment.CreateBulk(payments...).Exec(ctx), tx.AddTransfers(ctx, transfers...))
		})
	}
	return expected
}

// giveUp gives the payment of a transfer up and cancels its order, as its buyer does.
func (b *bankHouse) giveUp(ctx context.Context, t store.BankTransfer) error {
	if err := b.PaymentCancel(b.buyer, t.PaymentID); err != nil {
		return err
	}
	_, c := b.system()
	p, err := c.Payment.Get(ctx, t.PaymentID)
	if err != nil {
		return err
	}
	return b.OrderCancel(b.buyer, p.OrderID)
}
