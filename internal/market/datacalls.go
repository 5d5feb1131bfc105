package market

import (
	"context"
	"errors"
	"fmt"
	"net/url"

	"github.com/google/uuid"

	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/dataset"
	"gongshu/internal/dictionary"
	"gongshu/internal/fault"
	"gongshu/internal/ordering"
	"gongshu/internal/publicid"
	"gongshu/internal/purpose"
	"gongshu/internal/store"
)

// A data call is made by a program that shows a credential, not by a person who is signed in: the credential's entitlement
// is all that decides. The metered use is its record; a refusal is not metered.

// RowsCall asks for one page of rows.
type RowsCall struct {
	Secret    string
	ProductID uuid.UUID
	// Purpose is what this use is declared to be for; it must be the entitlement's.
	Purpose purpose.Purpose
	// IdempotencyKey is the caller's, "" when it gave none.
	IdempotencyKey string
	// Subject is whom or what the use is about, "" where the caller does not say it; it is hashed before anything is stored.
	Subject string
	// Query holds filters on declared columns, first and after, as dataset.ParseFilters and ParsePaging read them.
	Query url.Values
}

// Rows is one page with what it is of.
type Rows struct {
	ProductID uuid.UUID
	// DatasetNumber is 0 where it is a Sample.
	DatasetNumber int
	Sample        bool
	Synthetic     bool
	Columns       []dictionary.Column
	dataset.Page
}

// Served is what leaves for one use.
type Served struct {
	Body []byte
	// UsageKey names the use: the caller's idempotency key, or the use's public id, under which it can be repeated.
	UsageKey string
	Quota    QuotaState
	// Synthetic says that the data was made up for demonstration.
	Synthetic bool
}

// QuotaState is a quota as a use left it: calls, or bytes where it is a volume; nil is unlimited.
type QuotaState struct {
	Unit             ordering.QuotaUnit
	Limit, Remaining *int64
}

// DataRows serves one page of rows of an API product. The page is read and rendered first; then the use is committed with
// what it takes from the quota, which the database decides however many call at once; only then may anything leave.
// A volume quota counts the bytes that render made.
//
// The same key with the same request is the same page again, from the same dataset and without being metered, also once
// the quota is exhausted; with another request it is IDEMPOTENCY_KEY_REUSED. Refused with CREDENTIAL_INVALID, NOT_FOUND
// when the credential is for another product, ORGANISATION_SUSPENDED, PRODUCT_SUSPENDED, DELIVERY_OTHER, DATASET_MISSING,
// SUBJECT_INVALID, as ordering.Use says, and as dataset.ParseFilters and ParsePaging say. A free entitlement that is turned to a purpose
// that pays is suspended (CITY 11.2).
func (m *Market) DataRows(ctx context.Context, c RowsCall, render func(Rows) []byte) (Served, error) {
	if c.IdempotencyKey != "" {
		if err := ordering.CheckIdempotencyKey(c.IdempotencyKey); err != nil {
			return Served{}, err
		}
	}
	o, err := m.opening(ctx, c.Secret, c.ProductID, authorisation.DeliveryAPI)
	if err != nil {
		return Served{}, err
	}
	if err := checkSubject(c.Subject); err != nil {
		return Served{}, atField(err, "Gongshu-Subject")
	}
	subject := subjectHash(o.Entitlement, c.Subject)
	refusal := m.mayUse(ctx, o, ordering.Attempt{Purpose: c.Purpose, Kind: ordering.UsageRows})
	if refusal != nil && (c.IdempotencyKey == "" || fault.CodeOf(refusal) != "QUOTA_EXHAUSTED") {
		return Served{}, refusal
	}
	asked := []string{o.ProductID.String(), string(c.Purpose), c.Query.Encode()}
	if subject != "" {
		asked = append(asked, subject)
	}
	use := newUse(store.Usage{
		EntitlementID: o.ID, CredentialID: o.CredentialID, ProductID: o.ProductID, DatasetID: o.Dataset.ID,
		IdempotencyKey: c.IdempotencyKey, Kind: ordering.UsageRows, Purpose: c.Purpose, Subject: subject, RequestHash: requestHash(asked),
	})
	if served, found, err := m.servedBefore(ctx, c, o, use, render); err != nil || found {
		return served, err
	}
	if refusal != nil {
		return Served{}, refusal
	}
	page, err := m.page(ctx, c, o, *o.Dataset)
	if err != nil {
		return Served{}, err
	}
	body := render(page)
	use.RowCount, use.Bytes = int64(len(page.Rows)), int64(len(body))
	if _, err := ordering.Use(o.Entitlement.Entitlement, ordering.Attempt{Purpose: c.Purpose, Kind: ordering.UsageRows, Bytes: use.Bytes}, m.Store.Now()); err != nil {
		return Served{}, err
	}
	var remaining *int64
	err = m.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		remaining, err = meter(ctx, tx, use)
		return err
	})
	switch {
	case store.IsTaken(err): // the same key at the same time
		served, _, err := m.servedBefore(ctx, c, o, use, render)
		return served, err
	case errors.Is(err, errNotMetered):
		return Served{}, m.whyNotMetered(ctx, c, ordering.Attempt{Purpose: c.Purpose, Kind: ordering.UsageRows, Bytes: use.Bytes})
	case err != nil:
		return Served{}, err
	}
	return Served{Body: body, UsageKey: use.IdempotencyKey, Synthetic: o.Synthetic, Quota: QuotaState{o.Unit, o.Quota, remaining}}, nil
}

