package market

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"

	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/fault"
	"gongshu/internal/ordering"
	"gongshu/internal/store"
	"gongshu/pricing"
)

// CostSurveyInput is a year's cost survey as an operator reports it (成本调查, P65).
type CostSurveyInput struct {
	Year   int
	Cycle  pricing.Cycle
	Survey pricing.CostSurvey
	// SourceDocument is the operator's report.
	SourceDocument string
	// Note says what the deciders should know besides; it may be empty.
	Note           string
	Evidence       []uuid.UUID
	IdempotencyKey string
}

// CostSurveyReport reports a year's cost survey and returns the permitted revenue that it leads to, and the proceeding in which price
// authority and agency decide on it (P65). A person of the operator with the role FINANCE may.
//
// The same key with the same content is the same report; with other content it is IDEMPOTENCY_KEY_REUSED. Refused with everything that is
// wrong with survey and cycle, TEXT_MISSING, TEXT_TOO_LONG, NOTE_OUT_OF_RANGE, CYCLE_OVERLAPS where another cycle is in force for one of its
// years, SURVEY_UNDECIDED while one of the same year is on its way, and AUTHORITY_MISSING; nothing is stored then.
func (m *Market) CostSurveyReport(ctx context.Context, in CostSurveyInput) (permitted, proceeding uuid.UUID, err error) {
	v := access.FromContext(ctx)
	if err := v.MayAct(access.Operator, access.Finance); err != nil {
		return uuid.Nil, uuid.Nil, err
	}
	if err := inputKey(ordering.CheckIdempotencyKey(in.IdempotencyKey)); err != nil {
		return uuid.Nil, uuid.Nil, err
	}
	in.Note = strings.TrimSpace(in.Note)
	hash := requestHash([]any{"costSurveyReport", in})
	proceeding, err = once(ctx, m.Store, func(ctx context.Context, tx *store.Tx) (uuid.UUID, error) {
		before, found, err := tx.ProceedingByKey(ctx, v.OrganisationID, in.IdempotencyKey)
		if err != nil {
			return uuid.Nil, err
		}
		if found {
			permitted = before.SubjectID
			return before.ID, inputKey(ordering.CheckIdempotency(before.RequestHash, hash))
		}
		reported, opened, err := m.reportSurvey(ctx, tx, in, hash)
		permitted = reported
		return opened, err
	})
	if err != nil {
		return uuid.Nil, uuid.Nil, err
	}
	return permitted, proceeding, nil
}

// pricesLock makes what changes an operator's permitted revenues, or the caps under them, happen one after the other.
func pricesLock(operator uuid.UUID) string { return "prices of " + operator.String() }

func (m *Market) reportSurvey(ctx context.Context, tx *store.Tx, in CostSurveyInput, hash string) (permitted, proceeding uuid.UUID, err error) {
	v := access.FromContext(ctx)
	policies, err := tx.Policies(ctx)
	if err != nil {
		return uuid.Nil, uuid.Nil, err
	}
	if err := checkSurveyInput(in, policies.Pricing); err != nil {
		return uuid.Nil, uuid.Nil, err
	}
	computed, err := pricing.Permit(in.Survey)
	if err != nil {
		return uuid.Nil, uuid.Nil, at(err, map[string]string{"": "input.survey", "yieldPercent": "input.survey.yieldPercent"})
	}
	if err := tx.Alone(ctx, pricesLock(v.OrganisationID)); err != nil {
		return uuid.Nil, uuid.Nil, err
	}
	if err := maySurvey(ctx, tx, v.OrganisationID, in.Year, in.Cycle); err != nil {
		return uuid.Nil, uuid.Nil, err
	}
	permitted, err = tx.AddPermittedRevenue(ctx, store.PermittedRevenue{
		OperatorID: v.OrganisationID, PersonID: v.PersonID, Year: in.Year, Cycle: in.Cycle, Survey: in.Survey, Permitted: computed,
		SourceDocument: in.SourceDocument, IdempotencyKey: in.IdempotencyKey, RequestHash: hash,
	})
	if err != nil {
		return uuid.Nil, uuid.Nil, err
	}
	operator, err := tx.OrganisationByID(ctx, v.OrganisationID)
	if err != nil {
		return uuid.Nil, uuid.Nil, err
	}
	proceeding, err = m.open(ctx, tx, opening{
		kind: authorisation.ProceedingCostSurvey, subjectID: permitted, subjectName: fmt.Sprintf("%s %d", operator.Name, in.Year),
		application: authorisation.Application{Note: in.Note}, evidence: in.Evidence, key: in.IdempotencyKey, hash: hash,
	})
	if err != nil {
		return uuid.Nil, uuid.Nil, err
	}
	return permitted, proceeding, tx.Record(ctx, store.Act{Name: "costSurveyReport", Kind: "PermittedRevenue", ID: permitted, Change: map[string]any{
		"year": in.Year, "cycle": in.Cycle, "revenueFen": computed.RevenueFen, "sourceDocument": in.SourceDocument, "proceeding": proceeding,
	}})
}

