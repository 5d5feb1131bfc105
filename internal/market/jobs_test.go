package market

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/uuid"

	dbdataset "gongshu/ent/db/dataset"
	"gongshu/internal/access"
	"gongshu/internal/job"
	"gongshu/internal/store"
)

// A job is cut off at every moment of its work in the database, as a kill does, and done again: it comes to one version.
func TestAJobThatIsCutOffIsDoneAgainAndOnce(t *testing.T) {
	errKilled := errors.New("killed")
	eachPublisher(t, func(t *testing.T, p *publisher) {
		product, _ := p.listed(t)
		versions := func() int {
			t.Helper()
			n, err := p.Store.Read().Dataset.Query().Where(dbdataset.ProductID(product)).Count(store.AsSystem(t.Context()))
			must(t, err)
			return n
		}
		before := versions()
		id, err := p.DatasetQueue(p.publisher, product, "key", classes(21+before))
		must(t, err)
		for moment, ended := 1, false; !ended; moment++ {
			ended = func() (whole bool) {
				defer func() {
					if v := recover(); v != nil && v != errKilled {
						panic(v)
					}
				}()
				n := 0
				must(t, p.JobRun(store.Watch(t.Context(), func(m store.Moment, _ string) {
					if n++; n == moment {
						panic(errKilled)
					}
				}), id))
				return true
			}()
			if moment > 500 {
				t.Fatal("it never ends")
			}
		}
		row, err := p.Store.Read().Job.Get(p.publisher, id)
		must(t, err)
		if row.State != job.Done || row.Result.DatasetID == "" || versions() != before+1 {
			t.Errorf("the job is %+v with %d versions, %d before", row, versions(), before)
		}
		files, err := p.FilesReconcile(t.Context())
		must(t, err)
		for _, key := range files.Orphans {
			if strings.HasPrefix(key, uploadsKey) {
				t.Errorf("%s is left", key)
			}
		}
	})
}

func TestAJobIsDoneWithTheRightsOfThen(t *testing.T) {
	eachPublisher(t, func(t *testing.T, p *publisher) {
		product, _ := p.listed(t)
		id, err := p.DatasetQueue(p.publisher, product, "", classes(30))
		must(t, err)
		v := access.FromContext(p.publisher)
		p.tx(t, func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.Membership.Update().SetRoles([]access.Role{access.Member}).Save(ctx)
			return err
		})
		must(t, p.JobRun(t.Context(), id))
		result, err := p.JobResult(p.publisher, id)
		must(t, err)
		if len(result.Refusals) != 1 || result.Refusals[0].Code != "ROLE_REQUIRED" || v.PersonID == uuid.Nil {
			t.Errorf("the job came to %+v", result)
		}
	})
}
