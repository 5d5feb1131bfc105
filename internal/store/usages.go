package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	entsql "entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"gongshu/ent/db"
	"gongshu/ent/db/credential"
	"gongshu/ent/db/download"
	"gongshu/ent/db/entitlement"
	"gongshu/ent/db/order"
	"gongshu/ent/db/organisation"
	"gongshu/ent/db/plan"
	"gongshu/ent/db/predicate"
	"gongshu/ent/db/product"
	"gongshu/ent/db/usage"
	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/dictionary"
	"gongshu/internal/fault"
	"gongshu/internal/ordering"
	"gongshu/internal/purpose"
	"gongshu/pricing"
)

// Opening is what a secret opens: one entitlement, its product and the dataset that is served now.
type Opening struct {
	Entitlement
	CredentialID       uuid.UUID
	CredentialStatus   ordering.CredentialStatus
	CredentialEndsAt   time.Time
	OrganisationStatus access.OrganisationStatus
	ProductStatus      authorisation.ProductStatus
	ProductSuspension  authorisation.ObstacleCode
	Delivery           authorisation.Delivery
	Synthetic          bool
	// Dataset is nil when nothing is served.
	Dataset *Dataset
}

// Dataset is one version of a product's data.
type Dataset struct {
	ID       uuid.UUID
	Number   int
	RowCount int64
	BlobKey  string
	Columns  []dictionary.Column
}

// Link is a download link and what it opens; its dataset is the one that the link was made for.
type Link struct {
	Opening
	ID        uuid.UUID
	Purpose   purpose.Purpose
	ExpiresAt time.Time
	// UsageID is the use that the download was metered as, Nil before its first byte.
	UsageID uuid.UUID
}

// ErrNoOpening says that a secret opens nothing.
var ErrNoOpening = errors.New("store: the secret opens nothing")

const openingColumns = `c.id, c.status, c.expires_at, o.status, p.status, p.suspension_code, p.delivery, p.synthetic,
 e.id, e.organisation_id, e.product_id, e.version, e.status, e.purpose, e.quota_calls, e.quota_bytes, e.used_calls, e.used_bytes, e.starts_at, e.ends_at,
 d.id, d.number, d.row_count, d.blob_key, d.columns`

const openingTables = ` FROM credentials c JOIN entitlements e ON e.id = c.entitlement_id
 JOIN organisations o ON o.id = e.organisation_id JOIN products p ON p.id = e.product_id`

// OpeningOf reads what a credential's secret opens, by its hash and in one statement, since every data call begins so.
func (s *Store) OpeningOf(ctx context.Context, secretHash string) (Opening, error) {
	const statement = `SELECT ` + openingColumns + openingTables +
		` LEFT JOIN datasets d ON d.id = p.dataset_id AND d.accepted WHERE c.secret_hash = $1`
	tell(ctx, Statement, statement)
	return scanOpening(s.reader.QueryRowContext(ctx, statement, secretHash))
}

// LinkOf reads what a download link opens, by the hash of its token.
func (s *Store) LinkOf(ctx context.Context, tokenHash string) (Link, error) {
	const statement = `SELECT ` + openingColumns + `, l.id, l.purpose, l.expires_at, l.usage_id` + openingTables +
		` JOIN downloads l ON l.credential_id = c.id JOIN datasets d ON d.id = l.dataset_id WHERE l.token_hash = $1`
	tell(ctx, Statement, statement)
	row := s.reader.QueryRowContext(ctx, statement, tokenHash)
	var l Link
	var used uuid.NullUUID
	var err error
	l.Opening, err = scanOpening(row, &l.ID, &l.Purpose, &l.ExpiresAt, &used)
	l.ExpiresAt, l.UsageID = l.ExpiresAt.UTC(), used.UUID
	return l, err
}

