package store

import (
	"context"
	"encoding/binary"
	"fmt"
	"time"

	"github.com/google/uuid"

	"gongshu/ent/db"
	"gongshu/ent/db/agreement"
	"gongshu/ent/db/auditrecord"
	"gongshu/ent/db/credential"
	"gongshu/ent/db/entitlement"
	"gongshu/ent/db/grant"
	dbjob "gongshu/ent/db/job"
	"gongshu/ent/db/notification"
	"gongshu/ent/db/order"
	"gongshu/ent/db/organisation"
	"gongshu/ent/db/permittedrevenue"
	"gongshu/ent/db/proceeding"
	"gongshu/ent/db/product"
	"gongshu/ent/db/resource"
	"gongshu/internal/notice"
)

// News is signalled after a transaction of this store was committed that recorded an act, told somebody something or moved a
// job. It holds one signal, and has one reader.
func (s *Store) News() <-chan struct{} { return s.news }

func signal(news chan struct{}) {
	select {
	case news <- struct{}{}:
	default: // one is there already
	}
}

// FirstID is the least id of a row that was made at a moment, by the clock of the machine that made it.
func FirstID(at time.Time) (id uuid.UUID) {
	binary.BigEndian.PutUint64(id[:8], uint64(at.UnixMilli())<<16)
	return id
}

// SubjectRef names something that is told of.
type SubjectRef struct {
	Kind notice.Subject
	ID   uuid.UUID
}

// Happening is an act that was recorded: by whom, and what it changed.
type Happening struct {
	ID       uuid.UUID
	PersonID uuid.UUID
	Changed  []SubjectRef
}

// HappeningsSince reads what happened by id, whoever may see it, so many at most.
func (s *Store) HappeningsSince(ctx context.Context, after uuid.UUID, most int) ([]Happening, error) {
	rows, err := s.read.AuditRecord.Query().Where(auditrecord.IDGT(after)).Order(db.Asc(auditrecord.FieldID)).Limit(most).All(AsSystem(ctx))
	if err != nil {
		return nil, fmt.Errorf("read what happened: %w", err)
	}
	all := make([]Happening, len(rows))
	for i, row := range rows {
		all[i] = Happening{ID: row.ID, Changed: changedBy(row)}
		if row.PersonID != nil {
			all[i].PersonID = *row.PersonID
		}
	}
	return all, nil
}

// recordedAs says what the subject of an audit record is that has another name than its type: a proceeding's kind names what
// it is about.
var recordedAs = map[string]notice.Subject{
	"Organisation": notice.Organisation, "Resource": notice.Resource, "Agreement": notice.Agreement, "Grant": notice.Grant,
	"Product": notice.Product, "Order": notice.Order, "Entitlement": notice.Entitlement, "Credential": notice.Credential,
	"ORGANISATION_VERIFICATION": notice.Organisation, "RESOURCE_APPROVAL": notice.Resource, "GRANT_APPLICATION": notice.Grant,
	"PRODUCT_REVIEW": notice.Product, "FREE_USE_APPLICATION": notice.Product,
	"PermittedRevenue": notice.PermittedRevenue, "COST_SURVEY": notice.PermittedRevenue,
}

func changedBy(row *db.AuditRecord) (changed []SubjectRef) {
	kind, known := recordedAs[row.SubjectKind]
	if known && row.SubjectID != nil {
		changed = append(changed, SubjectRef{kind, *row.SubjectID})
	}
	for name, kind := range map[string]notice.Subject{"proceeding": notice.Proceeding, "entitlement": notice.Entitlement} {
		text, _ := row.Change[name].(string)
		if id, err := uuid.Parse(text); err == nil {
			changed = append(changed, SubjectRef{kind, id})
		}
	}
	return changed
}

// Told is a notification that was made.
type Told struct{ ID, OrganisationID uuid.UUID }

// ToldSince reads notifications by id, whoever may see them, so many at most.
func (s *Store) ToldSince(ctx context.Context, after uuid.UUID, most int) ([]Told, error) {
	rows, err := s.read.Notification.Query().Where(notification.IDGT(after)).Order(db.Asc(notification.FieldID)).Limit(most).
		Select(notification.FieldID, notification.FieldOrganisationID).All(AsSystem(ctx))
	if err != nil {
		return nil, fmt.Errorf("read what was told: %w", err)
	}
	all := make([]Told, len(rows))
	for i, row := range rows {
		all[i] = Told{row.ID, row.OrganisationID}
	}
	return all, nil
}

// JobMoved is a job that moved, with how often it did.
type JobMoved struct {
	ID, OrganisationID uuid.UUID
	Version            int
}

// JobsMovedSince reads the jobs that moved since a moment, whoever may see them, so many at most.
func (s *Store) JobsMovedSince(ctx context.Context, since time.Time, most int) ([]JobMoved, error) {
	rows, err := s.read.Job.Query().Where(dbjob.UpdatedAtGTE(since)).Order(db.Asc(dbjob.FieldUpdatedAt)).Limit(most).
		Select(dbjob.FieldID, dbjob.FieldOrganisationID, dbjob.FieldVersion).All(AsSystem(ctx))
	if err != nil {
		return nil, fmt.Errorf("read which jobs moved: %w", err)
	}
	all := make([]JobMoved, len(rows))
	for i, row := range rows {
		all[i] = JobMoved{row.ID, row.OrganisationID, row.Version}
	}
	return all, nil
}

// Visible are those of some things of one kind that the viewer may see.
func (s *Store) Visible(ctx context.Context, kind notice.Subject, ids []uuid.UUID) (seen []uuid.UUID, err error) {
	c := s.read
	switch kind {
	case notice.Organisation:
		seen, err = c.Organisation.Query().Where(organisation.IDIn(ids...)).IDs(ctx)
	case notice.Resource:
		seen, err = c.Resource.Query().Where(resource.IDIn(ids...)).IDs(ctx)
	case notice.Agreement:
		seen, err = c.Agreement.Query().Where(agreement.IDIn(ids...)).IDs(ctx)
	case notice.Grant:
		seen, err = c.Grant.Query().Where(grant.IDIn(ids...)).IDs(ctx)
	case notice.Proceeding:
		seen, err = c.Proceeding.Query().Where(proceeding.IDIn(ids...)).IDs(ctx)
	case notice.Product:
		seen, err = c.Product.Query().Where(product.IDIn(ids...)).IDs(ctx)
	case notice.Order:
		seen, err = c.Order.Query().Where(order.IDIn(ids...)).IDs(ctx)
	case notice.Entitlement:
		seen, err = c.Entitlement.Query().Where(entitlement.IDIn(ids...)).IDs(ctx)
	case notice.Credential:
		seen, err = c.Credential.Query().Where(credential.IDIn(ids...)).IDs(ctx)
	case notice.PermittedRevenue:
		seen, err = c.PermittedRevenue.Query().Where(permittedrevenue.IDIn(ids...)).IDs(ctx)
	}
	if err != nil {
		return nil, fmt.Errorf("read what may be seen: %w", err)
	}
	return seen, nil
}
