package market

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"entgo.io/ent/dialect"
	"github.com/google/uuid"

	"gongshu/ent/db/auditrecord"
	"gongshu/ent/db/policyrow"
	"gongshu/internal/authorisation"
	"gongshu/internal/fault"
	"gongshu/internal/policy"
	"gongshu/internal/store"
)

// synthetic2027 is no notice: the State Council's for 2027 is not out yet. Its make-up day in December 2026 is such as
// notices may have.
const synthetic2027 = `{"source": "test, synthetic", "years": {"2027": {"off": [["2027-01-01", "2027-01-03"], ["2027-02-05", "2027-02-11"]], "work": ["2026-12-27", "2027-01-09"]}}}`

// onDay moves the clock to ten in the morning of a day.
func (w *world) onDay(t *testing.T, day string) {
	t.Helper()
	d, err := authorisation.ParseDay(day)
	must(t, err)
	w.clock = d.Start().Add(10 * time.Hour)
}

// opens opens a proceeding of the source unit on a day: free use has 5 working days by policy, an approval 10.
func (w *world) opens(t *testing.T, s *scene, day string, kind authorisation.ProceedingKind) (id uuid.UUID) {
	t.Helper()
	w.onDay(t, day)
	must(t, w.Store.InTx(s.publisher, func(ctx context.Context, tx *store.Tx) (err error) {
		id, err = w.open(ctx, tx, opening{kind: kind, subjectID: uuid.New(), subjectName: day, authorities: []uuid.UUID{s.authority}})
		return err
	}))
	return id
}

// due is the deadline of a proceeding as the agency or authority sees it, "missing" where it waits for the calendar.
func (w *world) due(t *testing.T, id uuid.UUID) string {
	t.Helper()
	p, err := w.Store.Read().Proceeding.Get(store.AsSystem(t.Context()), id)
	must(t, err)
	if p.CalendarMissing != (p.DueOn == nil) {
		t.Errorf("the deadline is %v, missing %v", p.DueOn, p.CalendarMissing)
	}
	if p.DueOn == nil {
		return "missing"
	}
	return *p.DueOn
}