// servedBefore serves the page again that was metered under the caller's key, from the dataset that it came from.
func (m *Market) servedBefore(ctx context.Context, c RowsCall, o store.Opening, use store.Usage, render func(Rows) []byte) (Served, bool, error) {
	if c.IdempotencyKey == "" {
		return Served{}, false, nil
	}
	before, from, found, err := m.Store.UsageByKey(ctx, o.ID, c.IdempotencyKey)
	if err != nil || !found {
		return Served{}, false, err
	}
	if err := ordering.CheckIdempotency(before.RequestHash, use.RequestHash); err != nil {
		return Served{}, true, err
	}
	page, err := m.page(ctx, c, o, from)
	if err != nil {
		return Served{}, true, err
	}
	return Served{Body: render(page), UsageKey: before.IdempotencyKey, Synthetic: o.Synthetic, Quota: QuotaState{o.Unit, o.Quota, o.Remaining()}}, true, nil
}

func (m *Market) page(ctx context.Context, c RowsCall, o store.Opening, d store.Dataset) (Rows, error) {
	request, err := requestOf(c.Query, d.Columns)
	if err != nil {
		return Rows{}, err
	}
	if request.Path, err = m.Blobs.Path(d.BlobKey); err != nil {
		return Rows{}, fmt.Errorf("find dataset %s: %w", d.ID, err)
	}
	page, err := m.Rows.Page(ctx, request)
	if err != nil {
		return Rows{}, err
	}
	return Rows{ProductID: o.ProductID, DatasetNumber: d.Number, Synthetic: o.Synthetic, Columns: d.Columns, Page: page}, nil
}

// requestOf reads the parameters of a call on columns; all that is wrong with them is returned at once.
func requestOf(query url.Values, columns []dictionary.Column) (dataset.Request, error) {
	filters, wrongFilters := dataset.ParseFilters(query, columns)
	first, after, wrongPaging := dataset.ParsePaging(query)
	wrong := fault.List(append(fault.All(wrongFilters), fault.All(wrongPaging)...))
	return dataset.Request{Columns: columns, Filters: filters, First: first, After: after}, wrong.OrNil()
}

// opening is what a secret opens of a product now. A secret that was never given out, is malformed or was revoked is
// always the same CREDENTIAL_INVALID.
func (m *Market) opening(ctx context.Context, secret string, productID uuid.UUID, delivery authorisation.Delivery) (store.Opening, error) {
	o, err := m.Store.OpeningOf(ctx, secretHash(secret))
	if errors.Is(err, store.ErrNoOpening) {
		return store.Opening{}, credentialInvalid()
	}
	if err != nil {
		return store.Opening{}, err
	}
	if o.CredentialStatus != ordering.CredentialActive {
		return store.Opening{}, credentialInvalid()
	}
	if o.ProductID != productID {
		return store.Opening{}, fault.Absent("product")
	}
	return o, mayBeServed(o, delivery)
}