func checkSurveyInput(in CostSurveyInput, policy pricing.Policy) error {
	wrong := fault.List(fault.All(policy.CheckCycle(in.Cycle, in.Year, "input")))
	wrong = append(wrong, fault.All(policy.CheckSurvey(in.Survey, "input.survey"))...)
	wrong = append(wrong, checkSurveyTexts(in.Survey, "input.survey")...)
	wrong = append(wrong, checkText("input.sourceDocument", in.SourceDocument, 600, true)...)
	if utf8.RuneCountInString(in.Note) > authorisation.MaxReason {
		wrong = append(wrong, fault.New(fault.Invalid, "NOTE_OUT_OF_RANGE", "A note has at most %d characters.", authorisation.MaxReason).
			At("input.note").With("max", authorisation.MaxReason))
	}
	return wrong.OrNil()
}

// checkSurveyTexts refuses names and keys that are too long.
func checkSurveyTexts(survey pricing.CostSurvey, field string) (wrong fault.List) {
	for i, line := range survey.Lines {
		wrong = append(wrong, checkText(fmt.Sprintf("%s.lines.%d.name", field, i), line.Name, 600, false)...)
		wrong = append(wrong, checkText(fmt.Sprintf("%s.lines.%d.key", field, i), line.Key, 600, false)...)
	}
	return wrong
}

// maySurvey refuses a survey beside another of the same year that is not decided, or of a cycle that crosses one in force.
func maySurvey(ctx context.Context, tx *store.Tx, operator uuid.UUID, year int, cycle pricing.Cycle) error {
	waits, err := tx.UndecidedSurvey(ctx, operator, year)
	if err != nil {
		return err
	}
	if waits {
		return fault.New(fault.Conflict, "SURVEY_UNDECIDED", "A cost survey of %d is not decided yet.", year).At("input.year").With("year", year)
	}
	inForce, err := tx.PermittedInForce(ctx, operator)
	if err != nil {
		return err
	}
	return crossing(inForce, year, cycle)
}

// crossing refuses a year of a cycle that crosses that of another year in force.
func crossing(inForce []store.PermittedRevenue, year int, cycle pricing.Cycle) error {
	for _, other := range inForce {
		if other.Year != year && other.Cycle != cycle && other.Cycle.Overlaps(cycle) {
			return fault.New(fault.Conflict, "CYCLE_OVERLAPS", "The pricing cycle %d to %d is in force.", other.Cycle.From, other.Cycle.Last()).
				At("input.cycle").With("from", other.Cycle.From).With("last", other.Cycle.Last())
		}
	}
	return nil
}

// costSurveyDecided puts an approved permitted revenue in force, less what earlier cycles earned too much, in the place of the one of the
// same year; what it cannot bear of that is deducted from later ones in force. One that was refused or taken back is that.
func (m *Market) costSurveyDecided(ctx context.Context, tx *store.Tx, p store.Proceeding) error {
	permitted, err := tx.PermittedRevenueByID(store.AsSystem(ctx), p.SubjectID)
	if err != nil {
		return err
	}
	switch p.State {
	case authorisation.StateRefused:
		return tx.DecidePermittedRevenue(ctx, permitted, pricing.SurveyRefused)
	case authorisation.StateWithdrawn:
		return tx.DecidePermittedRevenue(ctx, permitted, pricing.SurveyWithdrawn)
	}
	if err := tx.Alone(ctx, pricesLock(permitted.OperatorID)); err != nil {
		return err
	}
	inForce, err := tx.PermittedInForce(ctx, permitted.OperatorID)
	if err != nil {
		return err
	}
	if err := crossing(inForce, permitted.Year, permitted.Cycle); err != nil {
		return at(err, map[string]string{"input.cycle": ""}) // meanwhile; the decider's input has no place for it
	}
	if i := slices.IndexFunc(inForce, func(other store.PermittedRevenue) bool { return other.Year == permitted.Year }); i >= 0 {
		permitted.Clawback = inForce[i].Clawback
	}
	if permitted.DeductedFen, err = pricing.Deduction(permitted.PermittedYear(), permittedYears(inForce)); err != nil {
		return err
	}
	if err := tx.DecidePermittedRevenue(ctx, permitted, pricing.SurveyApproved); err != nil {
		return err
	}
	_, err = deductFromLater(ctx, tx, permitted.OperatorID) // what the one in whose place it is bore, and it cannot
	return err
}

func permittedYears(inForce []store.PermittedRevenue) []pricing.PermittedYear {
	years := make([]pricing.PermittedYear, len(inForce))
	for i, p := range inForce {
		years[i] = p.PermittedYear()
	}
	return years
}
