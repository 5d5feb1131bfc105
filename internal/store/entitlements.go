package store

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"gongshu/ent/db"
	"gongshu/ent/db/credential"
	"gongshu/ent/db/entitlement"
	"gongshu/ent/db/product"
	"gongshu/internal/authorisation"
	"gongshu/internal/fault"
	"gongshu/internal/ordering"
	"gongshu/pricing"
)

// Entitlement is a right as the rules see it, with what the store needs to save it.
type Entitlement struct {
	ordering.Entitlement
	ID, OrganisationID, ProductID uuid.UUID
	Version                       int
	// OrderID or ProceedingID is where it comes from; the other is Nil.
	OrderID, ProceedingID uuid.UUID
	Scenario              string
}

// RuleEntitlement turns a row into what the rules see.
func RuleEntitlement(row *db.Entitlement) ordering.Entitlement {
	ends := row.EndsAt
	e := ordering.Entitlement{
		Status: row.Status, Purpose: row.Purpose, Unit: ordering.QuotaCall, Quota: row.QuotaCalls, Used: row.UsedCalls,
		StartsAt: row.StartsAt, ExpiresAt: &ends,
	}
	if row.QuotaBytes != nil {
		e.Unit, e.Quota, e.Used = ordering.QuotaMegabyte, row.QuotaBytes, row.UsedBytes
	}
	return e
}

// AddEntitlement saves a new right; one order or proceeding brings one.
func (tx *Tx) AddEntitlement(ctx context.Context, e Entitlement) (uuid.UUID, error) {
	create := tx.Entitlement.Create().SetCreatedAt(tx.now).SetOrganisationID(e.OrganisationID).SetProductID(e.ProductID).
		SetPurpose(e.Purpose).SetScenario(e.Scenario).SetStatus(e.Status).SetStartsAt(e.StartsAt).SetEndsAt(*e.ExpiresAt)
	if e.OrderID != uuid.Nil {
		create.SetOrderID(e.OrderID)
	}
	if e.ProceedingID != uuid.Nil {
		create.SetProceedingID(e.ProceedingID)
	}
	if e.Unit == ordering.QuotaMegabyte {
		create.SetNillableQuotaBytes(e.Quota)
	} else {
		create.SetNillableQuotaCalls(e.Quota)
	}
	row, err := create.Save(ctx)
	if err != nil {
		return uuid.Nil, fmt.Errorf("add an entitlement: %w", err)
	}
	return row.ID, nil
}

// EntitlementByID reads a right that the viewer may see.
func (tx *Tx) EntitlementByID(ctx context.Context, id uuid.UUID) (Entitlement, error) {
	row, err := tx.Entitlement.Get(ctx, id)
	if db.IsNotFound(err) {
		return Entitlement{}, fault.Absent("entitlement")
	}
	if err != nil {
		return Entitlement{}, fmt.Errorf("read an entitlement: %w", err)
	}
	return loadEntitlement(row), nil
}

func loadEntitlement(row *db.Entitlement) Entitlement {
	return Entitlement{
		Entitlement: RuleEntitlement(row), ID: row.ID, OrganisationID: row.OrganisationID, ProductID: row.ProductID, OrderID: orNil(row.OrderID),
		Version: row.Version, Scenario: row.Scenario,
	}
}

// MoveEntitlement saves a right's new status, if nobody changed it since it was read.
func (tx *Tx) MoveEntitlement(ctx context.Context, e Entitlement, to ordering.EntitlementStatus) error {
	return changedOne(tx.Entitlement.Update().Where(entitlement.ID(e.ID), entitlement.Version(e.Version)).SetStatus(to).AddVersion(1).Save(ctx))
}

// EndEntitlementOf takes back the right that an order brought, once its money went back.
func (tx *Tx) EndEntitlementOf(ctx context.Context, orderID uuid.UUID) error {
	err := tx.Entitlement.Update().Where(entitlement.OrderID(orderID), entitlement.StatusNEQ(ordering.EntitlementRevoked)).
		SetStatus(ordering.EntitlementRevoked).AddVersion(1).Exec(ctx)
	if err != nil {
		return fmt.Errorf("take back a right: %w", err)
	}
	return nil
}

// Purchase is an order that was confirmed, with the right that it brought.
type Purchase struct {
	ordering.Purchase
	// RightID and Version are the right's.
	RightID uuid.UUID
	Version int
}

// PurchaseOf reads an order with its right, whoever may see it; false where it brought none. No use of the right is metered any more
// until the transaction ends.
func (tx *Tx) PurchaseOf(ctx context.Context, orderID uuid.UUID) (p Purchase, found bool, err error) {
	if err := tx.Entitlement.Update().Where(entitlement.OrderID(orderID)).AddVersion(1).Exec(ctx); err != nil { // which locks its row
		return Purchase{}, false, fmt.Errorf("hold a right: %w", err)
	}
	return tx.store.purchaseOf(ctx, tx.Client, authorisation.DayOf(tx.now), orderID)
}

// PurchaseOf reads an order with its right, whoever may see it; false where it brought none.
func (s *Store) PurchaseOf(ctx context.Context, orderID uuid.UUID) (p Purchase, found bool, err error) {
	return s.purchaseOf(ctx, s.read, authorisation.DayOf(s.now()), orderID)
}

