package market

import (
	"context"

	"github.com/google/uuid"

	"gongshu/internal/access"
)

// Viewer is who a person is when it acts as an organisation, nobody when it may not.
func (m *Market) Viewer(ctx context.Context, personID, organisationID uuid.UUID) (access.Viewer, error) {
	return m.Store.Viewer(ctx, personID, organisationID)
}
