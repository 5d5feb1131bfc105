package market

import (
	"slices"
	"testing"
	"time"

	dbaccount "gongshu/ent/db/account"
	"gongshu/ent/db/entry"
	"gongshu/ent/db/posting"
	"gongshu/internal/access"
	"gongshu/internal/payment/stripe"
	"gongshu/internal/payment/stripe/standin"
	"gongshu/internal/store"
	"gongshu/internal/store/storetest"
	"gongshu/pricing"
)

// A contributor with a connected account is paid into it, once, without a bank; the others as before.
func TestAPayoutByTransfer(t *testing.T) {
	eachCards(t, func(t *testing.T, b *cardHouse) {
		payee := access.Payee{Name: "数据供应公司", Bank: "示例银行", Number: "2222222222222222", Connected: "acct"}
		refused(t, b.PayeeSet(b.vendorFinance, payee), "CONNECTED_ACCOUNT_INVALID")
		payee.Connected = connected
		must(t, b.PayeeSet(b.vendorFinance, payee))

		id, err := b.OrderPay(b.buyer, b.placed(t, b.product.PerCall, 1000), OrderPayInput{stripe.Name, "by card"}) // which is what is there to pay from
		must(t, err)
		ctx, c := b.system()
		b.cards.Pay(c.Payment.GetX(ctx, id).Reference)
		b.hear(t)
		month, _ := b.closed(t)
		batch := b.prepare(t, month)
		line := b.line(t, batch, b.Vendor)
		if line.Provider != stripe.Name || line.Account.Connected != connected || b.line(t, batch, b.Operator).Provider != "" {
			t.Fatalf("the line is %+v", line)
		}
		if n, err := b.PayoutsTransfer(t.Context()); n != 0 || err != nil || b.cards.Transfers() != 0 {
			t.Fatalf("%d were paid before anybody approved it, %v", n, err)
		}
		b.approve(t, batch)
		orders, err := b.PayoutExport(b.finance, batch)
		must(t, err)
		if slices.ContainsFunc(orders, func(o PayoutOrder) bool { return o.Contributor == b.Vendor.String() }) || len(orders) == 0 {
			t.Errorf("the bank is told of %+v", orders)
		}
		refused(t, b.PayoutConfirm(b.finance, PayoutConfirmInput{BatchID: batch, ContributorID: b.Vendor, Paid: true, Reference: "x"}), "PAYOUT_BY_PROVIDER")
		refused(t, b.PayoutConfirm(b.finance, PayoutConfirmInput{BatchID: batch, ContributorID: b.Vendor}), "PAYOUT_BY_PROVIDER")

		b.cards.Fail("transfers.create", standin.Reset) // the answer is lost, and the money went
		if n, err := b.PayoutsTransfer(t.Context()); n != 0 || err == nil {
			t.Fatalf("%d were settled without an answer, %v", n, err)
		}
		for range 2 {
			b.clock = b.clock.Add(time.Minute)
			if _, err := b.PayoutsTransfer(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		line = b.line(t, batch, b.Vendor)
		from := func(code string) bool {
			return c.Posting.Query().Where(posting.HasEntryWith(entry.Key(payoutKey(batch, b.Vendor))), posting.HasToAccountWith(dbaccount.Code(code))).ExistX(ctx)
		}
		if line.State != pricing.PayoutLineConfirmed || line.Reference == "" || b.cards.Transfers() != 1 || !from("PROVIDER:stripe") || from("PROVIDER:bank") {
			t.Errorf("the line is %+v, and %d were transferred", line, b.cards.Transfers())
		}
		storetest.Reconciled(t, b.Store)
	})
}

// A transfer of which a part was taken back before it was recorded is paid here, and stands for a person to see, once.
func TestAPayoutByTransferThatIsTakenBackInPart(t *testing.T) {
	eachCards(t, func(t *testing.T, b *cardHouse) {
		must(t, b.PayeeSet(b.vendorFinance, access.Payee{Name: "数据供应公司", Bank: "示例银行", Number: "2222222222222222", Connected: connected}))
		id, err := b.OrderPay(b.buyer, b.placed(t, b.product.PerCall, 1000), OrderPayInput{stripe.Name, "by card"})
		must(t, err)
		ctx, c := b.system()
		b.cards.Pay(c.Payment.GetX(ctx, id).Reference)
		b.hear(t)
		month, _ := b.closed(t)
		batch := b.prepare(t, month)
		b.approve(t, batch)
		b.cards.Fail("transfers.create", standin.Reset) // the answer is lost, and the money went
		if _, err := b.PayoutsTransfer(t.Context()); err == nil {
			t.Fatal("it is settled without an answer")
		}
		b.cards.ReverseTransfer(b.cards.TransferIDs()[0], 1)
		for range 2 {
			if _, err := b.PayoutsTransfer(t.Context()); err != nil {
				t.Fatal(err)
			}
			b.standing(t, store.ToldPayout, 1)
		}
		if line := b.line(t, batch, b.Vendor); line.State != pricing.PayoutLineConfirmed || line.Reference == "" || b.cards.Transfers() != 1 {
			t.Errorf("the line is %+v, and %d were transferred", line, b.cards.Transfers())
		}
		storetest.Reconciled(t, b.Store)
	})
}

// What the provider refuses is owed again, and the next batch has it.
func TestAPayoutByTransferThatIsRefused(t *testing.T) {
	eachCards(t, func(t *testing.T, b *cardHouse) {
		payee := access.Payee{Name: "数据供应公司", Bank: "示例银行", Number: "2222222222222222", Connected: "acct_nobodys00"}
		must(t, b.PayeeSet(b.vendorFinance, payee))
		month, _ := b.closed(t)
		batch := b.prepare(t, month)
		b.approve(t, batch)
		if n, err := b.PayoutsTransfer(t.Context()); n != 1 || err != nil {
			t.Fatalf("%d were settled, %v", n, err)
		}
		first := b.line(t, batch, b.Vendor)
		payee.Connected = ""
		must(t, b.PayeeSet(b.vendorFinance, payee))
		again := b.line(t, b.prepare(t, month), b.Vendor)
		if first.Reason == "" {
			t.Error("nobody is told why it failed")
		}
		if first.State != pricing.PayoutLineFailed || again.AmountFen != first.AmountFen || again.Provider != "" {
			t.Errorf("the line is %+v, and the next %+v", first, again)
		}
	})
}
