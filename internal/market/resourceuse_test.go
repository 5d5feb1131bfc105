package market

import (
	"context"
	"testing"

	"github.com/google/uuid"

	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/store"
)

func TestWhoAnswersForAResourceSeesItsUse(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		var resource uuid.UUID
		authority := s.Organisation(t, access.AdministrativeOrgan, access.IndustryAuthority)
		other := s.Product(t, authorisation.DeliveryAPI, 3)
		draft := s.Product(t, authorisation.DeliveryAPI, 3)
		first := s.product
		call, _ := s.caller(t, first)
		call()
		call()
		s.calls(t, first, s.free(t, first), "WELFARE")()
		s.world.tx(t, func(ctx context.Context, tx *store.Tx) error { // after the purchases: nothing is granted here
			domain, err := tx.Domain.Create().SetCreatedAt(tx.Now()).SetName("水文").SetIndustryAuthorityID(authority).Save(ctx)
			if err != nil {
				return err
			}
			r, err := tx.Resource.Create().SetCreatedAt(tx.Now()).SetSourceUnitID(s.Organ).SetDomainID(domain.ID).SetName("雨量站").SetUpdateCycle("每日").
				SetProvision([]authorisation.ProvisionMethod{}).SetStatus(authorisation.ResourcePublished).Save(ctx)
			if err != nil {
				return err
			}
			resource = r.ID
			for i, name := range []string{"站号", "雨量"} {
				item, err := tx.DataItem.Create().SetCreatedAt(tx.Now()).SetResourceID(r.ID).SetPosition(i).SetName(name).SetProtections([]authorisation.Protection{}).Save(ctx)
				if err != nil {
					return err
				}
				for _, p := range []uuid.UUID{s.product.ID, other.ID, draft.ID} {
					if err := tx.ProductInput.Create().SetCreatedAt(tx.Now()).SetProductID(p).SetItemID(item.ID).SetResourceID(r.ID).Exec(ctx); err != nil {
						return err
					}
				}
			}
			return nil
		})
		s.Status(t, other, authorisation.ProductSuspended)
		s.Status(t, draft, authorisation.ProductDraft)

		unit := s.Person(t, s.Organ, access.Publisher)
		row, use, err := s.ResourceUse(unit, resource)
		if err != nil || row.Name != "雨量站" || use.ProductCount != 2 || use.Organisations != 1 || len(use.Products) != 2 || use.At != s.clock {
			t.Fatalf("its use is %+v, %v", use, err)
		}
		if p := use.Products; p[0].ProductID != other.ID || p[0].Status != authorisation.ProductSuspended || p[0].Organisations != 0 || p[1].ProductID != first.ID || p[1].Organisations != 1 || p[1].OperatorID != s.Operator {
			t.Errorf("its products are %+v", p)
		}
		if m := use.Months; len(m) != 12 || m[11].Month != "2026-03" || m[11].Paid.Calls != 2 || m[11].Free.Calls != 1 || m[0].Month != "2025-04" || m[10].Paid.Calls != 0 {
			t.Errorf("its months are %+v", m)
		}
		for sentence, as := range map[string]context.Context{"the agency": s.Person(t, s.Agency, access.Approver), "its industry authority": s.Person(t, authority, access.Approver)} {
			if _, same, err := s.ResourceUse(as, resource); err != nil || same.ProductCount != 2 {
				t.Errorf("%s sees %+v, %v", sentence, same, err)
			}
		}
		for sentence, as := range map[string]context.Context{
			"a buyer": s.buyer, "an operator": s.Person(t, s.Operator, access.Publisher),
			"another source unit": s.Person(t, s.Organisation(t, access.AdministrativeOrgan, access.SourceUnit), access.Publisher),
		} {
			if _, _, err := s.ResourceUse(as, resource); err == nil {
				t.Errorf("%s sees it", sentence)
			}
		}
		_, _, err = s.ResourceUse(unit, uuid.New())
		refused(t, err, "NOT_FOUND")
		_, _, err = s.ResourceUse(context.Background(), resource)
		refused(t, err, "SIGN_IN_REQUIRED")
		ctx, statements := store.CountStatements(unit)
		if _, _, err := s.ResourceUse(ctx, resource); err != nil || statements.Count() != 5 {
			t.Errorf("it takes %d statements, %v", statements.Count(), err)
		}
	})
}
