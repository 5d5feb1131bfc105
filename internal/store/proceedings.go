package store

import (
	"context"
	"fmt"
	"maps"
	"slices"

	entsql "entgo.io/ent/dialect/sql"
	"entgo.io/ent/dialect/sql/sqljson"
	"github.com/google/uuid"

	"gongshu/ent/db"
	"gongshu/ent/db/decision"
	"gongshu/ent/db/membership"
	"gongshu/ent/db/order"
	"gongshu/ent/db/organisation"
	"gongshu/ent/db/party"
	"gongshu/ent/db/proceeding"
	"gongshu/ent/db/refund"
	"gongshu/ent/db/requirement"
	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/fault"
	"gongshu/internal/purpose"
)

// Proceeding is a proceeding as the rules see it, with what the store needs to save it.
type Proceeding struct {
	authorisation.Proceeding
	ID          uuid.UUID
	Version     int
	ApplicantID uuid.UUID
	SubjectID   uuid.UUID
	SubjectName string
	Application authorisation.Application
	Evidence    []uuid.UUID
	// IdempotencyKey and RequestHash make an application happen once; "" when its subject does already.
	IdempotencyKey  string
	RequestHash     string
	CalendarMissing bool
	// Involved says that it is of a refund to an organisation to which the viewer belongs, as whomever it acts: it decides nothing of that.
	Involved bool
}

// OpenProceeding saves a new proceeding and returns its id. Requirements that name no organisation get the one that has
// the capacity: the platform for PLATFORM, the price authority for PRICE, the implementing agency for AGENCY, SECURITY and COMPLIANCE.
func (tx *Tx) OpenProceeding(ctx context.Context, p Proceeding) (uuid.UUID, error) {
	create := tx.Proceeding.Create().SetCreatedAt(tx.now).SetKind(p.Kind).SetState(p.State).
		SetApplicantID(p.ApplicantID).SetSubmitterID(p.SubmittedBy).SetSubjectID(p.SubjectID).SetSubjectName(p.SubjectName).
		SetApplication(p.Application).SetEvidence(slices.Concat([]uuid.UUID{}, p.Evidence)).
		SetCalendarMissing(p.CalendarMissing).SetRequestHash(p.RequestHash)
	if p.IdempotencyKey != "" {
		create.SetIdempotencyKey(p.IdempotencyKey)
	}
	if p.DueOn != nil {
		create.SetDueOn(p.DueOn.String())
	}
	row, err := create.Save(ctx)
	if err != nil {
		return uuid.Nil, fmt.Errorf("open a proceeding: %w", err)
	}
	for _, r := range p.Requirements {
		if r.OrganisationID == uuid.Nil {
			if r.OrganisationID, err = tx.decider(ctx, r.Step); err != nil {
				return uuid.Nil, err
			}
		}
		err := tx.Requirement.Create().SetCreatedAt(tx.now).SetProceedingID(row.ID).SetOrganisationID(r.OrganisationID).SetStep(r.Step).Exec(ctx)
		if err != nil {
			return uuid.Nil, fmt.Errorf("require a decision: %w", err)
		}
	}
	return row.ID, nil
}

// decider is the organisation that decides a step by its office.
func (tx *Tx) decider(ctx context.Context, step authorisation.Step) (uuid.UUID, error) {
	office := access.ImplementingAgency
	switch step {
	case authorisation.StepPlatform:
		office = access.Platform
	case authorisation.StepPrice:
		office = access.PriceAuthority
	}
	id, err := tx.Party.Query().Where(party.KindEQ(office), party.HasOrganisationWith(organisation.StatusEQ(access.OrganisationVerified))).
		Order(db.Asc(party.FieldID)).QueryOrganisation().FirstID(AsSystem(ctx))
	if db.IsNotFound(err) {
		return uuid.Nil, fault.New(fault.Conflict, "AUTHORITY_MISSING", "No organisation is verified yet that could decide on this as %s.", office).With("party", string(office))
	}
	if err != nil {
		return uuid.Nil, fmt.Errorf("find who decides: %w", err)
	}
	return id, nil
}

