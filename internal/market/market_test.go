package market

import (
	"context"
	"reflect"
	"strings"
	"testing"
	"time"

	"gongshu/ent/db/policyrow"
	"gongshu/internal/access"
	"gongshu/internal/outbox"
	"gongshu/internal/outputcontrol"
	"gongshu/internal/store"
	"gongshu/pricing"

	"github.com/google/uuid"
)

func TestPoliciesLoadOnceAndAreInForce(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		before, err := w.Store.Read().PolicyRow.Query().Where(policyrow.KindHasPrefix("WORKING_DAYS_")).Count(t.Context())
		if err != nil || before != 2 {
			t.Fatalf("want two calendar years, got %d, %v", before, err)
		}
		if added, err := w.LoadPolicies(t.Context()); err != nil || added != 0 {
			t.Fatalf("loading again added %d, %v", added, err)
		}
		p, err := w.Store.Policies(t.Context())
		if err != nil || p.VATRate.String() != "0.06" || p.Agreement.TermMonths != 36 || p.Licence.Version == "" {
			t.Fatalf("policies are %+v, %v", p, err)
		}
	})
}

func TestAPolicyThatIsMissingIsNoZero(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		p, err := w.Store.Policies(t.Context())
		if err != nil || !reflect.DeepEqual(p.OutputControl, outputcontrol.DefaultPolicy()) || p.Payees[access.AdministrativeOrgan] != pricing.AccountTreasury {
			t.Fatalf("policies are %+v, %v", p, err)
		}
		w.clock = time.Date(2025, time.July, 1, 2, 0, 0, 0, time.UTC) // before anything but VAT is in force
		if _, err := w.Store.Policies(t.Context()); err == nil || !strings.Contains(err.Error(), "AGREEMENT") {
			t.Fatalf("without a policy the answer is %v", err)
		}
	})
}

func TestWritesOutsideATransactionAreRefused(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		err := w.Store.Read().Organisation.Create().SetCreatedAt(w.Store.Now()).SetName("x").
			SetLegalForm(access.Enterprise).SetStatus(access.OrganisationVerified).Exec(t.Context())
		if err == nil {
			t.Fatal("a write outside InTx went through")
		}
	})
}

func TestPromisesAndRecordsAreKeptOrLostWithTheirTransaction(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		stop := context.Canceled
		for _, c := range []struct {
			why  error
			want int
		}{{stop, 0}, {nil, 1}} {
			err := w.Store.InTx(t.Context(), func(ctx context.Context, tx *store.Tx) error {
				if err := tx.Promise(ctx, outbox.JobQueued{JobID: uuid.New()}); err != nil {
					return err
				}
				if err := tx.Record(ctx, store.Act{Name: "test", Kind: "Test"}); err != nil {
					return err
				}
				return c.why
			})
			if err != c.why {
				t.Fatal(err)
			}
			var jobs int
			if err := w.Store.Reader().QueryRowContext(t.Context(), "SELECT count(*) FROM river_job WHERE kind = 'job_queued'").Scan(&jobs); err != nil || jobs != c.want {
				t.Fatalf("after %v there are %d promises, %v", c.why, jobs, err)
			}
		}
	})
}

func TestWhatWasWrittenStaysWritten(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.tx(t, func(ctx context.Context, tx *store.Tx) error {
			return tx.Record(ctx, store.Act{Name: "test", Kind: "Test"})
		})
		for _, statement := range []string{"UPDATE audit_records SET action = 'other'", "DELETE FROM audit_records"} {
			if _, err := w.Store.Writer().ExecContext(t.Context(), statement); err == nil {
				t.Errorf("%s went through", statement)
			}
		}
	})
}
