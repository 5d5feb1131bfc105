package market

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"time"

	"github.com/google/uuid"

	"gongshu/ent/db"
	"gongshu/internal/access"
	"gongshu/internal/dataset"
	"gongshu/internal/fault"
	"gongshu/internal/job"
	"gongshu/internal/ordering"
	"gongshu/internal/outbox"
	"gongshu/internal/store"
)

// uploadsKey is the folder of files that wait for their job.
const uploadsKey = "uploads/"

// DatasetQueue stores a CSV for a product of the viewer's organisation and queues the job that makes a version of it
// (DatasetUpload says what that does and refuses); it returns the job's id. The person need not wait: the job goes on without
// them and after a restart.
//
// The same key with the same bytes for the same product is the same job; with others it is IDEMPOTENCY_KEY_REUSED. Without a
// key every call is a job of its own. Refused at once with what can be told before a byte is read, and DATASET_TOO_LARGE.
func (m *Market) DatasetQueue(ctx context.Context, productID uuid.UUID, key string, r io.Reader) (uuid.UUID, error) {
	p, err := m.uploadable(ctx, productID)
	if err != nil {
		return uuid.Nil, err
	}
	name := uuid.Must(uuid.NewV7()).String()
	if key == "" {
		key = name
	} else if err := ordering.CheckIdempotencyKey(key); err != nil {
		return uuid.Nil, err
	}
	blobKey := uploadsKey + name
	size, sum, err := m.Blobs.Put(ctx, blobKey, dataset.Bounded(r))
	if err != nil {
		return uuid.Nil, err
	}
	v := access.FromContext(ctx)
	hash := requestHash([]any{"datasetQueue", productID, sum})
	queued := false
	id, err := once(ctx, m.Store, func(ctx context.Context, tx *store.Tx) (uuid.UUID, error) {
		queued = false
		before, found, err := tx.JobByKey(ctx, v.OrganisationID, key)
		if err != nil {
			return uuid.Nil, err
		}
		if found {
			return before.ID, ordering.CheckIdempotency(before.RequestHash, hash)
		}
		id, err := tx.AddJob(ctx, store.NewJob{
			OrganisationID: v.OrganisationID, PersonID: v.PersonID, SubjectID: p.ID, Kind: job.DatasetCheck,
			BlobKey: blobKey, Bytes: size, IdempotencyKey: key, RequestHash: hash,
		})
		if err != nil {
			return uuid.Nil, err
		}
		queued = true
		if err := tx.Record(ctx, store.Act{Name: "datasetQueue", Kind: "Product", ID: p.ID, Change: map[string]any{"job": id, "bytes": size, "sha256": sum}}); err != nil {
			return uuid.Nil, err
		}
		return id, tx.Promise(ctx, outbox.JobQueued{JobID: id})
	})
	// A commit whose answer got lost may have happened: then the file stays until it is swept.
	if !queued || fault.Refused(err) {
		err = errors.Join(err, m.Blobs.Delete(ctx, blobKey))
	}
	return id, err
}

// JobResult is what became of a job of the viewer's organisation. Refused with NOT_FOUND, and JOB_NOT_ENDED before.
func (m *Market) JobResult(ctx context.Context, id uuid.UUID) (job.Result, error) {
	if err := access.FromContext(ctx).MustSignIn(); err != nil {
		return job.Result{}, err
	}
	row, err := m.Store.Read().Job.Get(ctx, id)
	if db.IsNotFound(err) {
		return job.Result{}, fault.Absent("job")
	}
	if err != nil {
		return job.Result{}, fmt.Errorf("read a job: %w", err)
	}
	if !row.State.Ended() {
		return job.Result{}, fault.New(fault.Conflict, "JOB_NOT_ENDED", "This job has not ended yet.")
	}
	return row.Result, nil
}

// JobRun does the work of a job, as the person who began it: their rights are asked again. Done twice, also after a kill at any
// point, it brings about once what it does. What the file or the rights refuse is the job's result and no error; ctx that ends,
// or what the program could not do, is an error, and the work may be done again.
func (m *Market) JobRun(ctx context.Context, id uuid.UUID) error {
	row, err := m.Store.JobByID(ctx, id)
	if fault.CodeOf(err) == "NOT_FOUND" {
		return nil
	}
	if err != nil {
		return err
	}
	if !row.State.Ended() {
		work := m.checkDataset
		if row.Kind == job.BankImport {
			work = m.importStatement
		}
		if err := work(ctx, row); err != nil {
			return fmt.Errorf("job %s: %w", id, err)
		}
	}
	return m.Blobs.Delete(ctx, row.BlobKey)
}

// JobFail gives a job up that could not be done.
func (m *Market) JobFail(ctx context.Context, id uuid.UUID) error {
	row, err := m.Store.JobByID(ctx, id)
	if err != nil {
		return err
	}
	err = m.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.EndJob(ctx, id, job.Failed, job.Result{})
		return err
	})
	if err != nil {
		return err
	}
	return m.Blobs.Delete(ctx, row.BlobKey)
}

