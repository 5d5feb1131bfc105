package market

import (
	"context"
	"maps"
	"reflect"
	"slices"
	"time"

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
	// Waiting have none, still or again.
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

// settle gives one open proceeding its deadline where that is another than it has: none while it cannot be told.
func (r *DeadlineReport) settle(ctx context.Context, tx *store.Tx, p store.Proceeding, policies store.Policies) error {
	submittedOn := authorisation.DayOf(p.SubmittedAt)
	days, set := policies.DeadlineDays(p.Kind, submittedOn)
	if !set {
		return nil
	}
	due, missing := policies.Calendar.Deadline(submittedOn, days)
	if missing {
		r.Waiting++
	}
	if due == nil && !missing || reflect.DeepEqual(p.DueOn, due) {
		return nil
	}
	done, err := tx.SetDeadline(ctx, p, due)
	if err != nil || !done {
		return err
	}
	act := store.Act{Name: "deadlineMove", Kind: string(p.Kind), ID: p.SubjectID, Change: map[string]any{"proceeding": p.ID, "dueOn": []*authorisation.Day{p.DueOn, due}}}
	switch {
	case p.DueOn == nil:
		r.Filled++
		act.Name, act.Change["dueOn"] = "deadlineFill", due
	case due != nil:
		r.Moved++
	}
	return tx.Record(ctx, act)
}

// fillDeadlines gives proceedings the last day that could not be reckoned when they were opened. Whatever loads a year does
// so at once; this finds what escaped it. What waits still takes no transaction.
func (m *Market) fillDeadlines(ctx context.Context) (filled int, err error) {
	return m.inPages(ctx, m.fillable, func(ctx context.Context, tx *store.Tx, ids ...uuid.UUID) (int, error) {
		if err := tx.Beside(ctx, calendarLock); err != nil {
			return 0, err
		}
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

// fillable reads the next page with proceedings whose deadline can be told by now, by id.
func (m *Market) fillable(ctx context.Context, after uuid.UUID, most int) ([]uuid.UUID, error) {
	policies, err := m.Store.Policies(ctx)
	if err != nil {
		return nil, err
	}
	for {
		page, err := m.Store.WithoutDeadline(ctx, after, most)
		if err != nil || len(page) == 0 {
			return nil, err
		}
		var ids []uuid.UUID
		for _, p := range page {
			day := authorisation.DayOf(p.SubmittedAt)
			days, set := policies.DeadlineDays(p.Kind, day)
			if due, _ := policies.Calendar.Deadline(day, days); set && due != nil {
				ids = append(ids, p.ID)
			}
		}
		if len(ids) > 0 {
			return ids, nil
		}
		after = page[len(page)-1].ID
	}
}

// CalendarGaps is what the working-day calendar lacks.
type CalendarGaps struct {
	// Years are not loaded though deadlines need them: those of the earliest and the latest open proceeding of each kind that
	// wait, and the one that a proceeding submitted today could run into. Ascending.
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
	count, years := 0, map[int]bool{}
	need := func(day authorisation.Day, days int) {
		if year := policies.Calendar.MissingYear(day, days); year != 0 {
			years[year] = true
		}
	}
	for _, w := range waiting {
		count += w.Count
		for _, at := range []time.Time{w.First, w.Last} {
			day := authorisation.DayOf(at)
			days, _ := policies.DeadlineDays(w.Kind, day)
			need(day, days)
		}
	}
	for _, days := range policies.Deadlines {
		need(authorisation.DayOf(m.Store.Now()), days)
	}
	return CalendarGaps{slices.Sorted(maps.Keys(years)), count}, nil
}