func TestDeadlinesAcrossTheCalendarsLastDay(t *testing.T) {
	const free, approval = authorisation.ProceedingFreeUse, authorisation.ProceedingResourceApproval
	eachWorld(t, func(t *testing.T, w *world) {
		s := w.scene(t)
		cases := []struct {
			sentence    string
			on          string
			kind        authorisation.ProceedingKind
			before, due string
		}{
			{"one that ends before the make-up day stays", "2026-12-18", free, "2026-12-25", "2026-12-25"},
			{"one that counts the make-up day in December moves", "2026-12-23", free, "2026-12-30", "2026-12-29"},
			{"so does one on the last working day of the year", "2026-12-24", free, "2026-12-31", "2026-12-30"},
			{"one over the year's end by the old calendar may end in it by the new", "2026-12-25", free, "missing", "2026-12-31"},
			{"five days from the last Monday", "2026-12-28", free, "missing", "2027-01-05"},
			{"ten days from the last Monday, over a make-up Saturday", "2026-12-28", approval, "missing", "2027-01-11"},
			{"submitted on the year's last day", "2026-12-31", free, "missing", "2027-01-08"},
			{"submitted on New Year's Day", "2027-01-01", free, "missing", "2027-01-08"},
			{"over the Spring Festival", "2027-02-03", free, "missing", "2027-02-17"},
		}
		ids := make([]uuid.UUID, len(cases))
		for i, c := range cases {
			ids[i] = w.opens(t, s, c.on, c.kind)
			if got := w.due(t, ids[i]); got != c.before {
				t.Errorf("%s: before, the deadline is %s, want %s", c.sentence, got, c.before)
			}
		}
		ended := w.opens(t, s, "2026-12-24", free)
		must(t, w.Store.InTx(s.publisher, func(ctx context.Context, tx *store.Tx) error {
			p, err := tx.ProceedingByID(ctx, ended)
			must(t, err)
			p.Proceeding, err = authorisation.Withdraw(p.Proceeding)
			must(t, err)
			return tx.SaveWithdrawal(ctx, p)
		}))
		w.onDay(t, "2027-02-03")

		if n, err := w.Sweep(t.Context()); err != nil || n != 0 {
			t.Fatalf("without the year a sweep changed %d, %v", n, err)
		}
		waiting, err := w.Store.Proceedings(s.industry, []uuid.UUID{ids[5]})
		must(t, err)
		if p := waiting[ids[5]]; !p.CalendarMissing || p.Overdue(authorisation.DayOf(w.clock)) || p.Ended() {
			t.Errorf("what waits is %+v", p)
		}
		gaps, err := w.CalendarGaps(s.agencyApprover)
		if err != nil || fmt.Sprint(gaps) != "{[2027] 5}" { // the approval is the authority's to decide
			t.Errorf("the agency lacks %v, %v", gaps, err)
		}

		want := DeadlineReport{Filled: 6, Moved: 2}
		dry, err := w.ImportCalendar(t.Context(), []byte(synthetic2027), PolicyImport{DryRun: true})
		if err != nil || dry.Deadlines != want || w.due(t, ids[4]) != "missing" {
			t.Fatalf("a dry run says %+v, %v", dry, err)
		}
		report, err := w.ImportCalendar(t.Context(), []byte(synthetic2027), PolicyImport{})
		if err != nil || report.Deadlines != want || fmt.Sprint(report.Years) != "[{2027 added 10 2}]" || fmt.Sprint(report.Days) != "[{2026-12-27 true}]" {
			t.Fatalf("the import says %+v, %v", report, err)
		}
		for i, c := range cases {
			if got := w.due(t, ids[i]); got != c.due {
				t.Errorf("%s: the deadline is %s, want %s", c.sentence, got, c.due)
			}
		}
		if got := w.due(t, ended); got != "2026-12-31" {
			t.Errorf("what had ended has its deadline moved to %s", got)
		}
		for action, n := range map[string]int{"deadlineFill": want.Filled, "deadlineMove": want.Moved, "calendarLoad": 1} {
			if got, err := w.Store.Read().AuditRecord.Query().Where(auditrecord.Action(action)).Count(store.AsSystem(t.Context())); err != nil || got != n {
				t.Errorf("%d records of %s, want %d, %v", got, action, n, err)
			}
		}
		if gaps, err := w.CalendarGaps(s.agencyApprover); err != nil || len(gaps.Years)+gaps.Waiting != 0 {
			t.Errorf("the agency still lacks %v, %v", gaps, err)
		}
		late, err := w.Store.Proceedings(s.industry, []uuid.UUID{ids[5]})
		if must(t, err); !late[ids[5]].Overdue(authorisation.DayOf(w.clock)) {
			t.Error("what is filled in with a day that has passed is not overdue")
		}

		again, err := w.ImportCalendar(t.Context(), []byte(synthetic2027), PolicyImport{})
		if err != nil || again.Deadlines != (DeadlineReport{}) || again.Years[0].Loaded != LoadedUnchanged {
			t.Errorf("the same again says %+v, %v", again, err)
		}
		if n, err := w.Sweep(t.Context()); err != nil || n != 0 {
			t.Errorf("a sweep after it changed %d, %v", n, err)
		}
	})
}

