package store

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"gongshu/ent/db"
	"gongshu/ent/db/paymentevent"
)

// PaymentEvent is what a provider told of itself.
type PaymentEvent struct {
	ID uuid.UUID
	// Event is the provider's own number of it, Kind what it is about.
	Provider, Event, Kind string
	// PaymentKey is ours, empty where it was not said; Refers is the provider's own number then.
	PaymentKey, Refers string
	Applied            bool
}

// KeepPaymentEvent keeps what was told, once; IsTaken where somebody keeps the same right now.
func (tx *Tx) KeepPaymentEvent(ctx context.Context, e PaymentEvent) (id uuid.UUID, isNew bool, err error) {
	before, err := tx.PaymentEvent.Query().Where(paymentevent.Provider(e.Provider), paymentevent.Event(e.Event)).Only(ctx)
	if err == nil {
		return before.ID, false, nil
	}
	if !db.IsNotFound(err) {
		return uuid.Nil, false, fmt.Errorf("look for what a provider told: %w", err)
	}
	row, err := tx.PaymentEvent.Create().SetCreatedAt(tx.now).SetProvider(e.Provider).SetEvent(e.Event).SetKind(e.Kind).SetPaymentKey(e.PaymentKey).SetRefers(e.Refers).Save(ctx)
	if err != nil {
		return uuid.Nil, false, fmt.Errorf("keep what a provider told: %w", err)
	}
	return row.ID, true, nil
}

// PaymentEventByID reads what was told.
func (tx *Tx) PaymentEventByID(ctx context.Context, id uuid.UUID) (PaymentEvent, error) {
	row, err := tx.PaymentEvent.Get(ctx, id)
	if err != nil {
		return PaymentEvent{}, fmt.Errorf("read what a provider told: %w", err)
	}
	return PaymentEvent{
		ID: row.ID, Provider: row.Provider, Event: row.Event, Kind: row.Kind, PaymentKey: row.PaymentKey, Refers: row.Refers, Applied: row.AppliedAt != nil,
	}, nil
}

// EndPaymentEvent saves that what was told was looked at, and what came of it.
func (tx *Tx) EndPaymentEvent(ctx context.Context, id uuid.UUID, outcome string) error {
	if err := tx.PaymentEvent.UpdateOneID(id).SetAppliedAt(tx.now).SetOutcome(outcome).Exec(ctx); err != nil {
		return fmt.Errorf("end what a provider told: %w", err)
	}
	return nil
}
