package store

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"gongshu/ent/db"
	dbjob "gongshu/ent/db/job"
	"gongshu/internal/fault"
	"gongshu/internal/job"
)

// JobByKey finds the job that an organisation began under a key.
func (tx *Tx) JobByKey(ctx context.Context, organisation uuid.UUID, key string) (row *db.Job, found bool, err error) {
	row, err = tx.Job.Query().Where(dbjob.OrganisationID(organisation), dbjob.IdempotencyKey(key)).Only(AsSystem(ctx))
	if db.IsNotFound(err) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, fmt.Errorf("look for a job: %w", err)
	}
	return row, true, nil
}

// NewJob is work that is begun; its file is stored already.
type NewJob struct {
	OrganisationID, PersonID, SubjectID uuid.UUID
	Kind                                job.Kind
	BlobKey                             string
	Bytes                               int64
	IdempotencyKey, RequestHash         string
}

// AddJob saves work that waits; IsTaken when its key was used meanwhile.
func (tx *Tx) AddJob(ctx context.Context, j NewJob) (uuid.UUID, error) {
	row, err := tx.Job.Create().SetCreatedAt(tx.now).SetUpdatedAt(tx.now).SetOrganisationID(j.OrganisationID).SetPersonID(j.PersonID).
		SetSubjectID(j.SubjectID).SetKind(j.Kind).SetBlobKey(j.BlobKey).SetBytes(j.Bytes).SetIdempotencyKey(j.IdempotencyKey).
		SetRequestHash(j.RequestHash).SetState(job.Queued).SetResult(job.Result{}).Save(ctx)
	if err != nil {
		return uuid.Nil, fmt.Errorf("add a job: %w", err)
	}
	tx.news = true
	return row.ID, nil
}

// JobByID reads a job, whoever looks: it is the worker's.
func (s *Store) JobByID(ctx context.Context, id uuid.UUID) (*db.Job, error) {
	row, err := s.read.Job.Get(AsSystem(ctx), id)
	if db.IsNotFound(err) {
		return nil, fault.Absent("job")
	}
	if err != nil {
		return nil, fmt.Errorf("read a job: %w", err)
	}
	return row, nil
}

// JobProgress is how far a running job is.
type JobProgress struct {
	Stage job.Stage
	// Done and Total are bytes of the file while it is read; a Total of 0 is not known.
	Done, Total int64
	Rows        int64
}

// ProgressJob saves how far a job is; the first time it is running from then on. False when it has ended, and nothing is saved.
func (tx *Tx) ProgressJob(ctx context.Context, id uuid.UUID, p JobProgress) (bool, error) {
	row, err := tx.Job.Get(AsSystem(ctx), id)
	if err != nil {
		return false, fmt.Errorf("read a job: %w", err)
	}
	if row.State.Ended() {
		return false, nil
	}
	if err := job.Move(row.State, job.Running); err != nil {
		return false, err
	}
	update := tx.Job.Update().Where(dbjob.ID(id), dbjob.StateIn(job.Open...)).AddVersion(1).SetUpdatedAt(tx.now).SetState(job.Running).
		SetStage(p.Stage).SetDone(p.Done).SetRows(p.Rows)
	if p.Total > 0 {
		update.SetTotal(p.Total)
	} else {
		update.ClearTotal()
	}
	if row.StartedAt == nil {
		update.SetStartedAt(tx.now)
	}
	if row.Stage == nil || *row.Stage != p.Stage || p.Done < row.Done { // another stage, or the work is done again
		update.SetStageAt(tx.now)
	}
	n, err := update.Save(ctx)
	if err != nil {
		return false, fmt.Errorf("save how far a job is: %w", err)
	}
	tx.news = true
	return n == 1, nil
}

// EndJob saves what became of a job; false when it had ended before.
func (tx *Tx) EndJob(ctx context.Context, id uuid.UUID, to job.State, result job.Result) (bool, error) {
	update := tx.Job.Update().Where(dbjob.ID(id), dbjob.StateIn(job.Open...)).AddVersion(1).SetUpdatedAt(tx.now).SetEndedAt(tx.now).
		SetState(to).SetResult(result).ClearStage().SetRows(result.Rows)
	n, err := update.Save(ctx)
	if err != nil {
		return false, fmt.Errorf("save what became of a job: %w", err)
	}
	tx.news = true
	return n == 1, nil
}

// JobFiles are the keys of the files that jobs which have not ended still need, whoever looks.
func (s *Store) JobFiles(ctx context.Context) ([]string, error) {
	keys, err := s.read.Job.Query().Where(dbjob.StateIn(job.Open...)).Select(dbjob.FieldBlobKey).Strings(AsSystem(ctx))
	if err != nil {
		return nil, fmt.Errorf("read the files of jobs: %w", err)
	}
	return keys, nil
}
