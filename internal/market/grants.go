package market

import (
	"context"

	"gongshu/internal/store"
)

func (m *Market) grantDecided(ctx context.Context, tx *store.Tx, p store.Proceeding) error {
	return nil
}