func TestAnAmendedYearMovesOpenDeadlinesByTheirOwnPolicy(t *testing.T) {
	const amended = `{"source": "test, synthetic amendment", "years": {"2027": {"off": [["2027-01-01", "2027-01-05"], ["2027-02-05", "2027-02-11"]], "work": ["2026-12-27", "2027-01-09"]}}}`
	eachWorld(t, func(t *testing.T, w *world) {
		s := w.scene(t)
		_, err := w.ImportCalendar(t.Context(), []byte(synthetic2027), PolicyImport{})
		must(t, err)
		id := w.opens(t, s, "2026-12-28", authorisation.ProceedingFreeUse)
		w.onDay(t, "2026-12-29")
		w.policy(t, "DEADLINES", map[string]any{"FREE_USE_APPLICATION": 20}) // for what is submitted from now on
		later := w.opens(t, s, "2026-12-30", authorisation.ProceedingFreeUse)
		if got := w.due(t, id) + " " + w.due(t, later); got != "2027-01-05 2027-01-27" {
			t.Fatalf("the deadlines are %s", got)
		}

		_, err = w.ImportCalendar(t.Context(), []byte(amended), PolicyImport{})
		refused(t, err, "YEAR_LOADED")
		_, err = w.ImportCalendar(t.Context(), []byte(amended), PolicyImport{From: authorisation.DayFrom(2027, 1, 1)})
		refused(t, err, "FROM_TOO_EARLY")
		report, err := w.ImportCalendar(t.Context(), []byte(amended), PolicyImport{From: authorisation.DayFrom(2027, 1, 4)})
		if err != nil || report.Deadlines != (DeadlineReport{Moved: 2}) || fmt.Sprint(report.Days) != "[{2027-01-04 false} {2027-01-05 false}]" {
			t.Fatalf("the amendment says %+v, %v", report, err)
		}
		if got := w.due(t, id) + " " + w.due(t, later); got != "2027-01-07 2027-01-29" {
			t.Errorf("the deadlines are %s", got)
		}
		rows, err := w.Store.Read().PolicyRow.Query().Where(policyrow.Kind("WORKING_DAYS_2027")).Count(t.Context())
		if err != nil || rows != 2 {
			t.Errorf("there are %d rows of the year, %v", rows, err)
		}
		if added, err := w.LoadPolicies(t.Context()); err != nil || added != 0 {
			t.Errorf("a start adds %d, %v", added, err)
		}
	})
}

func TestAnAmendmentPastTheCalendarsLastDayLetsADeadlineWaitAgain(t *testing.T) {
	const amended = `{"source": "test, synthetic amendment", "years": {"2026": {"off": [["2026-01-01", "2026-01-01"], ["2026-12-31", "2026-12-31"]], "work": []}}}`
	eachWorld(t, func(t *testing.T, w *world) {
		s := w.scene(t)
		id := w.opens(t, s, "2026-12-24", authorisation.ProceedingFreeUse)
		if got := w.due(t, id); got != "2026-12-31" {
			t.Fatalf("before, the deadline is %s", got)
		}
		amendment := PolicyImport{From: authorisation.DayFrom(2026, 12, 25)}
		report, err := w.ImportCalendar(t.Context(), []byte(amended), amendment)
		if err != nil || report.Deadlines != (DeadlineReport{Waiting: 1}) {
			t.Fatalf("the amendment says %+v, %v", report.Deadlines, err)
		}
		if got := w.due(t, id); got != "missing" {
			t.Errorf("past the last day of the calendar the deadline is %s", got)
		}
		record, err := w.Store.Read().AuditRecord.Query().Where(auditrecord.Action("deadlineMove")).Only(store.AsSystem(t.Context()))
		if must(t, err); fmt.Sprint(record.Change["dueOn"]) != "[2026-12-31 <nil>]" {
			t.Errorf("what is recorded is %v", record.Change)
		}
		if n, err := w.Sweep(t.Context()); err != nil || n != 0 {
			t.Errorf("a sweep changed %d, %v", n, err)
		}
		filled, err := w.ImportCalendar(t.Context(), []byte(synthetic2027), PolicyImport{})
		if got := w.due(t, id); err != nil || filled.Deadlines != (DeadlineReport{Filled: 1}) || got != "2026-12-30" { // it counts the make-up day
			t.Errorf("with the next year the deadline is %s; %+v, %v", got, filled.Deadlines, err)
		}
	})
}

func TestWhatWaitsIsCountedByItsKind(t *testing.T) {
	const free, approval = authorisation.ProceedingFreeUse, authorisation.ProceedingResourceApproval
	eachWorld(t, func(t *testing.T, w *world) {
		s := w.scene(t)
		for _, day := range []string{"2026-12-29", "2026-12-28", "2026-12-30", "2026-12-01"} { // the last does not wait
			w.opens(t, s, day, free)
		}
		w.opens(t, s, "2027-01-04", approval)
		at := func(day string) time.Time { w.onDay(t, day); return w.clock.UTC() }
		waiting, err := w.Store.Waiting(store.AsSystem(t.Context()))
		must(t, err)
		got := map[authorisation.ProceedingKind]store.Waiting{}
		for _, of := range waiting {
			of.First, of.Last = of.First.UTC(), of.Last.UTC()
			got[of.Kind] = of
		}
		want := map[authorisation.ProceedingKind]store.Waiting{
			free:     {Kind: free, Count: 3, First: at("2026-12-28"), Last: at("2026-12-30")},
			approval: {Kind: approval, Count: 1, First: at("2027-01-04"), Last: at("2027-01-04")},
		}
		if len(waiting) != 2 || !reflect.DeepEqual(got, want) {
			t.Errorf("%v wait, want %v", waiting, want)
		}
	})
}

