package authorisation

import (
	"math/rand/v2"
	"testing"

	"github.com/google/uuid"

	"gongshu/internal/purpose"
)

// Until the day that OfferTurns names, what is offered stays as it is, whichever agreement is the operator's on a day.
func TestNothingTurnsBeforeItsDay(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 7))
	first, err := ParseDay("2026-01-01")
	if err != nil {
		t.Fatal(err)
	}
	term := func() Term {
		from := first.AddDays(random.IntN(40))
		return Term{from, from.AddDays(random.IntN(40))}
	}
	turned := 0
	for range 2000 {
		var agreements []Agreement
		for range 1 + random.IntN(2) {
			a := term()
			agreements = append(agreements, Agreement{ID: uuid.New(), StartsOn: a.StartsOn, EndsOn: a.EndsOn, Status: AgreementOperating})
		}
		item := uuid.New()
		in := Input{Item: Item{ID: item}}
		for range random.IntN(3) {
			g := term()
			in.Grants = append(in.Grants, Grant{AgreementID: agreements[random.IntN(len(agreements))].ID, Status: GrantActive, ItemIDs: []uuid.UUID{item}, Purposes: purpose.All, StartsOn: g.StartsOn, EndsOn: g.EndsOn})
		}
		offered := func(day Day) bool {
			p := Product{Inputs: []Input{in}, Agreement: agreements[len(agreements)-1]}
			for _, a := range agreements {
				if a.InForce(day) {
					p.Agreement = a
					break
				}
			}
			return Offered(p, purpose.All[0], day) == nil
		}
		today := first.AddDays(random.IntN(90))
		turns := OfferTurns(agreements, []Input{in}, today)
		for day := today; day.Before(first.AddDays(120)); day = day.AddDays(1) {
			if offered(day) != offered(today) {
				if turned++; turns.IsZero() || day.Before(turns) {
					t.Fatalf("what is offered on %s is another on %s, before %s", today, day, turns)
				}
				break
			}
		}
	}
	if turned < 100 {
		t.Errorf("only %d turned: that shows little", turned)
	}
}
