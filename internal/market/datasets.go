package market

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"

	"github.com/google/uuid"

	"gongshu/ent/db"
	dbdataset "gongshu/ent/db/dataset"
	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/dataset"
	"gongshu/internal/dictionary"
	"gongshu/internal/fault"
	"gongshu/internal/outputcontrol"
	"gongshu/internal/store"
)

// DatasetReport is what became of an upload.
type DatasetReport struct {
	// DatasetID is the version that was made of it, uuid.Nil when the file was rejected. Accepted says whether output
	// control let it leave, by the evidence in Egress.
	DatasetID uuid.UUID
	Number    int
	Accepted  bool
	Egress    outputcontrol.Evidence
	// Report holds the rows, and the rejects by row and column.
	dataset.Report
}

// DatasetUpload makes a new version of the data of a product of the viewer's organisation from a CSV, typed by the
// product's dictionary. Nothing of it leaves before output control has passed it for a public environment: then it is what
// the product serves, at once; else the version is recorded with its evidence, its files are removed and the product goes
// on serving what it did. The same data again is the same version.
//
// Refused with DATASET_REJECTED, the report naming every place, and as dataset.Ingest says; with DICTIONARY_MISSING;
// and with the reason of output control. The report is filled as far as the upload came.
//
// It is the whole work at once, for the program's own data; what people upload is queued (DatasetQueue).
func (m *Market) DatasetUpload(ctx context.Context, productID uuid.UUID, r io.Reader) (DatasetReport, error) {
	return m.makeDataset(ctx, productID, r, nil, func(context.Context, *store.Tx, DatasetReport) error { return nil })
}

// makeDataset does that; watch is told how far it is, and also does in the transaction that saves a version what belongs to it.
func (m *Market) makeDataset(ctx context.Context, productID uuid.UUID, r io.Reader, watch dataset.Watch, also func(context.Context, *store.Tx, DatasetReport) error) (out DatasetReport, err error) {
	p, err := m.uploadable(ctx, productID)
	if err != nil {
		return out, err
	}
	policies, err := m.Store.Policies(ctx)
	if err != nil {
		return out, err
	}
	facts, err := m.Store.GateProducts(ctx, p.ID)
	if err != nil {
		return out, err
	}
	key, path, err := m.newDatasetFile()
	if err != nil {
		return out, err
	}
	if out.Report, err = dataset.IngestWatched(ctx, r, p.Dictionary, path, dataset.Limits{Today: authorisation.DayOf(m.Store.Now())}, watch); err != nil {
		return out, err
	}
	out.Classes.PersonLinked = facts[p.ID].PersonLinked()
	out.Egress = outputcontrol.Evaluate(policies.OutputControl, outputcontrol.Public, out.Classes)
	out.Accepted = out.Egress.Leaves
	served, err := m.saveDataset(ctx, p, key, &out, also)
	// A commit whose answer got lost may have happened: what it might name stays, an orphan at worst.
	if refused := fault.Refused(err); refused || err == nil && !served {
		if gone := removeDataset(path); gone != nil {
			return out, errors.Join(err, gone)
		}
	}
	if err != nil {
		return out, err
	}
	return out, out.Egress.Refusal()
}

// uploadable reads the product that data is uploaded for, before a byte of it is read.
func (m *Market) uploadable(ctx context.Context, id uuid.UUID) (*db.Product, error) {
	v := access.FromContext(ctx)
	if err := doesAny(v, authorisation.UploadDataset); err != nil {
		return nil, err
	}
	p, err := m.Store.Read().Product.Get(ctx, id)
	if db.IsNotFound(err) {
		return nil, fault.Absent("product")
	}
	if err != nil {
		return nil, fmt.Errorf("read a product: %w", err)
	}
	if err := mayDo(v, authorisation.UploadDataset, p); err != nil {
		return nil, err
	}
	return p, nil
}

func (m *Market) newDatasetFile() (key, path string, err error) {
	key = "datasets/" + uuid.Must(uuid.NewV7()).String() + ".db"
	if path, err = m.Blobs.Path(key); err != nil {
		return "", "", err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return "", "", fmt.Errorf("make the folder of datasets: %w", err)
	}
	return key, path, nil
}

func removeDataset(path string) error {
	if err := errors.Join(os.Remove(path), os.Remove(dataset.CSVPath(path))); err != nil {
		return fmt.Errorf("remove a dataset that is not served: %w", err)
	}
	return nil
}

// saveDataset records a version and makes the product serve it where it may leave. served is false as well when the
// product serves the same data already: then that version is the answer.
func (m *Market) saveDataset(ctx context.Context, before *db.Product, key string, out *DatasetReport, also func(context.Context, *store.Tx, DatasetReport) error) (served bool, err error) {
	err = m.changeOwn(ctx, before.ID, authorisation.UploadDataset, func(ctx context.Context, tx *store.Tx, p *db.Product) error {
		served = false
		if !dictionary.TypeAlike(p.Dictionary, before.Dictionary) {
			return fault.New(fault.Conflict, "CHANGED_MEANWHILE", "The dictionary was changed meanwhile. Upload the data again.")
		}
		current, err := tx.Dataset.Query().Where(dbdataset.ProductID(p.ID)).Order(db.Desc(dbdataset.FieldNumber)).All(ctx)
		if err != nil {
			return fmt.Errorf("read the versions of a dataset: %w", err)
		}
		for _, d := range current {
			if p.DatasetID != nil && d.ID == *p.DatasetID && d.Sha256 == out.CSV.SHA256 {
				out.DatasetID, out.Number, out.Accepted, out.Egress = d.ID, d.Number, d.Accepted, d.Egress
				return also(ctx, tx, *out)
			}
		}
		if err := tx.ChangeProduct(ctx, p, store.Touched); err != nil { // of two uploads at once the later one ends here
			return err
		}
		row, err := tx.Dataset.Create().SetCreatedAt(tx.Now()).SetProductID(p.ID).SetUploaderID(access.FromContext(ctx).PersonID).
			SetNumber(len(current) + 1).SetAccepted(out.Egress.Leaves).SetRowCount(out.Rows).SetBytes(out.CSV.Bytes).SetSha256(out.CSV.SHA256).
			SetBlobKey(key).SetColumns(p.Dictionary).SetEgress(out.Egress).Save(ctx)
		if err != nil {
			return fmt.Errorf("save a dataset: %w", err)
		}
		out.DatasetID, out.Number, served = row.ID, row.Number, row.Accepted
		if row.Accepted {
			if err := tx.Product.UpdateOneID(p.ID).SetDatasetID(row.ID).Exec(ctx); err != nil {
				return fmt.Errorf("serve a dataset: %w", err)
			}
		}
		if err := m.scoreProduct(ctx, tx, p.ID); err != nil {
			return err
		}
		if err := also(ctx, tx, *out); err != nil {
			return err
		}
		err = tellDataset(ctx, tx, p, row.Accepted, "number", strconv.Itoa(row.Number), "rows", strconv.FormatInt(row.RowCount, 10), "reason", string(row.Egress.Reason))
		if err != nil {
			return err
		}
		return tx.Record(ctx, store.Act{Name: "datasetUpload", Kind: "Product", ID: p.ID, Change: map[string]any{
			"dataset": row.ID, "number": row.Number, "rows": row.RowCount, "sha256": row.Sha256, "accepted": row.Accepted, "egress": row.Egress.Reason,
		}})
	})
	return served, err
}
