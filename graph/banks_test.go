package graph_test

import (
	"context"
	"testing"

	"github.com/google/uuid"

	"gongshu/ent/db/banktransfer"
	"gongshu/internal/access"
	"gongshu/internal/market"
	"gongshu/internal/ordering"
	"gongshu/internal/publicid"
	"gongshu/internal/store"
	"gongshu/internal/store/storetest"
)

// The whole number of an account that one person stated is seen by who states and who agrees, and by nobody else.
func TestWhoAgreesToAStatedAccountSeesAllOfIt(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		platform := s.Organisation(t, access.Enterprise, access.Platform)
		finance := s.Person(t, platform, access.Finance)
		err := s.Store.InTx(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			return tx.AddTransfers(ctx, store.BankTransfer{BankTransfer: ordering.BankTransfer{Kind: ordering.TransferReturn, Key: "RETURN:" + uuid.NewString(), AmountFen: 5}})
		})
		if err != nil {
			t.Fatal(err)
		}
		ctx, c := storetest.System(s.Store)
		id := c.BankTransfer.Query().Where(banktransfer.KindEQ(ordering.TransferReturn)).OnlyIDX(ctx)
		stated := access.Payee{Name: "甲公司", Bank: "示例银行", Number: "6222001234567890"}
		err = s.market.TransferSettle(finance, market.TransferSettleInput{TransferID: id, Action: ordering.TransferReorder, Payee: &stated, Reason: "已电话核实", IdempotencyKey: "k"})
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range []struct {
			who         string
			as          context.Context
			sees, whole bool
		}{
			{"who stated it", finance, true, true},
			{"who agrees", s.Person(t, platform, access.Approver), true, true},
			{"who reads the books", s.Person(t, platform, access.Auditor), true, false},
			{"who is an administrator", s.Person(t, platform, access.Administrator), false, false},
			{"the operator's finance", s.Person(t, s.Operator, access.Finance, access.Approver), false, false},
			{"the buyer's", s.Person(t, s.Buyer, access.Finance, access.BuyerRole), false, false},
			{"nobody", access.With(t.Context(), access.Viewer{}), false, false},
		} {
			var out struct {
				BankTransfer *struct {
					Proposal struct {
						Payee       payeeAccount
						PayeeNumber *string
					}
				}
			}
			s.ask(t, row.as, `query($id: ID!) { bankTransfer(id: $id) { proposal { payee { name bank lastDigits } payeeNumber } } }`, map[string]any{"id": publicid.Encode("trf", id)}, &out)
			seen := out.BankTransfer
			if (seen != nil) != row.sees {
				t.Errorf("%s sees %+v", row.who, seen)
				continue
			}
			if seen == nil {
				continue
			}
			if number := seen.Proposal.PayeeNumber; (number != nil) != row.whole || number != nil && *number != stated.Number || seen.Proposal.Payee.LastDigits != "7890" {
				t.Errorf("%s sees %+v", row.who, seen.Proposal)
			}
		}
	})
}