// ProceedingByID reads a proceeding that the viewer may see.
func (tx *Tx) ProceedingByID(ctx context.Context, id uuid.UUID) (Proceeding, error) {
	row, err := tx.Proceeding.Get(ctx, id)
	if db.IsNotFound(err) {
		return Proceeding{}, fault.Absent("proceeding")
	}
	if err != nil {
		return Proceeding{}, fmt.Errorf("read a proceeding: %w", err)
	}
	loaded, err := loadProceedings(ctx, tx.Client, []*db.Proceeding{row})
	return loaded[id], err
}

// ProceedingByKey finds the proceeding that an applicant opened under an idempotency key: its id, subject and request hash.
func (tx *Tx) ProceedingByKey(ctx context.Context, applicant uuid.UUID, key string) (p Proceeding, found bool, err error) {
	row, err := tx.Proceeding.Query().Where(proceeding.ApplicantID(applicant), proceeding.IdempotencyKey(key)).Only(ctx)
	if db.IsNotFound(err) {
		return Proceeding{}, false, nil
	}
	if err != nil {
		return Proceeding{}, false, fmt.Errorf("look for a proceeding: %w", err)
	}
	return Proceeding{ID: row.ID, SubjectID: row.SubjectID, RequestHash: row.RequestHash}, true, nil
}

// FreeUsePending finds the application for free use that an applicant waits for a decision on.
func (tx *Tx) FreeUsePending(ctx context.Context, applicant, productID uuid.UUID, p purpose.Purpose) (id uuid.UUID, found bool, err error) {
	id, err = tx.Proceeding.Query().Where(proceeding.ApplicantID(applicant), proceeding.SubjectID(productID),
		proceeding.KindEQ(authorisation.ProceedingFreeUse), proceeding.EndedAtIsNil(), func(s *entsql.Selector) {
			s.Where(sqljson.ValueEQ(proceeding.FieldApplication, string(p), sqljson.Path("purpose")))
		}).Order(db.Asc(proceeding.FieldID)).FirstID(AsSystem(ctx))
	if db.IsNotFound(err) {
		return uuid.Nil, false, nil
	}
	if err != nil {
		return uuid.Nil, false, fmt.Errorf("look for an application: %w", err)
	}
	return id, true, nil
}

// Proceedings are the proceedings that the viewer may see, as the rules see them: three statements however many there are, and two more for refunds.
func (s *Store) Proceedings(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]Proceeding, error) {
	rows, err := s.read.Proceeding.Query().Where(proceeding.IDIn(ids...)).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read proceedings: %w", err)
	}
	return loadProceedings(ctx, s.read, rows)
}

// loadProceedings turns rows into what the rules see, with their requirements and decisions.
func loadProceedings(ctx context.Context, c *db.Client, rows []*db.Proceeding) (map[uuid.UUID]Proceeding, error) {
	loaded := make(map[uuid.UUID]Proceeding, len(rows))
	ids := make([]uuid.UUID, len(rows))
	for i, row := range rows {
		ids[i] = row.ID
		p, err := loadProceeding(row)
		if err != nil {
			return nil, err
		}
		loaded[row.ID] = p
	}
	requirements, err := c.Requirement.Query().Where(requirement.ProceedingIDIn(ids...)).Order(db.Asc(requirement.FieldID)).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read requirements: %w", err)
	}
	for _, r := range requirements {
		p := loaded[r.ProceedingID]
		p.Requirements = append(p.Requirements, authorisation.Requirement{Step: r.Step, OrganisationID: r.OrganisationID})
		loaded[r.ProceedingID] = p
	}
	decisions, err := c.Decision.Query().Where(decision.ProceedingIDIn(ids...)).Order(db.Asc(decision.FieldID)).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read decisions: %w", err)
	}
	for _, d := range decisions {
		p := loaded[d.ProceedingID]
		p.Decisions = append(p.Decisions, authorisation.Decision{Step: d.Step, OrganisationID: d.OrganisationID, PersonID: d.PersonID, Outcome: d.Outcome, Reason: d.Reason, At: d.CreatedAt})
		loaded[d.ProceedingID] = p
	}
	return loaded, markInvolved(ctx, c, loaded)
}