func scanOpening(row *sql.Row, more ...any) (Opening, error) {
	var o Opening
	var quotaCalls, quotaBytes, number, rowCount sql.NullInt64
	var usedCalls, usedBytes int64
	var ends time.Time
	var dataset uuid.NullUUID
	var blobKey sql.NullString
	var columns []byte
	targets := append([]any{
		&o.CredentialID, &o.CredentialStatus, &o.CredentialEndsAt, &o.OrganisationStatus, &o.ProductStatus, &o.ProductSuspension, &o.Delivery, &o.Synthetic,
		&o.ID, &o.OrganisationID, &o.ProductID, &o.Version, &o.Status, &o.Purpose, &quotaCalls, &quotaBytes, &usedCalls, &usedBytes,
		&o.StartsAt, &ends, &dataset, &number, &rowCount, &blobKey, &columns,
	}, more...)
	err := row.Scan(targets...)
	if errors.Is(err, sql.ErrNoRows) {
		return Opening{}, ErrNoOpening
	}
	if err != nil {
		return Opening{}, fmt.Errorf("read what a secret opens: %w", err)
	}
	ends = ends.UTC()
	o.Unit, o.Used, o.ExpiresAt = ordering.QuotaCall, usedCalls, &ends
	switch {
	case quotaBytes.Valid:
		o.Unit, o.Quota, o.Used = ordering.QuotaMegabyte, &quotaBytes.Int64, usedBytes
	case quotaCalls.Valid:
		o.Quota = &quotaCalls.Int64
	}
	if dataset.Valid {
		o.Dataset = &Dataset{ID: dataset.UUID, Number: int(number.Int64), RowCount: rowCount.Int64, BlobKey: blobKey.String}
		if err := json.Unmarshal(columns, &o.Dataset.Columns); err != nil {
			return Opening{}, fmt.Errorf("read the columns of dataset %s: %w", dataset.UUID, err)
		}
	}
	return o, nil
}

// Usage is one metered use.
type Usage struct {
	ID, EntitlementID, CredentialID, ProductID, DatasetID uuid.UUID
	// IdempotencyKey is the caller's, or made of the id where it gave none.
	IdempotencyKey string
	RequestHash    string
	Kind           ordering.UsageKind
	Purpose        purpose.Purpose
	// Subject is a hash of whom or what the use was about, "" where it was not said.
	Subject string
	// Channel and UsedAt are given by a use that was reported; one that is metered is ONLINE, and now.
	Channel  pricing.ServiceChannel
	UsedAt   time.Time
	Quantity int64
	RowCount int64
	Bytes    int64
}

// UsageByKey finds the use that a caller made under a key, and the dataset that it was served from.
func (s *Store) UsageByKey(ctx context.Context, entitlementID uuid.UUID, key string) (u Usage, d Dataset, found bool, err error) {
	row, err := s.read.Usage.Query().Where(usage.EntitlementID(entitlementID), usage.IdempotencyKey(key)).WithDataset().Only(AsSystem(ctx))
	if db.IsNotFound(err) {
		return Usage{}, Dataset{}, false, nil
	}
	if err != nil {
		return Usage{}, Dataset{}, false, fmt.Errorf("look for a use: %w", err)
	}
	from := row.Edges.Dataset
	if from == nil { // reported by the operator: nothing was served
		return Usage{ID: row.ID, IdempotencyKey: row.IdempotencyKey, RequestHash: row.RequestHash, Kind: row.Kind}, Dataset{}, true, nil
	}
	return Usage{ID: row.ID, IdempotencyKey: row.IdempotencyKey, RequestHash: row.RequestHash, Bytes: row.Bytes, RowCount: row.RowCount},
		Dataset{ID: from.ID, Number: from.Number, RowCount: from.RowCount, BlobKey: from.BlobKey, Columns: from.Columns}, true, nil
}

// Meter writes a use under its ID and takes it from its entitlement's quota, in this order: of two uses under one key the second
// learns that the key IsTaken before it asks for quota. It is false, and the transaction must not be committed, when too
// little is left, or the entitlement or credential is not active or has ended, or its organisation is not verified, or the
// product is not served (authorisation.MayBeServed): the database decides, whatever was read before.
// Remaining is what this use left of the quota, nil where it is unlimited.
func (tx *Tx) Meter(ctx context.Context, u Usage) (remaining *int64, ok bool, err error) {
	err = tx.Usage.Create().SetID(u.ID).SetCreatedAt(tx.now).SetEntitlementID(u.EntitlementID).SetCredentialID(u.CredentialID).
		SetProductID(u.ProductID).SetDatasetID(u.DatasetID).SetIdempotencyKey(u.IdempotencyKey).SetRequestHash(u.RequestHash).
		SetKind(u.Kind).SetPurpose(u.Purpose).SetSubject(u.Subject).
		SetRowCount(u.RowCount).SetBytes(u.Bytes).SetUsedAt(tx.now).Exec(ctx)
	if err != nil {
		return nil, false, fmt.Errorf("meter a use: %w", err)
	}
	n, err := tx.Entitlement.Update().Where(
		entitlement.ID(u.EntitlementID), entitlement.StatusEQ(ordering.EntitlementActive), entitlement.EndsAtGT(tx.now), hasRoomFor(1, u.Bytes),
		entitlement.HasOrganisationWith(organisation.StatusEQ(access.OrganisationVerified)), entitlement.HasProductWith(served(u.Purpose)),
		inSelect(entitlement.FieldID, credential.Table, credential.FieldEntitlementID, func(t *entsql.SelectTable) *entsql.Predicate {
			return entsql.And(entsql.EQ(t.C(credential.FieldID), u.CredentialID), entsql.EQ(t.C(credential.FieldStatus), ordering.CredentialActive),
				entsql.GT(t.C(credential.FieldExpiresAt), tx.now))
		})).
		AddUsedCalls(1).AddUsedBytes(u.Bytes).Save(ctx)
	if err != nil {
		return nil, false, fmt.Errorf("take a use from the quota: %w", err)
	}
	if n == 0 {
		return nil, false, nil
	}
	row, err := tx.Entitlement.Get(AsSystem(ctx), u.EntitlementID)
	if err != nil {
		return nil, false, fmt.Errorf("read what is left of the quota: %w", err)
	}
	return RuleEntitlement(row).Remaining(), true, nil
}

