package main

import (
	"context"
	"errors"
	"fmt"

	"gongshu/internal/config"
	"gongshu/internal/store"
)

// reconcile checks that money and rights add up. It changes nothing, and any breach is an error.
func reconcile(ctx context.Context, p *config.Program) error {
	return withStore(ctx, p.Data, func(s *store.Store) error {
		pending, err := s.Pending(ctx)
		if err != nil {
			return err
		}
		if pending {
			return errors.New("the database is not at the newest version; run: gongshu migrate")
		}
		breaches, err := s.Reconcile(ctx)
		if err != nil {
			return err
		}
		for _, b := range breaches {
			fmt.Println("BROKEN:", b.Name)
			for _, row := range b.Rows {
				fmt.Println("  ", row)
			}
		}
		if len(breaches) > 0 {
			return fmt.Errorf("%d of %d invariants are broken", len(breaches), len(store.Invariants()))
		}
		fmt.Printf("All %d invariants hold.\n", len(store.Invariants()))
		return nil
	})
}
