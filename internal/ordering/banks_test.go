package ordering

import (
	"slices"
	"testing"
)

func TestWhatMayBeProposedForATransfer(t *testing.T) {
	for _, c := range []struct {
		sentence string
		e        Expectation
		allows   []TransferAction
	}{
		{"a payment of which nothing came", Expectation{Kind: TransferPayment, State: TransferExpected, AmountFen: 9}, nil},
		{"a payment of which a part came", Expectation{Kind: TransferPayment, State: TransferExpected, AmountFen: 9, ReceivedFen: 5}, []TransferAction{TransferGiveUp}},
		{"a payment that was given up and has a part", Expectation{Kind: TransferPayment, State: TransferCancelled, AmountFen: 9, ReceivedFen: 5}, []TransferAction{TransferGiveUp}},
		{"a payment that is whole", Expectation{Kind: TransferPayment, State: TransferDone, AmountFen: 9, ReceivedFen: 9}, nil},
		{"a refund", Expectation{Kind: TransferRefund, State: TransferExpected}, []TransferAction{TransferReorder, TransferFail}},
		{"a refund that went", Expectation{Kind: TransferRefund, State: TransferDone}, nil},
		{"a refund that failed", Expectation{Kind: TransferRefund, State: TransferFailed}, nil},
		{"a return", Expectation{Kind: TransferReturn, State: TransferExpected}, []TransferAction{TransferReorder}},
		{"a return that went", Expectation{Kind: TransferReturn, State: TransferDone}, nil},
		{"a payout", Expectation{Kind: TransferPayout, State: TransferExpected}, nil},
	} {
		if got := c.e.Allows(); !slices.Equal(got, c.allows) {
			t.Errorf("%s: got %v, want %v", c.sentence, got, c.allows)
		}
	}
}

func TestMoneyThatComesWithTheCodeOfARefundBounced(t *testing.T) {
	refund := Expectation{Code: "a", Kind: TransferRefund, State: TransferDone, AmountFen: 5, ReceivedFen: 5}
	fits, reason := MatchLine(Movement{AmountFen: 5}, []Expectation{refund}, nil)
	if fits == nil || fits.Code != "a" || reason != LineBounced {
		t.Errorf("got %v, %s", fits, reason)
	}
	pays := Expectation{Code: "b", Kind: TransferPayment, State: TransferExpected, AmountFen: 5}
	if fits, reason = MatchLine(Movement{AmountFen: 5}, []Expectation{refund, pays}, nil); fits == nil || fits.Code != "b" || reason != "" {
		t.Errorf("beside a payment: got %v, %s", fits, reason)
	}
}