// UseMade finds the use that was made of a right under a key.
func (tx *Tx) UseMade(ctx context.Context, entitlementID uuid.UUID, key string) (u Usage, found bool, err error) {
	row, err := tx.Usage.Query().Where(usage.EntitlementID(entitlementID), usage.IdempotencyKey(key)).Only(AsSystem(ctx))
	if db.IsNotFound(err) {
		return Usage{}, false, nil
	}
	if err != nil {
		return Usage{}, false, fmt.Errorf("look for a use: %w", err)
	}
	return loadUsage(row), true, nil
}

// UseByID reads a use that the viewer may see.
func (tx *Tx) UseByID(ctx context.Context, id uuid.UUID) (Usage, error) {
	row, err := tx.Usage.Get(ctx, id)
	if db.IsNotFound(err) {
		return Usage{}, fault.Absent("use")
	}
	if err != nil {
		return Usage{}, fmt.Errorf("read a use: %w", err)
	}
	return loadUsage(row), nil
}

func loadUsage(row *db.Usage) Usage {
	return Usage{
		ID: row.ID, EntitlementID: row.EntitlementID, ProductID: row.ProductID, IdempotencyKey: row.IdempotencyKey, RequestHash: row.RequestHash,
		Kind: row.Kind, Purpose: row.Purpose, Channel: row.Channel, Subject: row.Subject, Quantity: row.Quantity, RowCount: row.RowCount, Bytes: row.Bytes,
		UsedAt: row.UsedAt,
	}
}

// ReportUse writes a use that was served elsewhere and takes it from its entitlement, in the order of Meter. It is false, and the
// transaction must not be committed, when too little is left or the right was not in force when it was used.
func (tx *Tx) ReportUse(ctx context.Context, u Usage) (ok bool, err error) {
	if err := tx.addUse(u).Exec(ctx); err != nil {
		return false, fmt.Errorf("report a use: %w", err)
	}
	n, err := tx.Entitlement.Update().Where(entitlement.ID(u.EntitlementID), entitlement.StatusEQ(ordering.EntitlementActive),
		entitlement.StartsAtLTE(u.UsedAt), entitlement.EndsAtGT(u.UsedAt), hasRoomFor(u.Quantity, u.Bytes)).
		AddUsedCalls(u.Quantity).AddUsedBytes(u.Bytes).Save(ctx)
	if err != nil {
		return false, fmt.Errorf("take a use from the quota: %w", err)
	}
	return n == 1, nil
}

// ReverseUse writes the use that takes another back and gives its quantity back to the entitlement; IsTaken when one did already.
func (tx *Tx) ReverseUse(ctx context.Context, reversal Usage, of uuid.UUID) error {
	if err := tx.addUse(reversal).SetReversesID(of).Exec(ctx); err != nil {
		return fmt.Errorf("reverse a use: %w", err)
	}
	err := tx.Entitlement.Update().Where(entitlement.ID(reversal.EntitlementID)).AddUsedCalls(reversal.Quantity).AddUsedBytes(reversal.Bytes).Exec(ctx)
	if err != nil {
		return fmt.Errorf("give a use back to the quota: %w", err)
	}
	return nil
}

func (tx *Tx) addUse(u Usage) *db.UsageCreate {
	return tx.Usage.Create().SetID(u.ID).SetCreatedAt(tx.now).SetEntitlementID(u.EntitlementID).SetProductID(u.ProductID).
		SetIdempotencyKey(u.IdempotencyKey).SetRequestHash(u.RequestHash).SetKind(u.Kind).SetPurpose(u.Purpose).SetChannel(u.Channel).
		SetSubject(u.Subject).SetQuantity(u.Quantity).SetRowCount(u.RowCount).SetBytes(u.Bytes).SetUsedAt(u.UsedAt)
}

