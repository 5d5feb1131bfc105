package main

import (
	"context"
	"errors"
	"fmt"

	"gongshu/internal/config"
)

// migrate brings the database to the newest version and says what it did.
func migrate(ctx context.Context, p *config.Program) (err error) {
	s, err := openStore(ctx, p.Data)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	applied, err := s.Migrate(ctx)
	for _, name := range applied {
		fmt.Println("applied", name)
	}
	if err == nil && len(applied) == 0 {
		fmt.Println("The database is at the newest version.")
	}
	return err
}
