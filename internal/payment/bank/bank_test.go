package bank_test

import (
	"context"
	"sync"
	"testing"

	"gongshu/internal/ordering"
	"gongshu/internal/payment"
	"gongshu/internal/payment/bank"
	"gongshu/internal/payment/paymenttest"
)

// book is the one of package store without a database; market's tests hold the adapter to the same suite with that.
type book struct {
	mu   sync.Mutex
	kept map[string]ordering.BankTransfer
}

func (b *book) Expect(_ context.Context, t ordering.BankTransfer) (ordering.BankTransfer, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if known, there := b.kept[t.Key]; there {
		return known, nil
	}
	if t.Kind == ordering.TransferRefund {
		paid := b.kept[t.PaymentKey]
		if paid.State != ordering.TransferDone {
			return t, payment.ErrUnknownKey
		}
		left := paid.AmountFen
		for _, other := range b.kept {
			if other.PaymentKey == t.PaymentKey && other.State != ordering.TransferFailed {
				left -= other.AmountFen
			}
		}
		if t.AmountFen > left {
			return t, payment.ErrRefundExceeds
		}
	}
	t.State, t.Code = ordering.TransferExpected, ordering.RemittanceCode(t.Key, 0)
	b.kept[t.Key] = t
	return t, nil
}

func (b *book) Expected(_ context.Context, key string) (ordering.BankTransfer, error) {
	return b.move(key, "")
}

func (b *book) Drop(_ context.Context, key string) (ordering.BankTransfer, error) {
	return b.move(key, ordering.TransferCancelled)
}

func (b *book) move(key string, to ordering.TransferState) (ordering.BankTransfer, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	t, there := b.kept[key]
	if !there {
		return t, payment.ErrUnknownKey
	}
	if t.State.CanBecome(to) {
		t.State = to
		b.kept[key] = t
	}
	return t, nil
}

func TestProvider(t *testing.T) {
	paymenttest.Run(t, func(*testing.T) paymenttest.Rig {
		b := &book{kept: map[string]ordering.BankTransfer{}}
		done := func(t *testing.T, key string) {
			if got, err := b.move(key, ordering.TransferDone); err != nil || got.State != ordering.TransferDone {
				t.Fatalf("it is %+v, %v", got, err)
			}
		}
		return paymenttest.Rig{
			Provider:     &bank.Provider{Account: ordering.Transfer{Payee: "公共数据平台", Bank: "演示银行", Account: "6200 0000"}, Book: b},
			Settle:       func(t *testing.T, r payment.Request) { done(t, r.Key) },
			SettleRefund: func(t *testing.T, r payment.RefundRequest) { done(t, r.Key) },
		}
	})
}

func TestAnAccountIsStatedWholeOrNotAtAll(t *testing.T) {
	for _, c := range []struct {
		sentence string
		account  ordering.Transfer
		stated   bool
		refused  bool
	}{
		{"nothing", ordering.Transfer{}, false, false},
		{"all of it", ordering.Transfer{Payee: "a", Bank: "b", Account: "1"}, true, false},
		{"no number", ordering.Transfer{Payee: "a", Bank: "b"}, false, true},
		{"no payee", ordering.Transfer{Bank: "b", Account: "1"}, false, true},
		{"no bank", ordering.Transfer{Payee: "a", Account: "1"}, false, true},
	} {
		if stated, err := bank.CheckAccount(c.account); stated != c.stated || (err != nil) != c.refused {
			t.Errorf("%s: got %v, %v", c.sentence, stated, err)
		}
	}
}
