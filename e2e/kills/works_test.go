package kills

import (
	"bytes"
	"context"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"gongshu/ent/db/entitlement"
	"gongshu/ent/db/proceeding"
	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	spec "gongshu/internal/demo/market"
	"gongshu/internal/market"
	paytest "gongshu/internal/payment/test"
	"gongshu/internal/purpose"
	"gongshu/internal/store"
)

// task is what one child is to do, and what its parent repeats.
type task struct {
	Place place
	Point string
	Who   access.Viewer
	ware
	Order, Entitlement, Proceeding, Evidence uuid.UUID
	Secret, Key                              string
	Data                                     []byte
	Load                                     *load
}

// work is one thing that people or time do.
type work struct {
	name string
	// prepare lays what has to be there before, and says in the task who asks for what.
	prepare func(t *testing.T, w *world, o *opened, task *task)
	// request is made by the child and, with the same key, again by whoever was not answered.
	request func(ctx context.Context, o *opened, task task) (answer string, err error)
	// over is the refusal that says of a request without a key that it was done before.
	over string
	// resumed says that the worker finishes it too.
	resumed bool
	// searched says that the search has to follow, unasked that nobody repeats it, keyless that asked twice it is two of
	// them, so that who was not answered looks first.
	searched, unasked, keyless bool
}

// point is where in a work the child dies.
type point struct {
	*work
	name string
	at   trigger
	// kept is what of the work a restart must find: none of it, a part, or all.
	kept func(all counts) counts
}

func (p point) String() string { return p.work.name + ": " + p.name }

func none(counts) counts    { return counts{} }
func all(of counts) counts  { return of }
func begun(counts) counts   { return oneOf("payments", "audit_records") }
func points() (all []point) { return append(sales(), supply()...) }

// sales are the points of ordering, paying, granting and metering.
func sales() []point {
	place, pay, credential, rows, file := orderPlace(), orderPay(), credentialIssue(), dataRows(), dataDownload()
	apply, decide := freeUseApply(), freeUseDecide()
	return []point{
		{place, "before the order is written", before("orders"), none},
		{place, "before the order is committed", committing(1), none},
		{place, "committed, not answered", committed(1), all},
		{place, "answered", answered, all},
		{pay, "before the payment is committed", committing(1), none},
		{pay, "payment committed, provider not asked", asking, begun},
		{pay, "provider took the money, nothing recorded", took, begun},
		{pay, "outcome recorded, entitlement not written", before("entitlements"), begun},
		{pay, "entitlement written, nothing posted", before("entries"), begun},
		{pay, "shares being posted", before("postings"), begun},
		{pay, "before the outcome is committed", committing(2), begun},
		{pay, "outcome committed, not answered", committed(2), all},
		{pay, "answered", answered, all},
		{credential, "before the credential is committed", committing(1), none},
		{credential, "committed, secret not shown", committed(1), all},
		{apply, "before the application is committed", committing(1), none},
		{apply, "committed, not answered", committed(1), all},
		{decide, "decided, entitlement not written", before("entitlements"), none},
		{decide, "before the decision is committed", committing(1), none},
		{decide, "committed, not answered", committed(1), all},
		{decide, "answered", answered, all},
		{rows, "use written, not committed", committing(1), none},
		{rows, "use committed, before the first byte", committed(1), all},
		{rows, "answered", answered, all},
		{file, "use written, not committed", committing(1), none},
		{file, "use committed, before the first byte", committed(1), all},
	}
}

// supply are the points of listing, indexing and uploading.
func supply() []point {
	list, suspend, upload, document := productList(), productSuspend(), datasetUpload(), documentStore()
	listed, left := worked("worker: a product was listed", productList()), worked("worker: a product left", productSuspend())
	return []point{
		{list, "before the listing is committed", committing(1), none},
		{list, "committed, index not told", committed(1), all},
		{list, "answered", answered, all},
		{suspend, "before it is committed", committing(1), none},
		{suspend, "committed, index not told", committed(1), all},
		{listed, "job taken, index not written", indexing, none},
		{listed, "index written, job not done", indexed, none},
		{left, "job taken, index not written", indexing, none},
		{left, "index written, job not done", indexed, none},
		{upload, "half of the file has come", halfway, none},
		{upload, "files written, version not recorded", committing(1), none},
		{upload, "version recorded, not answered", committed(1), all},
		{document, "half of the file has come", halfway, none},
		{document, "file written, document not recorded", committing(1), none},
		{document, "document recorded, not answered", committed(1), all},
	}
}

func orderPlace() *work {
	return &work{name: "orderPlace",
		prepare: func(_ *testing.T, w *world, _ *opened, k *task) { k.Who, k.ware, k.Key = w.buyer, w.rows, w.fresh() },
		request: func(ctx context.Context, o *opened, k task) (string, error) {
			return text(o.placed(ctx, k.ware, 10, k.Key))
		},
	}
}