// served holds of the products that authorisation.MayBeServed serves for a purpose.
func served(p purpose.Purpose) predicate.Product {
	var stoppers []string
	for _, code := range authorisation.Stoppers(p.Free()) {
		stoppers = append(stoppers, string(code))
	}
	return product.Or(product.StatusEQ(authorisation.ProductListed),
		product.And(product.StatusIn(authorisation.OffMarketServing...), product.SuspensionCodeNotIn(stoppers...)))
}

// hasRoomFor holds while so many calls and bytes more are within the quota.
func hasRoomFor(quantity, bytes int64) predicate.Entitlement {
	return func(s *entsql.Selector) {
		calls, quotaCalls := s.C(entitlement.FieldUsedCalls), s.C(entitlement.FieldQuotaCalls)
		used, quotaBytes := s.C(entitlement.FieldUsedBytes), s.C(entitlement.FieldQuotaBytes)
		s.Where(entsql.P(func(b *entsql.Builder) {
			b.WriteString("(" + quotaCalls + " IS NULL OR " + calls + " + ").Arg(quantity).WriteString(" <= " + quotaCalls + ")")
			b.WriteString(" AND (" + quotaBytes + " IS NULL OR " + used + " + ").Arg(bytes).WriteString(" <= " + quotaBytes + ")")
		}))
	}
}

// AddLink saves a download link.
func (tx *Tx) AddLink(ctx context.Context, l Link, tokenHash string) error {
	err := tx.Download.Create().SetCreatedAt(tx.now).SetEntitlementID(l.Opening.ID).SetCredentialID(l.CredentialID).SetDatasetID(l.Dataset.ID).
		SetTokenHash(tokenHash).SetPurpose(l.Purpose).SetExpiresAt(l.ExpiresAt).Exec(ctx)
	if err != nil {
		return fmt.Errorf("make a download link: %w", err)
	}
	return nil
}

// DropLinks deletes at most so many links that expired before a moment and were never used, and returns how many.
func (tx *Tx) DropLinks(ctx context.Context, expiredBefore time.Time, most int) (int, error) {
	ids, err := tx.Download.Query().Where(download.ExpiresAtLT(expiredBefore), download.UsageIDIsNil()).
		Order(db.Asc(download.FieldExpiresAt, download.FieldID)).Limit(most).IDs(AsSystem(ctx))
	if err != nil {
		return 0, fmt.Errorf("read the links that expired: %w", err)
	}
	n, err := tx.Download.Delete().Where(download.IDIn(ids...), download.UsageIDIsNil()).Exec(ctx)
	if err != nil {
		return 0, fmt.Errorf("delete the links that expired: %w", err)
	}
	return n, nil
}

// MarkDownloaded says as which use a link was metered, if it was not metered before.
func (tx *Tx) MarkDownloaded(ctx context.Context, linkID, usageID uuid.UUID) error {
	return changedOne(tx.Download.Update().Where(download.ID(linkID), download.UsageIDIsNil()).SetUsageID(usageID).Save(ctx))
}

// MeteredBy is the tariff by which the uses of a right are billed by the month; false for one that is not.
func (tx *Tx) MeteredBy(ctx context.Context, entitlementID uuid.UUID) (tariff pricing.Tariff, metered bool, err error) {
	row, err := tx.Order.Query().Where(order.HasPlanWith(plan.SettlementEQ(pricing.Metered)), func(s *entsql.Selector) {
		s.Where(entsql.In(s.C(order.FieldID), entsql.Select(entitlement.FieldOrderID).From(entsql.Table(entitlement.Table)).Where(entsql.EQ(entitlement.FieldID, entitlementID))))
	}).Only(AsSystem(ctx))
	if db.IsNotFound(err) {
		return pricing.Tariff{}, false, nil
	}
	if err != nil {
		return pricing.Tariff{}, false, fmt.Errorf("read what bills a right: %w", err)
	}
	return row.Terms.Tariff, true, nil
}

// UsedIn adds up what was used of a right from one moment until another.
func (tx *Tx) UsedIn(ctx context.Context, entitlementID uuid.UUID, from, until time.Time) (sum Sum, err error) {
	const text = `SELECT CAST(coalesce(sum(quantity), 0) AS bigint), CAST(coalesce(sum(bytes), 0) AS bigint) FROM usages
 WHERE entitlement_id = $1 AND used_at >= $2 AND used_at < $3`
	tell(ctx, Statement, text)
	if err := tx.sql.QueryRowContext(ctx, text, entitlementID, from, until).Scan(&sum.Quantity, &sum.Bytes); err != nil {
		return Sum{}, fmt.Errorf("add up what was used: %w", err)
	}
	return sum, nil
}
