package main

import (
	"context"
	"errors"
	"fmt"

	"gongshu/graph"
	"gongshu/internal/config"
	"gongshu/internal/market"
	"gongshu/internal/store"
)

// reconcile checks that money and rights add up, that records are what they were made of, and that the files are there that rows name. It changes nothing, and any
// breach is an error.
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
		return errors.Join(reconcileRecords(ctx, s), reconcileFiles(ctx, p.Data, s))
	})
}

// reconcileRecords compares some of the records that public reads are answered from with what the resolvers answer.
func reconcileRecords(ctx context.Context, s *store.Store) error {
	keeper, err := graph.Records(&market.Market{Store: s})
	if err != nil {
		return err
	}
	compared, wrong, err := keeper.Differ(ctx)
	if err != nil {
		return err
	}
	for _, id := range wrong {
		fmt.Println("DIFFERS: the record of product", id)
	}
	if len(wrong) > 0 {
		return fmt.Errorf("%d of %d records of public reads differ from what they were made of; gongshu reindex makes all anew", len(wrong), compared)
	}
	fmt.Printf("%d records of public reads, drawn from all, are what they were made of.\n", compared)
	return nil
}

// reconcileFiles says which files are missing, which is an error, and how many belong to no row, which is none.
func reconcileFiles(ctx context.Context, d config.Data, s *store.Store) (err error) {
	blobs, err := openBlobs(d)
	if err != nil {
		return err
	}
	defer closing(blobs, &err)
	files, err := (&market.Market{Store: s, Blobs: blobs}).FilesReconcile(ctx)
	if err != nil {
		return err
	}
	for _, key := range files.Missing {
		fmt.Println("MISSING:", key)
	}
	if len(files.Missing) > 0 {
		return fmt.Errorf("%d files are missing", len(files.Missing))
	}
	fmt.Printf("Every file that a row names is there; %d files belong to no row.\n", len(files.Orphans))
	return nil
}