func orderPay() *work {
	return &work{name: "orderPay", resumed: true,
		prepare: func(t *testing.T, w *world, o *opened, k *task) {
			k.Who, k.Key = w.buyer, w.fresh()
			k.Order = must(o.placed(access.With(t.Context(), w.buyer), w.rows, 10, w.fresh()))(t)
		},
		request: func(ctx context.Context, o *opened, k task) (string, error) { return text(o.paid(ctx, k.Order, k.Key)) },
	}
}

func credentialIssue() *work {
	return &work{name: "credentialIssue",
		prepare: func(t *testing.T, w *world, o *opened, k *task) {
			k.Who, k.Key, k.Entitlement = w.buyer, w.fresh(), w.bought(t, o, w.rows, 10)
		},
		request: func(ctx context.Context, o *opened, k task) (string, error) {
			id, _, err := o.CredentialIssue(ctx, market.CredentialInput{EntitlementID: k.Entitlement, IdempotencyKey: k.Key})
			return text(id, err)
		},
	}
}

func freeUseApply() *work {
	return &work{name: "freeUseApply",
		prepare: func(t *testing.T, w *world, o *opened, k *task) {
			w.takeBack(t, o)
			k.Who, k.ware, k.Evidence, k.Key = w.charity, w.rows, w.evidence, w.fresh()
		},
		request: func(ctx context.Context, o *opened, k task) (string, error) {
			return text(o.applied(ctx, k.Product, k.Evidence, k.Key))
		},
	}
}

func freeUseDecide() *work {
	return &work{name: "freeUse decision", over: "PROCEEDING_ENDED",
		prepare: func(t *testing.T, w *world, o *opened, k *task) {
			k.Who = w.agency
			w.takeBack(t, o)
			k.Proceeding = must(o.applied(access.With(t.Context(), w.charity), w.rows.Product, w.evidence, w.fresh()))(t)
		},
		request: func(ctx context.Context, o *opened, k task) (string, error) { return "", o.decided(ctx, k.Proceeding) },
	}
}

func dataRows() *work {
	return &work{name: "data call",
		prepare: func(_ *testing.T, w *world, _ *opened, k *task) {
			k.ware, k.Secret, k.Key = w.rows, w.rowsSecret, w.fresh()
		},
		request: func(ctx context.Context, o *opened, k task) (string, error) {
			return o.called(ctx, k.Product, k.Secret, k.Key)
		},
	}
}

func dataDownload() *work {
	return &work{name: "download",
		prepare: func(t *testing.T, w *world, o *opened, k *task) {
			link, err := o.DataLink(t.Context(), market.LinkCall{Secret: w.fileSecret, ProductID: w.file.Product, Purpose: purpose.Industry})
			k.Secret = must(link.Token, err)(t)
		},
		request: func(ctx context.Context, o *opened, k task) (string, error) {
			d, err := o.DataDownload(ctx, k.Secret)
			if err != nil {
				return "", err
			}
			defer d.File.Close()
			return text(d.Meter(ctx))
		},
	}
}

func productList() *work {
	return &work{name: "productList", over: "MOVE_NOT_ALLOWED", searched: true,
		prepare: func(t *testing.T, w *world, o *opened, k *task) {
			k.Who, k.ware = w.operator, w.moving
			w.move(t, o, false)
		},
		request: func(ctx context.Context, o *opened, k task) (string, error) { return "", o.ProductList(ctx, k.Product) },
	}
}

func productSuspend() *work {
	return &work{name: "productSuspend", over: "MOVE_NOT_ALLOWED", searched: true,
		prepare: func(t *testing.T, w *world, o *opened, k *task) {
			k.Who, k.ware = w.operator, w.moving
			w.move(t, o, true)
		},
		request: func(ctx context.Context, o *opened, k task) (string, error) {
			return "", o.ProductSuspend(ctx, k.Product, "核查")
		},
	}
}

// worked is the worker keeping what another work promised.
func worked(name string, promised *work) *work {
	return &work{name: name, searched: true, unasked: true,
		prepare: func(t *testing.T, w *world, o *opened, k *task) {
			promised.prepare(t, w, o, k)
			_, err := promised.request(access.With(t.Context(), k.Who), o, *k)
			must("", err)(t)
		},
		request: func(ctx context.Context, o *opened, _ task) (string, error) {
			stop, err := o.work(ctx)
			if err != nil {
				return "", err
			}
			if _, err := o.settles(ctx, 10*time.Second); err != nil {
				return "", err
			}
			return "", stop()
		},
	}
}