func TestASweepFillsWhatEscapedALoadAndPassesOverWhatWaits(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		s := w.scene(t)
		w.onDay(t, "2027-12-31")
		must(t, w.Store.InTx(s.publisher, func(ctx context.Context, tx *store.Tx) error { // a page that waits for 2028
			for range sweepBatch {
				if _, err := w.open(ctx, tx, opening{kind: authorisation.ProceedingFreeUse, subjectID: uuid.New(), subjectName: "x"}); err != nil {
					return err
				}
			}
			return nil
		}))
		id := w.opens(t, s, "2026-12-28", authorisation.ProceedingFreeUse)
		began := 0
		watched := store.Watch(t.Context(), func(m store.Moment, _ string) {
			if m == store.Committing {
				began++
			}
		})
		sweep := func(filled, transactions int) {
			t.Helper()
			began = 0
			if n, err := w.fillDeadlines(watched); err != nil || n != filled || began != transactions {
				t.Errorf("a sweep filled %d in %d transactions, %v; want %d in %d", n, began, err, filled, transactions)
			}
		}
		sweep(0, 0)
		years, err := policy.CalendarFile([]byte(synthetic2027), "")
		must(t, err)
		row, err := store.CalendarRow(years[0], authorisation.DayFrom(2027, 1, 1))
		must(t, err)
		w.tx(t, func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.LoadPolicies(ctx, []policy.Row{row})
			return err
		})
		sweep(1, 1)
		if got := w.due(t, id); got != "2027-01-05" {
			t.Errorf("the deadline is %s", got)
		}
		sweep(0, 0)
	})
}

func TestAProgramThatBringsAYearFillsDeadlinesInAtItsStart(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		s := w.scene(t)
		w.onDay(t, "2026-03-02")
		w.tx(t, func(ctx context.Context, tx *store.Tx) error { // as a program older than 2026's notice left it
			_, err := tx.PolicyRow.Delete().Where(policyrow.Kind("WORKING_DAYS_2026")).Exec(ctx)
			return err
		})
		id := w.opens(t, s, "2026-03-02", authorisation.ProceedingFreeUse)
		if got := w.due(t, id); got != "missing" {
			t.Fatalf("without the year the deadline is %s", got)
		}
		if added, err := w.LoadPolicies(t.Context()); err != nil || added != 1 {
			t.Fatalf("the start added %d, %v", added, err)
		}
		if got := w.due(t, id); got != "2026-03-09" {
			t.Errorf("after the start the deadline is %s", got)
		}
	})
}

