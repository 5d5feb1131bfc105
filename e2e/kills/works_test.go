package kills

import (
	"bytes"
	"context"
	"fmt"
	"net/url"
	"slices"
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
	"gongshu/internal/payment/bank"
	paytest "gongshu/internal/payment/test"
	"gongshu/internal/purpose"
	"gongshu/internal/store"
	"gongshu/pricing"
)

// task is what one child is to do, and what its parent repeats.
type task struct {
	Place place
	Point string
	Who   access.Viewer
	ware
	Order, Entitlement, Proceeding, Evidence, Job uuid.UUID
	Secret, Key                                   string
	Data                                          []byte
	Load                                          *load
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
	// resume is how the worker finishes it too, before whoever was not answered asks again or after.
	resume func(ctx context.Context, o *opened) error
	// searched says that the worker has to do the rest, and the search to follow; promises that the rest counts as part of it.
	// unasked says that nobody repeats it, keyless that asked twice it is two of them, so that who was not answered looks first.
	searched, promises, unasked, keyless bool
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
func points() (all []point) { return slices.Concat(sales(), money(), supply()) }

// charged is a payment that was begun, and of which the provider has the money.
func charged(counts) counts { return oneOf("payments", "audit_records", "charged") }

// decided is a refund that was approved, givenBack one of which the money went back.
func decided(counts) counts   { return oneOf("decisions", "audit_records") }
func givenBack(counts) counts { return oneOf("decisions", "audit_records", "given back") }

// sales are the points of ordering, paying, granting and metering.
func sales() []point {
	place, pay, credential, rows, file := orderPlace(), orderPay(), credentialIssue(), dataRows(), dataDownload()
	apply, decide := freeUseApply(), freeUseDecide()
	return []point{
		{place, "before the order is written", before("orders"), none},
		{place, "before the order is committed", committing(1), none},
		{place, "committed, not answered", committed(1), all},
		{place, "answered", answered, all},
		{pay, "before the payment is committed (1)", committing(1), none},
		{pay, "payment committed, provider not asked (2)", at(asking), begun},
		{pay, "provider asked, nothing moved (3)", at(reached), begun},
		{pay, "provider moved it, no answer (4)", at(moved), charged},
		{pay, "answered, nothing recorded (5)", at(took), charged},
		{pay, "outcome written, entitlement not (6)", before("entitlements"), charged},
		{pay, "entitlement written, nothing posted (7)", before("entries"), charged},
		{pay, "shares being posted (7)", before("postings"), charged},
		{pay, "before the outcome is committed (7)", committing(2), charged},
		{pay, "recorded, not answered (8)", committed(2), all},
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

// money are the points of giving money back, and of what the bank says of it.
func money() []point {
	refund, statement, queued := refundApprove(), statementImport(), statementQueue()
	return []point{
		{refund, "before the approval is committed", committing(1), none},
		{refund, "approved, provider not asked (9)", at(asking), decided},
		{refund, "provider asked, nothing given back (9)", at(reached), decided},
		{refund, "provider gave it back, no answer (9)", at(moved), givenBack},
		{refund, "answered, nothing recorded (9)", at(took), givenBack},
		{refund, "outcome being posted (9)", before("entries"), givenBack},
		{refund, "before the outcome is committed (9)", committing(3), givenBack},
		{refund, "outcome committed, not answered", committed(3), all},
		{statement, "before the first chunk is committed", committingOf("bank_lines", 1), none},
		{statement, "between two chunks (11)", committedOf("bank_lines", 1), matched(chunk, 1, 0)},
		{statement, "lines matched, payments not recorded (10)", committedOf("bank_lines", 2), matched(chunk+2, 2, 0)},
		{statement, "payments written, not committed (10)", committingOf("entitlements", 1), matched(chunk+2, 2, 0)},
		{statement, "payments recorded, import not ended (10)", committingOf("audit_records", 2), matched(chunk+2, 2, 2)},
		{queued, "before the statement is committed", committing(1), none},
		{queued, "promised to the worker, not worked (12)", committed(1), func(counts) counts { return oneOf("audit_records") }},
		{queued, "answered", answered, func(counts) counts { return oneOf("audit_records") }},
	}
}

// supply are the points of listing, indexing and uploading.
func supply() []point {
	list, suspend, upload, document := productList(), productSuspend(), datasetUpload(), documentStore()
	listed, left := worked("worker: a product was listed", productList()), worked("worker: a product left", productSuspend())
	return []point{
		{list, "before the listing is committed", committing(1), none},
		{list, "committed, search not told (12)", committed(1), all},
		{list, "answered", answered, all},
		{suspend, "before it is committed", committing(1), none},
		{suspend, "committed, search not told (12)", committed(1), all},
		{listed, "change read, index not written", indexing, none},
		{listed, "index written, change not marked", indexed, none},
		{left, "change read, index not written", indexing, none},
		{left, "index written, change not marked", indexed, none},
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
	return &work{name: "orderPay", resume: paymentsResume,
		prepare: func(t *testing.T, w *world, o *opened, k *task) {
			k.Who, k.Key = w.buyer, w.fresh()
			k.Order = must(o.placed(access.With(t.Context(), w.buyer), w.rows, 10, w.fresh()))(t)
		},
		request: func(ctx context.Context, o *opened, k task) (string, error) { return text(o.paid(ctx, k.Order, k.Key)) },
	}
}

func paymentsResume(ctx context.Context, o *opened) error {
	_, err := o.PaymentsResume(ctx)
	return err
}

// refundApprove approves that all of an order is given back.
func refundApprove() *work {
	return &work{name: "refund", over: "PROCEEDING_ENDED",
		resume: func(ctx context.Context, o *opened) error {
			_, err := o.RefundsResume(ctx)
			return err
		},
		prepare: func(t *testing.T, w *world, o *opened, k *task) {
			buyer := access.With(t.Context(), w.buyer)
			order := must(o.placed(buyer, w.rows, 10, w.fresh()))(t)
			must(o.paid(buyer, order, w.fresh()))(t)
			total := must(o.system().Order.Get(o.asSystem(), order))(t).TotalFen
			id := must(o.RefundRequest(buyer, market.RefundInput{OrderID: order, AmountFen: pricing.Fen(total), Reason: "不再需要", IdempotencyKey: w.fresh()}))(t)
			k.Who = w.operatorFinance
			k.Proceeding = must(o.system().Proceeding.Query().Where(proceeding.SubjectID(id)).OnlyID(o.asSystem()))(t)
		},
		request: func(ctx context.Context, o *opened, k task) (string, error) {
			return "", o.ProceedingDecide(ctx, k.Proceeding, market.DecisionInput{Step: authorisation.StepOperator, Outcome: authorisation.OutcomeApprove, Reason: "同意"})
		},
	}
}

// chunk is how many lines of a statement the market matches in one transaction.
const chunk = 500

// statement lays two orders that wait for a transfer, and is a bank statement of two chunks: the first tells of one transfer and of
// charges that nobody expects, the second of the other.
func (w *world) statement(t *testing.T, o *opened) []byte {
	t.Helper()
	file := bytes.NewBufferString("交易日期,贷方发生额,借方发生额,对方户名,附言,交易流水号\n")
	day := authorisation.DayOf(time.Now())
	charges := func(n int) {
		for range n {
			fmt.Fprintf(file, "%s,,0.01,示例银行,手续费,%s\n", day, w.fresh())
		}
	}
	for _, filled := range []int{chunk - 1, 1} {
		buyer := access.With(t.Context(), w.buyer)
		order := must(o.placed(buyer, w.rows, 10, w.fresh()))(t)
		id := must(o.OrderPay(buyer, order, market.OrderPayInput{Provider: bank.Name, IdempotencyKey: w.fresh()}))(t)
		p := must(o.system().Payment.Get(o.asSystem(), id))(t)
		fmt.Fprintf(file, "%s,%s,,付款公司,数据服务费 %s,%s\n", day, pricing.Fen(p.AmountFen), p.Reference, w.fresh())
		charges(filled)
	}
	return file.Bytes()
}

func (o *opened) queued(ctx context.Context, statement []byte) (uuid.UUID, error) {
	return o.BankStatementQueue(ctx, market.BankStatementInput{FileName: "流水.csv"}, bytes.NewReader(statement))
}

// matched is what an import left: lines, transfers that came, and payments of them that are recorded.
func matched(lines, transfers, paid int64) func(all counts) counts {
	return func(all counts) (n counts) {
		n[slices.Index(counted, "bank_lines")], n[slices.Index(counted, "transfers done")] = lines, transfers
		for _, table := range []string{"entitlements", "entries", "postings"} {
			n[slices.Index(counted, table)] = all[slices.Index(counted, table)] * paid / 2
		}
		n[slices.Index(counted, "audit_records")] = paid
		return n
	}
}

// statementImport is the work on a bank statement that was queued; the worker does it again after a kill.
func statementImport() *work {
	return &work{name: "bank statement", searched: true, unasked: true,
		prepare: func(t *testing.T, w *world, o *opened, k *task) {
			k.Job = must(o.queued(access.With(t.Context(), w.platformFinance), w.statement(t, o)))(t)
		},
		request: func(ctx context.Context, o *opened, k task) (string, error) { return "", o.JobRun(ctx, k.Job) },
	}
}

// statementQueue queues one, which the worker then works.
func statementQueue() *work {
	return &work{name: "bankStatementImport", searched: true, promises: true,
		prepare: func(t *testing.T, w *world, o *opened, k *task) { k.Who, k.Data = w.platformFinance, w.statement(t, o) },
		request: func(ctx context.Context, o *opened, k task) (string, error) { return text(o.queued(ctx, k.Data)) },
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
			before := must(o.Store.SearchNow(o.asSystem()))(t)
			_, err := promised.request(access.With(t.Context(), k.Who), o, *k)
			must("", err)(t)
			// Transactions of other tests on the same Postgres hold up what may be followed: without it the index would be built anew.
			waiting, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			for len(must(o.Store.SearchChanges(o.asSystem(), before, 1))(t)) == 0 {
				select {
				case <-waiting.Done():
					t.Fatal("the change cannot be followed")
				case <-time.After(10 * time.Millisecond):
				}
			}
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
	must(o.SearchFollow(ctx))(t)
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