func datasetUpload() *work {
	return &work{name: "dataset upload",
		prepare: func(t *testing.T, w *world, _ *opened, k *task) {
			k.Who, k.ware = w.operator, w.moving
			w.names++
			var csv bytes.Buffer
			for _, p := range spec.Products() {
				if p.Name == movingName {
					must("", p.WriteCSV(&csv, uint64(1000+w.names)))(t)
				}
			}
			k.Data = csv.Bytes()
		},
		request: func(ctx context.Context, o *opened, k task) (string, error) {
			report, err := o.DatasetUpload(ctx, k.Product, o.upload(k.Data))
			return text(report.DatasetID, err)
		},
	}
}

func documentStore() *work {
	return &work{name: "document upload", keyless: true,
		prepare: func(_ *testing.T, w *world, _ *opened, k *task) {
			k.Who, k.Data = w.buyer, []byte(strings.Repeat(w.fresh()+" 证明\n", 2000))
		},
		request: func(ctx context.Context, o *opened, k task) (string, error) {
			return text(o.DocumentStore(ctx, "证明.txt", "text/plain", o.upload(k.Data)))
		},
	}
}

// ---- the requests, as a client makes them

func (o *opened) placed(ctx context.Context, of ware, quantity int64, key string) (uuid.UUID, error) {
	policies, err := o.Store.Policies(ctx)
	if err != nil {
		return uuid.Nil, err
	}
	return o.OrderPlace(ctx, market.OrderPlaceInput{
		ProductID: of.Product, PlanID: of.Plan, Purpose: purpose.Industry, Quantity: quantity, LicenceVersion: policies.Licence.Version, IdempotencyKey: key,
	})
}

func (o *opened) paid(ctx context.Context, order uuid.UUID, key string) (uuid.UUID, error) {
	return o.OrderPay(ctx, order, market.OrderPayInput{Provider: paytest.Name, IdempotencyKey: key})
}

func (o *opened) applied(ctx context.Context, product, evidence uuid.UUID, key string) (uuid.UUID, error) {
	policies, err := o.Store.Policies(ctx)
	if err != nil {
		return uuid.Nil, err
	}
	return o.FreeUseApply(ctx, market.FreeUseInput{
		ProductID: product, Purpose: purpose.Welfare, Scenario: "用于公益研究项目的数据分析", Evidence: []uuid.UUID{evidence},
		LicenceVersion: policies.Licence.Version, IdempotencyKey: key,
	})
}

func (o *opened) decided(ctx context.Context, proceeding uuid.UUID) error {
	return o.ProceedingDecide(ctx, proceeding, market.DecisionInput{Step: authorisation.StepAgency, Outcome: authorisation.OutcomeApprove, Reason: "符合要求"})
}

func (o *opened) called(ctx context.Context, product uuid.UUID, secret, key string) (string, error) {
	served, err := o.DataRows(ctx, market.RowsCall{
		Secret: secret, ProductID: product, Purpose: purpose.Industry, IdempotencyKey: key, Query: url.Values{"first": {"5"}},
	}, func(page market.Rows) []byte { return fmt.Append(nil, page.Rows) })
	return string(served.Body), err
}

// bought is the entitlement of an order that is placed and paid.
func (w *world) bought(t *testing.T, o *opened, of ware, quantity int64) uuid.UUID {
	t.Helper()
	ctx := access.With(t.Context(), w.buyer)
	order := must(o.placed(ctx, of, quantity, w.fresh()))(t)
	must(o.paid(ctx, order, w.fresh()))(t)
	return must(o.system().Entitlement.Query().Where(entitlement.OrderID(order)).OnlyID(o.asSystem()))(t)
}

// takeBack takes back what the charity waits for a decision on: only then may it apply again.
func (w *world) takeBack(t *testing.T, o *opened) {
	t.Helper()
	ctx := access.With(t.Context(), w.charity)
	waiting := must(o.system().Proceeding.Query().Where(proceeding.ApplicantID(w.charity.OrganisationID), proceeding.SubjectID(w.rows.Product),
		proceeding.EndedAtIsNil()).IDs(o.asSystem()))(t)
	for _, id := range waiting {
		must("", o.ProceedingWithdraw(ctx, id))(t)
	}
}

// move brings the moving product onto the market or takes it off, and the index with it.
func (w *world) move(t *testing.T, o *opened, listed bool) {
	t.Helper()
	ctx := access.With(t.Context(), w.operator)
	row := must(o.system().Product.Get(store.AsSystem(ctx), w.moving.Product))(t)
	switch is := row.Status == authorisation.ProductListed; {
	case listed && !is:
		must("", o.ProductList(ctx, row.ID))(t)
	case !listed && is:
		must("", o.ProductSuspend(ctx, row.ID, "核查"))(t)
	}
	must("", o.ProductIndex(ctx, row.ID))(t)
}

// text is an id as an answer.
func text(id uuid.UUID, err error) (string, error) { return id.String(), err }

// must gives a value to a test that fails on the error.
func must[T any](value T, err error) func(t *testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}
