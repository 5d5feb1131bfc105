package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gongshu/graph"
	"gongshu/internal/config"
	"gongshu/internal/hold"
	"gongshu/internal/market"
	"gongshu/internal/store"
)

// reindex builds the search anew from the database, and makes the records that public reads are answered from anew: by itself,
// or by the server that has the search, which goes on answering.
func reindex(ctx context.Context, p *config.Program) error {
	err := withSearch(ctx, p.Data, func(s *market.Searching) error {
		s.Told = printBuilding
		return withMarket(ctx, p.Data, func(m *market.Market) error {
			m.Search = s
			if err := errors.Join(m.SearchRebuild(ctx), remakeRecords(ctx, m)); err != nil {
				return err
			}
			products, err := s.Products.Count(ctx)
			resources, also := s.Resources.Count(ctx)
			if err := errors.Join(err, also); err != nil {
				return err
			}
			fmt.Printf("The search holds %d listed products and %d published resources.\n", products, resources)
			return nil
		})
	})
	if errors.Is(err, hold.ErrHeld) {
		return askToReindex(ctx, p)
	}
	return err
}

// remakeRecords makes the records of all products anew, and says how far it is.
func remakeRecords(ctx context.Context, m *market.Market) error {
	keeper, err := graph.Records(m)
	if err != nil {
		return err
	}
	if err := m.Store.ForgetProductRecords(ctx); err != nil {
		return err
	}
	made, said := 0, time.Now()
	keeper.Told = func(n int) {
		if made = n; time.Since(said) > time.Second {
			fmt.Printf("  records of public reads: %d\n", n)
			said = time.Now()
		}
	}
	if err := keeper.Fill(ctx, true); err != nil {
		return err
	}
	fmt.Printf("Public reads have %d records.\n", made)
	return nil
}

// askToReindex has the server of this folder build its search anew, and says how far it is until it is done.
func askToReindex(ctx context.Context, p *config.Program) error {
	return withStore(ctx, p.Data, func(s *store.Store) error {
		if err := s.ForgetProductRecords(ctx); err != nil {
			return err
		}
		asked, err := (&market.Market{Store: s}).SearchAsk(ctx)
		if err != nil {
			return err
		}
		fmt.Println("A server has the search of this folder; it was asked to build it anew, and goes on answering meanwhile.")
		var last market.Building
		for heard := time.Now(); ; {
			b := readBuilding(p.Data)
			switch {
			case b.Asked >= asked && b.Ended:
				fmt.Println("The search is built anew.")
				return nil
			case b != last:
				if b.Asked >= asked {
					printBuilding(b)
				}
				last, heard = b, time.Now() // another build, which comes before ours, is a sign of life too
			case time.Since(heard) > buildingSilence:
				return fmt.Errorf("the server says nothing of building its search since %s: see its log", buildingSilence)
			case time.Since(heard) > 2*time.Second && isFree(p.Data):
				return errors.New("the server is gone; run gongshu reindex again")
			}
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(100 * time.Millisecond):
			}
		}
	})
}

// buildingSilence is how long a server that builds its search may say nothing.
const buildingSilence = 30 * time.Second

// isFree reports whether no process has the search of the folder.
func isFree(d config.Data) bool {
	held, err := hold.Folder(indexFolder(d), "search.lock")
	return err == nil && held.Close() == nil
}

func printBuilding(b market.Building) {
	if !b.Ended {
		fmt.Printf("  %s: %d of %d\n", b.What, b.Done, b.Total)
	}
}