func (m *Market) checkDataset(ctx context.Context, row *db.Job) error {
	v, err := m.Viewer(ctx, row.PersonID, row.OrganisationID)
	if err != nil {
		return err
	}
	ctx = access.With(ctx, v)
	file, err := m.Blobs.Open(ctx, row.BlobKey)
	if errors.Is(err, fs.ErrNotExist) {
		return m.JobFail(ctx, row.ID) // whoever restored the database without its files
	}
	if err != nil {
		return err
	}
	defer file.Close()
	w := &progress{market: m, ctx: ctx, id: row.ID, now: store.JobProgress{Stage: job.Reading, Total: row.Bytes}}
	if err := w.save(); err != nil {
		return err
	}
	report, err := m.makeDataset(ctx, row.SubjectID, &metered{file, w}, w.watch, func(ctx context.Context, tx *store.Tx, report DatasetReport) error {
		to := job.Done
		if report.Egress.Refusal() != nil {
			to = job.Refused
		}
		_, err := tx.EndJob(ctx, row.ID, to, resultOf(report, report.Egress.Refusal()))
		return err
	})
	refusals := fault.All(err)
	if len(refusals) == 0 || ctx.Err() != nil {
		return err
	}
	if report.DatasetID != uuid.Nil { // it is saved, refused as it is
		return nil
	}
	return m.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		ended, err := tx.EndJob(ctx, row.ID, job.Refused, resultOf(report, fault.List(refusals).OrNil()))
		if err != nil || !ended {
			return err
		}
		p, err := tx.Product.Get(store.AsSystem(ctx), row.SubjectID)
		if err != nil {
			return err
		}
		return tellDataset(ctx, tx, p, false, "reason", refusals[0].Code)
	})
}

// resultOf is a report as a job keeps it.
func resultOf(report DatasetReport, refusal error) job.Result {
	r := job.Result{Rows: report.Rows, Encoding: string(report.Encoding), RejectCount: report.RejectCount}
	if report.DatasetID != uuid.Nil {
		r.DatasetID = report.DatasetID.String()
	}
	for _, at := range report.Rejects {
		r.Rejects = append(r.Rejects, job.Reject{Row: at.Row, Column: at.Column, Position: at.Position, Code: string(at.Code)})
	}
	for _, f := range fault.All(refusal) {
		params := map[string]string{}
		for name, value := range f.Params {
			params[name] = fmt.Sprint(value)
		}
		r.Refusals = append(r.Refusals, job.Refusal{Code: f.Code, Message: f.Message, Params: params})
	}
	return r
}

// progressEvery is the least time between two notes of how far a job is.
const progressEvery = 500 * time.Millisecond

// progress notes how far a job is.
type progress struct {
	market *Market
	ctx    context.Context
	id     uuid.UUID
	now    store.JobProgress
	saved  time.Time
}

// watch is told of a stage and of rows by package dataset.
func (p *progress) watch(stage dataset.Stage, rows int64) error {
	p.now.Rows = rows
	if stage == dataset.Building && p.now.Stage != job.Building {
		p.now.Stage, p.now.Done, p.now.Total = job.Building, 0, 0
		return p.save()
	}
	return p.maybe()
}

func (p *progress) maybe() error {
	if time.Since(p.saved) < progressEvery {
		return nil
	}
	return p.save()
}

func (p *progress) save() error {
	p.saved = time.Now()
	return p.market.Store.InTx(p.ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.ProgressJob(ctx, p.id, p.now)
		return err
	})
}

// metered is a file whose bytes are counted as they are read.
type metered struct {
	io.Reader
	progress *progress
}

// Read reads and counts, and now and then notes how far the reading is.
func (c *metered) Read(b []byte) (int, error) {
	n, err := c.Reader.Read(b)
	c.progress.now.Done += int64(n)
	if failed := c.progress.maybe(); failed != nil {
		return n, failed
	}
	return n, err
}

// dropUploads removes the files that no job needs any more: of one that was killed between its end and the removal, or of an
// upload between its file and its job.
func (m *Market) dropUploads(ctx context.Context) (removed int, err error) {
	before := time.Now().Add(-uploadLife)
	there, err := m.Blobs.Keys(ctx)
	if err != nil {
		return 0, err
	}
	needed, err := m.Store.JobFiles(ctx)
	if err != nil {
		return 0, err
	}
	for _, key := range without(there, needed) {
		name, isUpload := strings.CutPrefix(key, uploadsKey)
		id, err := uuid.Parse(name)
		if !isUpload || err != nil || strings.Compare(id.String(), store.FirstID(before).String()) >= 0 {
			continue
		}
		if err := m.Blobs.Delete(ctx, key); err != nil {
			return removed, err
		}
		removed++
	}
	return removed, nil
}
