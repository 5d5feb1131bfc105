package market

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"time"

	"github.com/google/uuid"

	"gongshu/internal/access"
	"gongshu/internal/fault"
	"gongshu/internal/ordering"
	"gongshu/internal/store"
	"gongshu/pricing"
)

// MaxSubject is the greatest length of what names a use's subject, in characters.
const MaxSubject = 200

// UsageReportInput is what an operator served at a counter.
type UsageReportInput struct {
	EntitlementID             uuid.UUID
	Quantity, RowCount, Bytes int64
	UsedAt                    time.Time
	// Subject is whom or what it was about, "" for nobody; it is hashed before anything is stored.
	Subject        string
	IdempotencyKey string
}

// UsageReport writes down what the viewer's organisation, the operator of the product, served elsewhere, and returns the use's id.
// Its PUBLISHER may. The same key with the same content is the same use; with other content it is IDEMPOTENCY_KEY_REUSED. Refused with
// SUBJECT_INVALID and as ordering.Report says. A use of a month that is billed already is on the next bill.
func (m *Market) UsageReport(ctx context.Context, in UsageReportInput) (uuid.UUID, error) {
	if err := access.FromContext(ctx).MayAct(access.Operator, access.Publisher); err != nil {
		return uuid.Nil, err
	}
	if err := inputKey(ordering.CheckIdempotencyKey(in.IdempotencyKey)); err != nil {
		return uuid.Nil, err
	}
	if err := checkSubject(in.Subject); err != nil {
		return uuid.Nil, atField(err, "input.subject")
	}
	return once(ctx, m.Store, func(ctx context.Context, tx *store.Tx) (uuid.UUID, error) {
		e, err := m.servedBy(ctx, tx, in.EntitlementID)
		if err != nil {
			return uuid.Nil, atField(err, "input.entitlementId")
		}
		in := in
		in.Subject = subjectHash(e, in.Subject)
		hash := requestHash(in)
		before, found, err := tx.UseMade(ctx, e.ID, in.IdempotencyKey)
		if err != nil || found {
			return before.ID, firstOf(err, inputKey(ordering.CheckIdempotency(before.RequestHash, hash)))
		}
		err = ordering.Report(e.Entitlement, ordering.Reported{Quantity: in.Quantity, RowCount: in.RowCount, Bytes: in.Bytes, UsedAt: in.UsedAt}, tx.Now())
		if err != nil {
			return uuid.Nil, at(err, map[string]string{
				"usedAt": "input.usedAt", "quantity": "input.quantity", "rowCount": "input.rowCount", "bytes": "input.bytes",
			})
		}
		if err := m.mayBeRated(ctx, tx, e, in); err != nil {
			return uuid.Nil, err
		}
		use := newUse(store.Usage{
			EntitlementID: e.ID, ProductID: e.ProductID, IdempotencyKey: in.IdempotencyKey, RequestHash: hash, Kind: ordering.UsageReported,
			Purpose: e.Purpose, Channel: pricing.Counter, Subject: in.Subject, Quantity: in.Quantity, RowCount: in.RowCount, Bytes: in.Bytes, UsedAt: in.UsedAt,
		})
		ok, err := tx.ReportUse(ctx, use)
		if err == nil && !ok {
			err = fault.New(fault.Conflict, "CHANGED_MEANWHILE", "The entitlement changed meanwhile. Report again.")
		}
		if err != nil {
			return uuid.Nil, err
		}
		return use.ID, tx.Record(ctx, store.Act{Name: "usageReport", Kind: "Entitlement", ID: e.ID, Change: map[string]any{
			"use": use.ID, "quantity": in.Quantity, "bytes": in.Bytes, "usedAt": in.UsedAt,
		}})
	})
}

