package market

import (
	"context"
	"encoding/json"
	"fmt"

	"gongshu/data"
	"gongshu/internal/authorisation"
	"gongshu/internal/store"
)

// LoadPolicies gives a market the rows of dated policy and the working-day calendar that this program comes with.
// Rows that are there already stay as they are; it returns how many were added. It is a command's, not a person's.
func (m *Market) LoadPolicies(ctx context.Context) (added int, err error) {
	var rows []store.PolicyRow
	if err := json.Unmarshal(data.Policy, &rows); err != nil {
		return 0, fmt.Errorf("read the built-in policy: %w", err)
	}
	var calendar struct {
		Years map[int]authorisation.CalendarYear `json:"years"`
	}
	if err := json.Unmarshal(data.WorkingDays, &calendar); err != nil {
		return 0, fmt.Errorf("read the built-in calendar: %w", err)
	}
	years, err := store.CalendarRows(calendar.Years, "国务院办公厅节假日安排通知 / State Council notice")
	if err != nil {
		return 0, err
	}
	err = m.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		if added, err = tx.LoadPolicies(ctx, append(rows, years...)); err != nil || added == 0 {
			return err
		}
		return tx.Record(ctx, store.Act{Name: "policyLoad", Kind: "Policy", Change: map[string]any{"added": added}})
	})
	return added, err
}