// markInvolved finds the refunds among proceedings that go to an organisation of the viewer's.
func markInvolved(ctx context.Context, c *db.Client, loaded map[uuid.UUID]Proceeding) error {
	of := map[uuid.UUID]uuid.UUID{}
	for id, p := range loaded {
		if p.Kind == authorisation.ProceedingRefund && !p.Ended() {
			of[p.SubjectID] = id
		}
	}
	person := access.FromContext(ctx).PersonID
	if len(of) == 0 || person == uuid.Nil {
		return nil
	}
	ctx = AsSystem(ctx) // whichever organisation that is, and whatever the viewer sees of it
	var own []uuid.UUID
	err := c.Membership.Query().Where(membership.PersonID(person)).Select(membership.FieldOrganisationID).Scan(ctx, &own)
	if err != nil {
		return fmt.Errorf("read the viewer's organisations: %w", err)
	}
	theirs, err := c.Refund.Query().Where(refund.IDIn(slices.Collect(maps.Keys(of))...), refund.HasOrderWith(order.BuyerIDIn(own...))).IDs(ctx)
	if err != nil {
		return fmt.Errorf("read whose refunds they are: %w", err)
	}
	for _, subject := range theirs {
		p := loaded[of[subject]]
		p.Involved = true
		loaded[p.ID] = p
	}
	return nil
}

func loadProceeding(row *db.Proceeding) (Proceeding, error) {
	p := Proceeding{
		Proceeding: authorisation.Proceeding{Kind: row.Kind, State: row.State, SubmittedBy: row.SubmitterID, SubmittedAt: row.CreatedAt},
		ID:         row.ID, Version: row.Version, ApplicantID: row.ApplicantID, SubjectID: row.SubjectID, SubjectName: row.SubjectName,
		Application: row.Application, Evidence: row.Evidence, CalendarMissing: row.CalendarMissing, RequestHash: row.RequestHash,
	}
	if row.DueOn != nil {
		day, err := authorisation.ParseDay(*row.DueOn)
		if err != nil {
			return p, fmt.Errorf("proceeding %s: %w", row.ID, err)
		}
		p.DueOn = &day
	}
	return p, nil
}

// SaveDecision saves the newest decision of a proceeding and its state, if nobody decided since it was read.
func (tx *Tx) SaveDecision(ctx context.Context, p Proceeding, evidence []uuid.UUID) error {
	if err := tx.moveProceeding(ctx, p); err != nil {
		return err
	}
	d := p.Decisions[len(p.Decisions)-1]
	err := tx.Decision.Create().SetCreatedAt(tx.now).SetProceedingID(p.ID).SetStep(d.Step).SetOrganisationID(d.OrganisationID).
		SetPersonID(d.PersonID).SetOutcome(d.Outcome).SetReason(d.Reason).SetEvidence(slices.Concat([]uuid.UUID{}, evidence)).Exec(ctx)
	if err != nil {
		return fmt.Errorf("save a decision: %w", err)
	}
	met := tx.Requirement.Update().Where(requirement.ProceedingID(p.ID)).SetOpen(false)
	if !p.Ended() {
		met.Where(requirement.StepEQ(d.Step), requirement.OrganisationID(d.OrganisationID))
	}
	if err := met.Exec(ctx); err != nil {
		return fmt.Errorf("close requirements: %w", err)
	}
	return nil
}

// SaveWithdrawal saves that a proceeding was taken back.
func (tx *Tx) SaveWithdrawal(ctx context.Context, p Proceeding) error {
	if err := tx.moveProceeding(ctx, p); err != nil {
		return err
	}
	if err := tx.Requirement.Update().Where(requirement.ProceedingID(p.ID)).SetOpen(false).Exec(ctx); err != nil {
		return fmt.Errorf("close requirements: %w", err)
	}
	return nil
}

func (tx *Tx) moveProceeding(ctx context.Context, p Proceeding) error {
	update := tx.Proceeding.Update().Where(proceeding.ID(p.ID), proceeding.Version(p.Version)).SetState(p.State).AddVersion(1)
	if p.Ended() {
		update.SetEndedAt(tx.now)
	}
	return changedOne(update.Save(ctx))
}

// changedOne turns a compare-and-set that met nothing into the conflict that it is.
func changedOne(n int, err error) error {
	switch {
	case err != nil:
		return fmt.Errorf("save a change: %w", err)
	case n == 0:
		return fault.New(fault.Conflict, "CHANGED_MEANWHILE", "Somebody changed this meanwhile. Look again and repeat what is still right.")
	}
	return nil
}
