package main

import (
	"context"
	"fmt"

	"gongshu/internal/config"
	"gongshu/internal/store"
)

// migrate brings the database to the newest version and says what it did.
func migrate(ctx context.Context, p *config.Program) error {
	return withStore(ctx, p.Data, func(s *store.Store) error {
		applied, err := s.Migrate(ctx)
		for _, name := range applied {
			fmt.Println("applied", name)
		}
		if err == nil && len(applied) == 0 {
			fmt.Println("The database is at the newest version.")
		}
		return err
	})
}