func credentialInvalid() *fault.Error {
	return fault.New(fault.Unauthenticated, "CREDENTIAL_INVALID", "This needs a credential that is valid.")
}

// mayBeServed refuses what keeps any use of the product from this organisation.
func mayBeServed(o store.Opening, delivery authorisation.Delivery) error {
	switch {
	case o.OrganisationStatus != access.OrganisationVerified:
		return fault.New(fault.Forbidden, "ORGANISATION_SUSPENDED", "The organisation takes no part in the market now.")
	case !authorisation.MayBeServed(o.ProductStatus, o.ProductSuspension, o.Purpose.Free()):
		return fault.New(fault.Forbidden, "PRODUCT_SUSPENDED", "This product is not served now.")
	case o.Delivery != delivery:
		return deliveryOther(o.Delivery)
	case o.Dataset == nil:
		return fault.New(fault.Conflict, "DATASET_MISSING", "This product has no data to serve now.")
	}
	return nil
}

func deliveryOther(delivery authorisation.Delivery) *fault.Error {
	return fault.New(fault.Conflict, "DELIVERY_OTHER", "This product is delivered as %s.", delivery).With("delivery", string(delivery))
}

// mayUse decides on an attempt. A free entitlement that is turned to a purpose that pays is suspended, in a transaction of
// its own: the refusal itself must not undo it.
func (m *Market) mayUse(ctx context.Context, o store.Opening, a ordering.Attempt) error {
	_, err := ordering.Use(o.Entitlement.Entitlement, a, m.Store.Now())
	if fault.CodeOf(err) == "PURPOSE_MISMATCH" && ordering.Drifts(o.Entitlement.Entitlement, a.Purpose) {
		if failed := m.suspendForDrift(ctx, o, a.Purpose); failed != nil {
			return failed
		}
	}
	return err
}

func (m *Market) suspendForDrift(ctx context.Context, o store.Opening, declared purpose.Purpose) error {
	err := m.Store.InTx(store.AsSystem(ctx), func(ctx context.Context, tx *store.Tx) error {
		e, err := tx.EntitlementByID(ctx, o.ID)
		if err != nil || !e.Status.CanBecome(ordering.EntitlementSuspended) {
			return err
		}
		if err := tx.MoveEntitlement(ctx, e, ordering.EntitlementSuspended); err != nil {
			return err
		}
		return tx.Record(ctx, store.Act{
			Name: "entitlementSuspend", Kind: "Entitlement", ID: e.ID, Reason: "A free entitlement was turned to a purpose that pays.",
			Change: map[string]any{"entitled": e.Purpose, "declared": declared, "credential": o.CredentialID},
		})
	})
	if fault.CodeOf(err) == "CHANGED_MEANWHILE" {
		return nil // another call of the same kind did it
	}
	return err
}

// errNotMetered says that the database took nothing from the quota.
var errNotMetered = errors.New("market: not metered")

// meter commits a use unless the database takes nothing from the quota, and returns what it left of it.
func meter(ctx context.Context, tx *store.Tx, u store.Usage) (remaining *int64, err error) {
	remaining, ok, err := tx.Meter(ctx, u)
	if err == nil && !ok {
		return nil, errNotMetered
	}
	return remaining, err
}

// newUse gives a use its id, and that as its key where the caller gave none.
func newUse(u store.Usage) store.Usage {
	u.ID = uuid.Must(uuid.NewV7())
	if u.IdempotencyKey == "" {
		u.IdempotencyKey = publicid.Encode("use", u.ID)
	}
	return u
}

// whyNotMetered decides again on what the database refused, from what is true now.
func (m *Market) whyNotMetered(ctx context.Context, c RowsCall, a ordering.Attempt) error {
	o, err := m.opening(ctx, c.Secret, c.ProductID, authorisation.DeliveryAPI)
	if err != nil {
		return err
	}
	if _, err := ordering.Use(o.Entitlement.Entitlement, a, m.Store.Now()); err != nil {
		return err
	}
	return fault.New(fault.Conflict, "CHANGED_MEANWHILE", "The entitlement changed meanwhile. Call again.")
}
