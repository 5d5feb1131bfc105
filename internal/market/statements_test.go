package market

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"gongshu/ent/db"
	dbstatement "gongshu/ent/db/statement"
	"gongshu/internal/store"
	"gongshu/pricing"
)

// A month in which money came and of which no statement was drawn is open, and what follows on it waits.
func TestAMonthOfWhichNothingWasDrawnIsOpen(t *testing.T) {
	eachBooks(t, func(t *testing.T, b *books) {
		first := b.month()
		b.paid(t, b.product.PerCall, 1000)
		b.clock = b.clock.AddDate(0, 1, 0)
		second := b.month()
		b.paid(t, b.product.PerCall, 500)
		b.clock = b.clock.AddDate(0, 1, 0)
		if closed, err := b.StatementsFinalise(b.finance, second); err != nil || closed != 0 {
			t.Fatalf("%d were closed before the month ahead of them, %v", closed, err)
		}
		ctx, c := b.system()
		if n := c.Statement.Query().Where(dbstatement.Month(first), dbstatement.StatusEQ(pricing.StatementPreview)).CountX(ctx); n != 3 {
			t.Errorf("of the first month %d are drawn", n)
		}
		for _, month := range []string{first, second} {
			if closed, err := b.StatementsFinalise(b.finance, month); err != nil || closed != 3 {
				t.Errorf("%d of %s were closed, %v", closed, month, err)
			}
		}
		for _, s := range c.Statement.Query().Where(dbstatement.Month(second)).AllX(ctx) {
			if s.OpeningFen <= 0 || s.ClosingFen != s.OpeningFen+s.EarnedFen {
				t.Errorf("the second says %+v", s)
			}
		}
	})
}

// A second draw that begins before the first is committed answers as the first did.
func TestStatementsAreDrawnAtOnceByTwo(t *testing.T) {
	eachBooks(t, func(t *testing.T, b *books) {
		b.paid(t, b.product.PerCall, 1000)
		month := b.month()
		draw := func(ctx context.Context) error {
			drawn, err := b.StatementsDraw(ctx, month)
			if err == nil && drawn != 3 {
				err = fmt.Errorf("%d are drawn", drawn)
			}
			return err
		}
		soon, cancel := context.WithTimeout(b.finance, 10*time.Second)
		defer cancel()
		second := make(chan error, 1)
		must(t, draw(store.Watch(b.finance, func(m store.Moment, _ string) {
			if m == store.Committing {
				go func() { second <- draw(soon) }()
				b.world.untilSomebodyWaits(t, second)
			}
		})))
		must(t, <-second)
	})
}

func TestEachNightEveryOpenMonthIsDrawnOnce(t *testing.T) {
	eachBooks(t, func(t *testing.T, b *books) {
		b.paid(t, b.product.PerCall, 1000)
		first := b.month()
		b.clock = b.clock.AddDate(0, 1, 0)
		b.paid(t, b.product.PerCall, 500)
		if _, err := b.drawAgain(t.Context()); err != nil {
			t.Fatal(err)
		}
		system, c := b.system()
		for month, want := range map[string]int{first: 3, b.month(): 3} {
			if n := len(c.Statement.Query().Where(dbstatement.Month(month)).AllX(system)); n != want {
				t.Errorf("of %s there are %d", month, n)
			}
		}
		versions := func() (out []int) {
			for _, s := range c.Statement.Query().Order(db.Asc(dbstatement.FieldID)).AllX(system) {
				out = append(out, s.Version)
			}
			return out
		}
		before := versions()
		nightly, one := store.CountStatements(t.Context())
		_, err := b.drawAgain(nightly)
		must(t, err)
		asked, other := store.CountStatements(b.finance)
		_, err = b.StatementsDraw(asked, b.month())
		must(t, err)
		if one.Count() > other.Count() || !slices.Equal(versions(), before) {
			t.Errorf("it takes %d statements, and drawing this month %d", one.Count(), other.Count())
		}
	})
}
