package store

import (
	"context"
	"fmt"
	"strconv"

	"github.com/google/uuid"

	"gongshu/ent/db/document"
	"gongshu/internal/fault"
)

// OwnDocuments refuses evidence that is not the organisation's own; others' documents answer like absent ones.
func (tx *Tx) OwnDocuments(ctx context.Context, organisation uuid.UUID, ids []uuid.UUID) error {
	if len(ids) == 0 {
		return nil
	}
	found, err := tx.Document.Query().Where(document.IDIn(ids...), document.OrganisationID(organisation)).IDs(AsSystem(ctx))
	if err != nil {
		return fmt.Errorf("read evidence: %w", err)
	}
	known := map[uuid.UUID]bool{}
	for _, id := range found {
		known[id] = true
	}
	for i, id := range ids {
		if !known[id] {
			return fault.Absent("document").At("input.evidence." + strconv.Itoa(i))
		}
	}
	return nil
}
