package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"

	"gongshu/internal/access"
)

// viewerRows are a membership with the status and capacities of its organisation: a row for each capacity, one without when it has none.
const viewerRows = `
SELECT m.roles, o.status, c.kind
FROM memberships m
JOIN persons p ON p.id = m.person_id AND p.disabled_at IS NULL
JOIN organisations o ON o.id = m.organisation_id
LEFT JOIN parties c ON c.organisation_id = m.organisation_id
WHERE m.person_id = $1 AND m.organisation_id = $2
ORDER BY c.id`

// Viewer is who a person is when it acts as an organisation. It is nobody when it does not belong there or is disabled.
// Every request asks for it, so that a role taken away is gone at once; it is one statement, and no guard narrows it.
func (s *Store) Viewer(ctx context.Context, personID, organisationID uuid.UUID) (access.Viewer, error) {
	Sending(ctx, viewerRows)
	rows, err := s.reader.QueryContext(ctx, viewerRows, personID.String(), organisationID.String())
	if err != nil {
		return access.Viewer{}, fmt.Errorf("read a viewer: %w", err)
	}
	defer rows.Close()
	var v access.Viewer
	for rows.Next() {
		var roles []byte
		var status access.OrganisationStatus
		var capacity sql.Null[string]
		if err := rows.Scan(&roles, &status, &capacity); err != nil {
			return access.Viewer{}, fmt.Errorf("read a viewer: %w", err)
		}
		if !v.SignedIn() {
			v = access.Viewer{PersonID: personID, OrganisationID: organisationID, Verified: status == access.OrganisationVerified}
			if err := json.Unmarshal(roles, &v.Roles); err != nil {
				return access.Viewer{}, fmt.Errorf("read the roles of a viewer: %w", err)
			}
		}
		if capacity.Valid {
			v.Parties = append(v.Parties, access.Party(capacity.V))
		}
	}
	if err := rows.Err(); err != nil {
		return access.Viewer{}, fmt.Errorf("read a viewer: %w", err)
	}
	return v, nil
}
