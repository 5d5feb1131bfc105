package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	_ "github.com/lib/pq"
	_ "modernc.org/sqlite"
)

// awaitRecords waits until no record of public reads is to be made: until then the server makes them, and answers what has none another way.
func (s *server) awaitRecords(ctx context.Context) error {
	db, err := sql.Open(s.driver, s.source)
	if err != nil {
		return err
	}
	defer db.Close()
	for deadline := time.Now().Add(time.Hour); time.Now().Before(deadline); {
		var left int
		if err := db.QueryRowContext(ctx, "SELECT count(*) FROM product_records WHERE body IS NULL").Scan(&left); err != nil {
			return fmt.Errorf("count the records that are to be made: %w", err)
		}
		if left == 0 {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Second):
		}
	}
	return errors.New("the records of public reads are not made within an hour")
}