// A proceeding that is being opened while a year is loaded ends with the deadline of the new calendar, whichever is first.
func TestNothingIsOpenedWithTheCalendarOfBefore(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		s := w.scene(t)
		w.onDay(t, "2026-12-28")
		var ids [20]uuid.UUID
		var wg sync.WaitGroup
		for i := range ids {
			wg.Go(func() {
				err := w.Store.InTx(s.publisher, func(ctx context.Context, tx *store.Tx) (err error) {
					ids[i], err = w.open(ctx, tx, opening{kind: authorisation.ProceedingFreeUse, subjectID: uuid.New(), subjectName: "x"})
					return err
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		if _, err := w.ImportCalendar(t.Context(), []byte(synthetic2027), PolicyImport{}); err != nil {
			t.Error(err)
		}
		wg.Wait()
		for _, id := range ids {
			if got := w.due(t, id); got != "2027-01-05" {
				t.Errorf("a deadline is %s", got)
			}
		}
	})
}

func TestAStartWaitsForWhatIsBeingOpened(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		s := w.scene(t)
		w.tx(t, func(ctx context.Context, tx *store.Tx) error { // as a program older than 2026's notice left it
			_, err := tx.PolicyRow.Delete().Where(policyrow.Kind("WORKING_DAYS_2026")).Exec(ctx)
			return err
		})
		started := make(chan error, 1)
		var id uuid.UUID
		must(t, w.Store.InTx(s.publisher, func(ctx context.Context, tx *store.Tx) (err error) {
			if id, err = w.open(ctx, tx, opening{kind: authorisation.ProceedingFreeUse, subjectID: uuid.New(), subjectName: "x"}); err != nil {
				return err
			}
			go func() {
				_, err := w.LoadPolicies(t.Context())
				started <- err
			}()
			w.untilSomebodyWaits(t, started)
			return nil
		}))
		must(t, <-started)
		if got := w.due(t, id); got != "2026-03-09" {
			t.Errorf("after the start the deadline is %s", got)
		}
	})
}

// untilSomebodyWaits returns once somebody waits for a lock, or has ended without. SQLite, which has one writer, has none.
func (w *world) untilSomebodyWaits(t *testing.T, ended chan error) {
	if w.Store.Dialect() != dialect.Postgres {
		return
	}
	again := time.NewTicker(5 * time.Millisecond)
	defer again.Stop()
	for waiting := false; !waiting; {
		select {
		case err := <-ended:
			ended <- err
			return
		case <-again.C:
		}
		const locks = "SELECT EXISTS (SELECT 1 FROM pg_locks JOIN pg_database d ON d.oid = database WHERE d.datname = current_database() AND locktype = 'advisory' AND NOT granted)"
		must(t, w.Store.Reader().QueryRowContext(t.Context(), locks).Scan(&waiting))
	}
}

func TestCodeTablesAreLoadedBesideWhatIsBeingOpened(t *testing.T) {
	const file = `{"source": "test, synthetic", "tables": {"grade": {"1": "一般 general"}}}`
	eachWorld(t, func(t *testing.T, w *world) {
		load := func() {
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
			defer cancel()
			if report, err := w.ImportCodeTables(ctx, []byte(file), PolicyImport{}); err != nil || len(report.Tables) != 1 {
				t.Errorf("the import says %+v, %v", report, err)
			}
		}
		if w.Store.Dialect() != dialect.Postgres { // one writer
			load()
			return
		}
		s := w.scene(t)
		must(t, w.Store.InTx(s.publisher, func(ctx context.Context, tx *store.Tx) error {
			if _, err := w.open(ctx, tx, opening{kind: authorisation.ProceedingFreeUse, subjectID: uuid.New(), subjectName: "x"}); err != nil {
				return err
			}
			load()
			return nil
		}))
	})
}

// What nobody decides by is not read for every decision, so that it may as well be broken.
func TestNoDecisionReadsCodeTables(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		_, err := w.Store.Writer().ExecContext(t.Context(), "UPDATE policy_rows SET value = '[]' WHERE kind LIKE 'CODE_TABLE_%'")
		must(t, err)
		if _, err := w.Store.CodeTables(t.Context(), authorisation.DayOf(w.clock)); err == nil {
			t.Fatal("what was broken can be read")
		}
		if _, err := w.Store.Policies(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

// What a regulation changes is loaded whole or not at all, never back in time.
func TestRowsOfPolicyAreLoaded(t *testing.T) {
	row := func(kind, from, value string) string {
		return fmt.Sprintf(`{"kind": %q, "effectiveFrom": %q, "value": %s, "source": "test, synthetic"}`, kind, from, value)
	}
	eachWorld(t, func(t *testing.T, w *world) {
		load := func(dry bool, rows ...string) (RowsReport, error) {
			return w.ImportPolicy(t.Context(), []byte("["+strings.Join(rows, ",")+"]"), PolicyImport{DryRun: dry})
		}
		rows := []string{
			row("VAT_RATE", "2026-04-01", `{"rate": "0.03"}`),
			row("FLOOD_SEASON", "2026-03-02", `{"from": "05-15", "to": "09-15"}`),
			row("DISCOUNT_FARM", "2026-03-02", `{"scenario": "FARM", "name": "涉农", "nameEn": "Farms", "percent": "20"}`),
		}
		dry, err := load(true, rows...)
		if err != nil || fmt.Sprint(dry.Rows) != "[{VAT_RATE amended 2026-04-01} {FLOOD_SEASON amended 2026-03-02} {DISCOUNT_FARM added 2026-03-02}]" {
			t.Fatalf("a dry run says %+v, %v", dry, err)
		}
		if p, err := w.Store.Policies(t.Context()); err != nil || len(p.Discounts) > 0 {
			t.Fatalf("after a dry run the policies are %+v, %v", p, err)
		}
		report, err := load(false, rows...)
		if err != nil || fmt.Sprint(report) != fmt.Sprint(dry) {
			t.Fatalf("the import says %+v, %v", report, err)
		}
		again, err := load(false, rows...)
		if err != nil || fmt.Sprint(again.Rows) != "[{VAT_RATE as it was 2026-04-01} {FLOOD_SEASON as it was 2026-03-02} {DISCOUNT_FARM as it was 2026-03-02}]" {
			t.Fatalf("the same again says %+v, %v", again, err)
		}
		p, err := w.Store.Policies(t.Context())
		if err != nil || p.VATRate.String() != "0.06" || p.FloodSeason.From != "05-15" || len(p.Discounts) != 1 || p.Scenario("FARM").NameEn != "Farms" {
			t.Errorf("today's policies are %+v, %v", p, err)
		}
		april, err := authorisation.ParseDay("2026-04-01")
		must(t, err)
		if p, err := w.Store.PoliciesOn(t.Context(), april); err != nil || p.VATRate.String() != "0.03" {
			t.Errorf("those of April are %+v, %v", p, err)
		}
		later := row("DISCOUNT_FARM", "2026-05-01", `{"percent": "0"}`)
		for _, became := range []Loaded{LoadedAmended, LoadedUnchanged} { // a file that has a kind twice may be loaded again, too
			if report, err := load(false, rows[2], later); err != nil || report.Rows[0].Loaded != LoadedUnchanged || report.Rows[1].Loaded != became {
				t.Fatalf("a kind that is there twice: %+v, %v", report, err)
			}
		}

		_, err = load(false, `{"kind": "VAT_RATE"}`, row("BILLING", "2026-02-30", `{"dueDays": 30}`), row("BILLING", "2026-02-30", `{}`))
		var codes []string
		for _, f := range fault.All(err) {
			codes = append(codes, f.Code)
		}
		if got := strings.Join(codes, " "); got != "DAY_INVALID SOURCE_MISSING DAY_INVALID DAY_INVALID ROW_TWICE" {
			t.Errorf("the refusals are %s", got)
		}
		_, err = load(false)
		refused(t, err, "ROWS_COUNT")
		for _, c := range []struct{ row, code, reason string }{
			{row("DISCOUNT_A", "2026-03-01", `{"class": "SMALL", "percent": "1"}`), "FROM_PAST", ""},
			{row("VAT_RATE", "2026-04-01", `{"rate": "0.01"}`), "FROM_TOO_EARLY", ""},
			{row("NOTHING", "2026-04-01", `{}`), "POLICY_KIND_UNKNOWN", ""},
			{row("WORKING_DAYS_2027", "2026-04-01", `{}`), "POLICY_KIND_UNKNOWN", ""},
			{row("DISCOUNT_", "2026-04-01", `{"class": "SMALL", "percent": "1"}`), "POLICY_KIND_UNKNOWN", ""},
			{row("VAT_RATE", "2026-05-01", `{"rate": "1.01"}`), "POLICY_VALUE_INVALID", "rate is 0 to 1"},
			{row("VAT_RATE", "2026-05-01", `{"rate": "NaN"}`), "POLICY_VALUE_INVALID", "decimal"},
			{row("VAT_RATE", "2026-05-01", `{"rat": "0.1"}`), "POLICY_VALUE_INVALID", `unknown field "rat"`},
			{row("PRICING", "2026-05-01", `{"tolerance": "0.1", "maxSpreadPoints": "6.01", "maxCycleYears": 3, "trialMonths": 12, "reportDue": "03-31"}`), "POLICY_VALUE_INVALID", "maxSpreadPoints is 0 to 6"},
			{row("PRICING", "2026-05-01", `{"tolerance": "0.1", "maxSpreadPoints": "6", "maxCycleYears": 4, "trialMonths": 12, "reportDue": "02-30"}`), "POLICY_VALUE_INVALID", "reportDue"},
			{row("DEADLINES", "2026-05-01", `{"REFUND": 0}`), "POLICY_VALUE_INVALID", "REFUND is 1 to 250"},
			{row("DEADLINES", "2026-05-01", `{"ANYTHING": 5}`), "POLICY_VALUE_INVALID", "ANYTHING"},
			{row("FLOOD_SEASON", "2026-05-01", `{"from": "09-30", "to": "05-01"}`), "POLICY_VALUE_INVALID", "from and to"},
			{row("PAYEE", "2026-05-01", `{"ENTERPRISE": "CONTRIBUTOR"}`), "POLICY_VALUE_INVALID", "paid by"},
			{row("OUTPUT_CONTROL", "2026-05-01", `{"limit": "2"}`), "POLICY_VALUE_INVALID", "environments is missing"},
			{row("OUTPUT_CONTROL", "2026-05-01", `{"source": "-", "environments": {}, "limit": "2"}`), "POLICY_VALUE_INVALID", "fractions"},
			{row("PAYEE", "2026-05-01", `{"ADMINISTRATIVE_ORGAN": "CONTRIBUTOR", "PUBLIC_INSTITUTION": "CONTRIBUTOR", "ENTERPRISE": "CONTRIBUTOR", "SOCIAL_ORGANISATION": "CONTRIBUTOR"}`), "POLICY_VALUE_INVALID", "TREASURY"},
			{row("PAYEE", "2026-05-01", `{"ADMINISTRATIVE_ORGAN": "TREASURY", "PUBLIC_INSTITUTION": "CONTRIBUTOR", "ENTERPRISE": "CONTRIBUTOR", "SOCIAL_ORGANISATION": "CONTRIBUTOR", "X": "TREASURY"}`), "POLICY_VALUE_INVALID", "legal form"},
			{row("AGREEMENT", "2026-05-01", `{"termMonths": 36, "maxTermMonths": 36, "publicityDays": 4}`), "POLICY_VALUE_INVALID", "publicityDays is 5"},
			{row("PRICING", "2026-05-01", `{"tolerance": "0.11", "maxSpreadPoints": "6", "maxCycleYears": 3, "trialMonths": 12, "reportDue": "03-31"}`), "POLICY_VALUE_INVALID", "tolerance"},
			{row("PRICING", "2026-05-01", `{"maxSpreadPoints": "6", "maxCycleYears": 3, "trialMonths": 12, "reportDue": "03-31"}`), "POLICY_VALUE_INVALID", "tolerance is missing"},
			{row("LISTING", "2026-05-01", `{}`), "POLICY_VALUE_INVALID", "registrationCodeRequired is missing"},
			{row("LISTING", "2026-05-01", `null`), "POLICY_VALUE_INVALID", "registrationCodeRequired is missing"},
			{row("LISTING", "2026-05-01", `{"registrationCodeRequired": null}`), "POLICY_VALUE_INVALID", "empty"},
			{row("VAT_RATE", "2026-05-01", `{"rate": "0.06", "Rate": "0.5"}`), "POLICY_VALUE_INVALID", "twice"},
			{row("VAT_RATE", "2031-05-01", `{"rate": "0.06"}`), "FROM_TOO_FAR", ""},
			{row("LICENCE", "2026-05-01", `{"version": "1", "text": "任何用途", "textEn": "Anything"}`), "LICENCE_VERSION_USED", ""},
			{row("LICENCE", "2026-05-01", `{"version": "2", "text": " ", "textEn": "Anything"}`), "POLICY_VALUE_INVALID", "read"},
			{row("AGREEMENT", "2026-05-01", `{"termMonths": 61, "maxTermMonths": 61, "publicityDays": 5}`), "POLICY_VALUE_INVALID", "maxTermMonths"},
			{row("DISCOUNT_A", "2026-05-01", `{"percent": "10"}`), "POLICY_VALUE_INVALID", "purpose, class or scenario"},
			{row("DISCOUNT_A", "2026-05-01", `{"class": "SMALL", "percent": "101"}`), "POLICY_VALUE_INVALID", "percent"},
			{row("DISCOUNT_A", "2026-05-01", `{"scenario": "FARM", "percent": "10"}`), "POLICY_VALUE_INVALID", "name"},
			{row("LICENCE", "2026-05-01", `{"version": "2", "text": "x"}`), "POLICY_VALUE_INVALID", "textEn"},
		} {
			_, err := load(false, row("BILLING", "2026-07-01", `{"dueDays": 10, "remindDays": 3, "suspendAfterDays": 0}`), c.row)
			refused(t, err, c.code)
			if f := fault.All(err); len(f) == 1 && (!strings.HasPrefix(f[0].Field, "1.") || !strings.Contains(f[0].Message, c.reason)) {
				t.Errorf("%s: %s at %s", c.row, f[0].Message, f[0].Field)
			}
		}
		july, err := authorisation.ParseDay("2026-07-01")
		must(t, err)
		if p, err := w.Store.PoliciesOn(t.Context(), july); err != nil || p.BillDueDays != 30 || len(p.Discounts) > 0 {
			t.Errorf("nothing of what was refused was to be loaded: %+v, %v", p, err)
		}
	})
}

func TestPublicityAcrossTheCalendarsLastDayWaits(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		s := w.scene(t)
		clauses := map[authorisation.Clause]string{}
		for _, name := range authorisation.Clause("").Values() {
			clauses[authorisation.Clause(name)] = "约定"
		}
		w.onDay(t, "2026-12-28")
		id, err := w.AgreementDraft(s.agencyApprover, AgreementInput{OperatorID: s.operator, Number: "协议", Clauses: clauses, PublicisedOn: authorisation.DayOf(w.clock)})
		must(t, err)
		w.onDay(t, "2027-01-12")
		refused(t, w.AgreementSign(s.agencyApprover, id), "CALENDAR_MISSING")
		_, err = w.ImportCalendar(t.Context(), []byte(synthetic2027), PolicyImport{})
		must(t, err)
		w.onDay(t, "2027-01-05") // its fifth working day
		refused(t, w.AgreementSign(s.agencyApprover, id), "PUBLICITY_NOT_OVER")
		w.onDay(t, "2027-01-06")
		must(t, w.AgreementSign(s.agencyApprover, id))
	})
}

func TestCodeTablesAreDatedPolicy(t *testing.T) {
	const file = `{"source": "test, synthetic", "tables": {"quality": {"001": "甲 A", "002": "乙 B"}, "grade": {"1": "一般 general"}}}`
	eachWorld(t, func(t *testing.T, w *world) {
		dry, err := w.ImportCodeTables(t.Context(), []byte(file), PolicyImport{DryRun: true})
		if err != nil || fmt.Sprint(dry.Tables) != "[{grade added 1 2026-03-02} {quality amended 2 2026-03-02}]" {
			t.Fatalf("a dry run says %+v, %v", dry, err)
		}
		report, err := w.ImportCodeTables(t.Context(), []byte(file), PolicyImport{})
		if err != nil || fmt.Sprint(report) != fmt.Sprint(dry) {
			t.Fatalf("the import says %+v, %v", report, err)
		}
		again, err := w.ImportCodeTables(t.Context(), []byte(file), PolicyImport{})
		if err != nil || again.Tables[0].Loaded != LoadedUnchanged || again.Tables[1].Loaded != LoadedUnchanged {
			t.Fatalf("the same again says %+v, %v", again, err)
		}
		_, err = w.ImportCodeTables(t.Context(), []byte(strings.Replace(file, "甲", "优", 1)), PolicyImport{})
		refused(t, err, "FROM_TOO_EARLY")
		for day, want := range map[string]string{"2025-07-21": "[]", "2026-03-01": "[{001 A } {002 B } {003 C } {004 D }]", "2026-03-02": "[{001 甲 A} {002 乙 B}]"} {
			on, err := authorisation.ParseDay(day)
			must(t, err)
			inForce, err := w.Store.CodeTables(t.Context(), on)
			must(t, err)
			codes := []policy.Code{}
			for _, table := range inForce {
				if table.Name == "quality" {
					codes = table.Codes
				}
			}
			if fmt.Sprint(codes) != want {
				t.Errorf("on %s quality is %v, want %s", day, codes, want)
			}
		}
	})
}