// UsageReverse takes a use of a product of the viewer's organisation back by another with the negated figures, and returns its id.
// Its PUBLISHER may. Refused with USAGE_REVERSED when that was done, USAGE_NOT_REVERSIBLE for a reversal, and REASON_MISSING.
func (m *Market) UsageReverse(ctx context.Context, id uuid.UUID, reason string) (reversal uuid.UUID, err error) {
	if err := access.FromContext(ctx).MayAct(access.Operator, access.Publisher); err != nil {
		return uuid.Nil, err
	}
	if err := checkReason(&reason); err != nil {
		return uuid.Nil, err
	}
	err = m.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		u, err := tx.UseByID(ctx, id)
		if err != nil {
			return atField(err, "id")
		}
		if _, err := m.servedBy(ctx, tx, u.EntitlementID); err != nil {
			return atField(err, "id")
		}
		if err := ordering.Reverse(u.Kind); err != nil {
			return atField(err, "id")
		}
		back := newUse(store.Usage{
			EntitlementID: u.EntitlementID, ProductID: u.ProductID, RequestHash: requestHash(id), Kind: ordering.UsageReversal, Purpose: u.Purpose,
			Channel: u.Channel, Subject: u.Subject, Quantity: -u.Quantity, RowCount: -u.RowCount, Bytes: -u.Bytes, UsedAt: u.UsedAt,
		})
		if err := tx.ReverseUse(ctx, back, id); err != nil {
			return err
		}
		reversal = back.ID
		return tx.Record(ctx, store.Act{Name: "usageReverse", Kind: "Entitlement", ID: u.EntitlementID, Reason: reason, Change: map[string]any{
			"use": id, "reversal": back.ID, "quantity": back.Quantity, "bytes": back.Bytes,
		}})
	})
	if store.IsTaken(err) {
		err = fault.New(fault.Conflict, "USAGE_REVERSED", "This use was taken back already.").At("id")
	}
	return reversal, err
}

// MayReportUsage reports whether the viewer may report uses of an operator's product.
func (m *Market) MayReportUsage(v access.Viewer, operatorID uuid.UUID) bool {
	return v.MayActFor(operatorID, "use", access.Operator, access.Publisher) == nil
}

// MayReverseUsage reports whether the viewer may take a use of an operator's product back; one that was, it may not.
func (m *Market) MayReverseUsage(v access.Viewer, operatorID uuid.UUID, kind ordering.UsageKind, reversed bool) bool {
	return !reversed && m.MayReportUsage(v, operatorID) && ordering.Reverse(kind) == nil
}

// servedBy reads a right to a product of the viewer's organisation; every other is absent.
func (m *Market) servedBy(ctx context.Context, tx *store.Tx, entitlementID uuid.UUID) (store.Entitlement, error) {
	e, err := tx.EntitlementByID(ctx, entitlementID)
	if err != nil {
		return store.Entitlement{}, err
	}
	operator, err := tx.OperatorOf(ctx, e.ProductID)
	if err != nil {
		return store.Entitlement{}, err
	}
	if operator != access.FromContext(ctx).OrganisationID {
		return store.Entitlement{}, fault.Absent("entitlement")
	}
	return e, nil
}

// mayBeRated refuses what would bring a month of a metered order beyond what reports may bring it to: QUANTITY_INVALID at input.quantity or
// input.bytes. Reports at once are judged one after the other, as each adds to the month that the next one reads.
func (m *Market) mayBeRated(ctx context.Context, tx *store.Tx, e store.Entitlement, in UsageReportInput) error {
	tariff, metered, err := tx.MeteredBy(ctx, e.ID)
	if err != nil || !metered {
		return err
	}
	if err := tx.Alone(ctx, "uses of "+e.ID.String()); err != nil {
		return err
	}
	month := pricing.MonthOf(in.UsedAt)
	used, err := tx.UsedIn(ctx, e.ID, month.Start(), month.Next().Start())
	if err != nil {
		return err
	}
	field, units := "input.quantity", used.Quantity+in.Quantity
	if tariff.Mode == pricing.PerVolume {
		field, units = "input.bytes", ordering.Megabytes(used.Bytes+in.Bytes)
	}
	if most := tariff.MostReported(); units > most {
		return fault.New(fault.Invalid, "QUANTITY_INVALID", "Reports bring a month of this tariff to %d at most.", most).At(field).With("max", most)
	}
	return nil
}

// checkSubject refuses what is too long to be a subject with SUBJECT_INVALID.
func checkSubject(subject string) error {
	if len([]rune(subject)) > MaxSubject {
		return fault.New(fault.Invalid, "SUBJECT_INVALID", "A subject has at most %d characters.", MaxSubject).With("max", MaxSubject)
	}
	return nil
}

// subjectHash is whom or what a use was about as it is kept: enough to tell whether two uses of a product by one organisation are about
// the same, whatever order brought the right, and no more.
func subjectHash(e store.Entitlement, subject string) string {
	if subject == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(e.OrganisationID.String() + "\n" + e.ProductID.String() + "\n" + subject))
	return hex.EncodeToString(sum[:])
}