func (s *Store) purchaseOf(ctx context.Context, c *db.Client, today authorisation.Day, orderID uuid.UUID) (Purchase, bool, error) {
	ctx = AsSystem(ctx)
	row, err := c.Entitlement.Query().Where(entitlement.OrderID(orderID)).WithOrder().WithProduct(func(q *db.ProductQuery) {
		q.Select(product.FieldDelivery)
	}).Only(ctx)
	if db.IsNotFound(err) {
		return Purchase{}, false, nil
	}
	if err != nil {
		return Purchase{}, false, fmt.Errorf("read the right of an order: %w", err)
	}
	o := row.Edges.Order
	p := Purchase{RightID: row.ID, Version: row.Version, Purchase: ordering.Purchase{
		Terms: &o.Terms, TotalFen: pricing.Fen(o.TotalFen), Right: RuleEntitlement(row), IsFile: row.Edges.Product.Delivery == authorisation.DeliveryFile,
	}}
	if o.Terms.Quotation.Quota.Term.Unit == pricing.FloodSeason {
		policies, err := s.policiesOn(ctx, c, today)
		if err != nil {
			return Purchase{}, false, err
		}
		p.Flood = policies.FloodSeason
	}
	return p, true, nil
}

// ShrinkRight saves what stays of a purchase's right, and ends its credentials with it, if nobody changed it since it was read.
func (tx *Tx) ShrinkRight(ctx context.Context, p Purchase, to ordering.Entitlement) error {
	update := tx.Entitlement.Update().Where(entitlement.ID(p.RightID), entitlement.Version(p.Version)).SetEndsAt(*to.ExpiresAt).AddVersion(1)
	if to.Unit == ordering.QuotaMegabyte {
		update.SetNillableQuotaBytes(to.Quota)
	} else {
		update.SetNillableQuotaCalls(to.Quota)
	}
	if err := changedOne(update.Save(ctx)); err != nil {
		return err
	}
	err := tx.Credential.Update().Where(credential.EntitlementID(p.RightID), credential.ExpiresAtGT(*to.ExpiresAt)).SetExpiresAt(*to.ExpiresAt).Exec(ctx)
	if err != nil {
		return fmt.Errorf("end credentials with their right: %w", err)
	}
	return nil
}

// Credential is an access credential as use-cases see it.
type Credential struct {
	ID, EntitlementID uuid.UUID
	PersonID          uuid.UUID
	Name              string
	SecretHash, Hint  string
	Status            ordering.CredentialStatus
	CreatedAt         time.Time
	ExpiresAt         time.Time
	RevokedAt         *time.Time
	IdempotencyKey    string
}

// CredentialByID reads a credential that the viewer may see.
func (tx *Tx) CredentialByID(ctx context.Context, id uuid.UUID) (Credential, error) {
	row, err := tx.Credential.Get(ctx, id)
	if db.IsNotFound(err) {
		return Credential{}, fault.Absent("credential")
	}
	if err != nil {
		return Credential{}, fmt.Errorf("read a credential: %w", err)
	}
	return loadCredential(row), nil
}

// CredentialByKey finds the credential of an entitlement that was made under a key.
func (tx *Tx) CredentialByKey(ctx context.Context, entitlementID uuid.UUID, key string) (c Credential, found bool, err error) {
	row, err := tx.Credential.Query().Where(credential.EntitlementID(entitlementID), credential.IdempotencyKey(key)).Only(ctx)
	if db.IsNotFound(err) {
		return Credential{}, false, nil
	}
	if err != nil {
		return Credential{}, false, fmt.Errorf("look for a credential: %w", err)
	}
	return loadCredential(row), true, nil
}

func loadCredential(row *db.Credential) Credential {
	return Credential{
		ID: row.ID, EntitlementID: row.EntitlementID, PersonID: row.PersonID, Name: row.Name, SecretHash: row.SecretHash, Hint: row.Hint,
		Status: row.Status, CreatedAt: row.CreatedAt, ExpiresAt: row.ExpiresAt, RevokedAt: row.RevokedAt, IdempotencyKey: row.IdempotencyKey,
	}
}

// ActiveCredentials counts the credentials of an entitlement that were not revoked.
func (tx *Tx) ActiveCredentials(ctx context.Context, entitlementID uuid.UUID) (int, error) {
	n, err := tx.Credential.Query().Where(credential.EntitlementID(entitlementID), credential.StatusEQ(ordering.CredentialActive)).Count(ctx)
	if err != nil {
		return 0, fmt.Errorf("count credentials: %w", err)
	}
	return n, nil
}

// AddCredential saves a new credential; IsTaken when its key was used meanwhile.
func (tx *Tx) AddCredential(ctx context.Context, c Credential) (uuid.UUID, error) {
	row, err := tx.Credential.Create().SetCreatedAt(tx.now).SetEntitlementID(c.EntitlementID).SetPersonID(c.PersonID).SetName(c.Name).
		SetSecretHash(c.SecretHash).SetHint(c.Hint).SetStatus(ordering.CredentialActive).SetExpiresAt(c.ExpiresAt).
		SetIdempotencyKey(c.IdempotencyKey).Save(ctx)
	if err != nil {
		return uuid.Nil, fmt.Errorf("add a credential: %w", err)
	}
	return row.ID, nil
}

// RevokeCredential ends a credential, if it was active.
func (tx *Tx) RevokeCredential(ctx context.Context, id uuid.UUID) error {
	return changedOne(tx.Credential.Update().Where(credential.ID(id), credential.StatusEQ(ordering.CredentialActive)).
		SetStatus(ordering.CredentialRevoked).SetRevokedAt(tx.now).Save(ctx))
}
