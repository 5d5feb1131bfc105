package market

import (
	"context"
	"maps"
	"slices"

	"github.com/google/uuid"

	"gongshu/internal/authorisation"
	"gongshu/internal/store"
)

// calendarLock keeps loads of the calendar apart from proceedings that are being opened: none keeps a deadline that was
// reckoned with the calendar of before.
const calendarLock = "working-day calendar"

// DeadlineReport counts what became of the deadlines of open proceedings.
type DeadlineReport struct {
	// Filled had none for want of a year.
	Filled int `json:"filled"`
	// Moved had another.
	Moved int `json:"moved"`
	// Waiting have none still.
	Waiting int `json:"waiting"`
}

// reckon gives every open proceeding the deadline that the calendar gives it, page by page in one transaction: the deadline
// is a function of the day on which it was submitted, the policy of that day, and the calendar.
func (m *Market) reckon(ctx context.Context, tx *store.Tx) (report DeadlineReport, err error) {
	policies, err := tx.Policies(ctx)
	if err != nil {
		return report, err
	}
	for after := uuid.Nil; ; {
		page, err := tx.OpenProceedings(ctx, after, sweepBatch)
		if err != nil || len(page) == 0 {
			return report, err
		}
		for _, p := range page {
			if err := report.settle(ctx, tx, p, policies); err != nil {
				return report, err
			}
		}
		after = page[len(page)-1].ID
	}
}

// settle gives one open proceeding its deadline, where that can be told and is another than it has.
func (r *DeadlineReport) settle(ctx context.Context, tx *store.Tx, p store.Proceeding, policies store.Policies) error {
	submittedOn := authorisation.DayOf(p.SubmittedAt)
	days, set := policies.DeadlineDays(p.Kind, submittedOn)
	if !set {
		return nil
	}
	due, missing := policies.Calendar.Deadline(submittedOn, days)
	if missing {
		r.Waiting++
		return nil
	}
	if due == nil || p.DueOn != nil && *p.DueOn == *due {
		return nil
	}
	done, err := tx.SetDeadline(ctx, p, *due)
	if err != nil || !done {
		return err
	}
	act := store.Act{Name: "deadlineFill", Kind: string(p.Kind), ID: p.SubjectID, Change: map[string]any{"proceeding": p.ID, "dueOn": *due}}
	if p.DueOn == nil {
		r.Filled++
	} else {
		r.Moved++
		act.Name, act.Change["dueOn"] = "deadlineMove", []authorisation.Day{*p.DueOn, *due}
	}
	return tx.Record(ctx, act)
}

// fillDeadlines gives proceedings the last day that could not be reckoned when they were opened. Whatever loads a year does
// so at once; this finds what escaped it.
func (m *Market) fillDeadlines(ctx context.Context) (filled int, err error) {
	return m.inPages(ctx, m.Store.WithoutDeadline, func(ctx context.Context, tx *store.Tx, ids ...uuid.UUID) (int, error) {
		policies, err := tx.Policies(ctx)
		if err != nil {
			return 0, err
		}
		waiting, err := tx.WithoutDeadline(ctx, ids...)
		if err != nil {
			return 0, err
		}
		var report DeadlineReport
		for _, p := range waiting {
			if err := report.settle(ctx, tx, p, policies); err != nil {
				return 0, err
			}
		}
		return report.Filled, nil
	})
}

// CalendarGaps is what the working-day calendar lacks.
type CalendarGaps struct {
	// Years are not loaded though deadlines need them: those of the open proceedings that wait, and the one that a proceeding
	// submitted today could run into. Ascending.
	Years []int
	// Waiting is how many open proceedings have no deadline until then.
	Waiting int
}

// CalendarGaps says what the calendar lacks for the proceedings that the viewer may see.
func (m *Market) CalendarGaps(ctx context.Context) (CalendarGaps, error) {
	waiting, err := m.Store.Waiting(ctx)
	if err != nil {
		return CalendarGaps{}, err
	}
	policies, err := m.Store.Policies(ctx)
	if err != nil {
		return CalendarGaps{}, err
	}
	years := map[int]bool{}
	need := func(day authorisation.Day, days int) {
		if year := policies.Calendar.MissingYear(day, days); year != 0 {
			years[year] = true
		}
	}
	for _, p := range waiting {
		day := authorisation.DayOf(p.SubmittedAt)
		days, _ := policies.DeadlineDays(p.Kind, day)
		need(day, days)
	}
	for _, days := range policies.Deadlines {
		need(authorisation.DayOf(m.Store.Now()), days)
	}
	return CalendarGaps{slices.Sorted(maps.Keys(years)), len(waiting)}, nil
}
