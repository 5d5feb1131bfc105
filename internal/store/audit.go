package store

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"gongshu/ent/db"
	"gongshu/ent/db/auditrecord"
	"gongshu/internal/access"
)

type requestIDKey struct{}

// WithRequestID returns a context whose audit records name the request.
func WithRequestID(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, requestIDKey{}, id)
}

// Act is what an audit record says of an act beyond who, as whom and when.
type Act struct {
	// Name is the mutation or command: productList.
	Name string
	// Kind and ID name the subject.
	Kind string
	ID   uuid.UUID
	// Change holds what changed: names of fields with before and after, never secrets or personal data.
	Change map[string]any
	Reason string
}

// Record writes an audit record of an act of the context's viewer, in the transaction of the act.
func (tx *Tx) Record(ctx context.Context, act Act) error {
	v := access.FromContext(ctx)
	requestID, _ := ctx.Value(requestIDKey{}).(string)
	create := tx.AuditRecord.Create().SetCreatedAt(tx.now).SetAction(act.Name).SetSubjectKind(act.Kind).
		SetReason(act.Reason).SetRequestID(requestID)
	if act.ID != uuid.Nil {
		create.SetSubjectID(act.ID)
	}
	if v.SignedIn() {
		create.SetPersonID(v.PersonID)
	}
	if v.OrganisationID != uuid.Nil {
		create.SetOrganisationID(v.OrganisationID)
	}
	if act.Change != nil {
		create.SetChange(act.Change)
	}
	if err := create.Exec(ctx); err != nil {
		return fmt.Errorf("record %s: %w", act.Name, err)
	}
	tx.news = true
	return nil
}

// NewestAct returns the change of the newest act of a name that has no one subject; nil when there is none. It is the
// program's own memory of what it did to the whole market.
func (s *Store) NewestAct(ctx context.Context, name string) (map[string]any, error) {
	row, err := s.read.AuditRecord.Query().Where(auditrecord.SubjectIDIsNil(), auditrecord.Action(name)).
		Order(db.Desc(auditrecord.FieldID)).First(AsSystem(ctx))
	if db.IsNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the newest %s: %w", name, err)
	}
	return row.Change, nil
}
