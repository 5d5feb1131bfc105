package store

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/google/uuid"

	"gongshu/ent/db"
	"gongshu/ent/db/decision"
	"gongshu/ent/db/document"
	"gongshu/ent/db/proceeding"
	"gongshu/internal/access"
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

// Document is an uploaded piece of evidence.
type Document struct {
	ID             uuid.UUID
	OrganisationID uuid.UUID
	UploaderID     uuid.UUID
	Name           string
	MediaType      string
	Size           int64
	SHA256         string
	BlobKey        string
}

// AddDocument saves a document whose bytes are stored already.
func (tx *Tx) AddDocument(ctx context.Context, d Document) error {
	err := tx.Document.Create().SetID(d.ID).SetCreatedAt(tx.now).SetOrganisationID(d.OrganisationID).SetUploaderID(d.UploaderID).
		SetName(d.Name).SetMediaType(d.MediaType).SetSize(d.Size).SetSha256(d.SHA256).SetBlobKey(d.BlobKey).Exec(ctx)
	if err != nil {
		return fmt.Errorf("add a document: %w", err)
	}
	return nil
}

// DocumentByID reads a document of the viewer's organisation, or one that is evidence in a proceeding or the file of an invoice that it may see.
func (s *Store) DocumentByID(ctx context.Context, id uuid.UUID) (*db.Document, error) {
	row, err := s.read.Document.Get(AsSystem(ctx), id)
	if db.IsNotFound(err) {
		return nil, fault.Absent("document")
	}
	if err != nil {
		return nil, fmt.Errorf("read a document: %w", err)
	}
	if row.OrganisationID == access.FromContext(ctx).OrganisationID {
		return row, nil
	}
	seen, err := s.inEvidence(ctx, row)
	if err == nil && !seen {
		seen, err = s.inInvoice(ctx, id)
	}
	if err != nil {
		return nil, err
	}
	if !seen {
		return nil, fault.Absent("document")
	}
	return row, nil
}

// inEvidence reports whether a document is evidence in a proceeding that the viewer may see: of its applicant or of a decision.
func (s *Store) inEvidence(ctx context.Context, d *db.Document) (bool, error) {
	filed, err := s.read.Proceeding.Query().Where(proceeding.ApplicantID(d.OrganisationID)).Select(proceeding.FieldID, proceeding.FieldEvidence).All(ctx)
	if err != nil {
		return false, fmt.Errorf("look for evidence: %w", err)
	}
	if slices.ContainsFunc(filed, func(p *db.Proceeding) bool { return slices.Contains(p.Evidence, d.ID) }) {
		return true, nil
	}
	decided, err := s.read.Decision.Query().Where(decision.OrganisationID(d.OrganisationID)).Select(decision.FieldID, decision.FieldEvidence).All(ctx)
	if err != nil {
		return false, fmt.Errorf("look for evidence: %w", err)
	}
	return slices.ContainsFunc(decided, func(decision *db.Decision) bool { return slices.Contains(decision.Evidence, d.ID) }), nil
}

// Evidence are the documents of proceedings that the viewer may see, each in the order in which they were filed.
// The documents belong to the applicant: they are read as the system because their proceeding was not.
func (s *Store) Evidence(ctx context.Context, proceedings []uuid.UUID) (map[uuid.UUID][]*db.Document, error) {
	filed, err := s.read.Proceeding.Query().Where(proceeding.IDIn(proceedings...)).Select(proceeding.FieldID, proceeding.FieldEvidence).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read evidence: %w", err)
	}
	var ids []uuid.UUID
	for _, p := range filed {
		ids = append(ids, p.Evidence...)
	}
	rows, err := s.read.Document.Query().Where(document.IDIn(ids...)).All(AsSystem(ctx))
	if err != nil {
		return nil, fmt.Errorf("read evidence: %w", err)
	}
	byID := make(map[uuid.UUID]*db.Document, len(rows))
	for _, d := range rows {
		byID[d.ID] = d
	}
	evidence := make(map[uuid.UUID][]*db.Document, len(filed))
	for _, p := range filed {
		evidence[p.ID] = make([]*db.Document, 0, len(p.Evidence))
		for _, id := range p.Evidence {
			if d := byID[id]; d != nil {
				evidence[p.ID] = append(evidence[p.ID], d)
			}
		}
	}
	return evidence, nil
}

// DocumentsOf counts the documents of an organisation.
func (s *Store) DocumentsOf(ctx context.Context, organisationID uuid.UUID) (int, error) {
	n, err := s.read.Document.Query().Where(document.OrganisationID(organisationID)).Count(ctx)
	if err != nil {
		return 0, fmt.Errorf("count documents: %w", err)
	}
	return n, nil
}
