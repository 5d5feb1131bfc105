package scale

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"gongshu/internal/store"
)

// tables are those that are filled, each after what it refers to. Columns that are not named keep their default.
var tables = []struct{ name, columns string }{
	{"organisations", "id created_at name name_en credit_code legal_form status synthetic"},
	{"parties", "id created_at organisation_id kind"},
	{"persons", "id created_at email display_name password_hash"},
	{"memberships", "id created_at person_id organisation_id roles"},
	{"accounts", "id created_at code kind organisation_id"},
	{"documents", "id created_at name media_type size sha256 blob_key organisation_id uploader_id"},
	{"domains", "id created_at name name_en theme_code industry_authority_id"},
	{"resource_batches", "id created_at title source_document agency_id"},
	{"resources", "id created_at version name name_en update_cycle update_frequency provision status registered_by published_at quality source_unit_id domain_id batch_id"},
	{"resource_versions", "id created_at number content source_document resource_id"},
	{"data_items", "id created_at position name name_en masked grade linkage sensitivity protections resource_id"},
	{"agreements", "id created_at version number mode status clauses publicised_on starts_on ends_on signed_at agency_id operator_id"},
	{"grants", "id created_at version status purposes starts_on ends_on decided_at agreement_id operator_id"},
	{"grant_items", "id created_at grant_id item_id"},
	{"products", "id created_at version name name_en description description_en status delivery update_frequency aggregate dictionary sample social_inputs identifier registration_code registration_document_id registered_on registration_expires_on reviewed_at listed_at first_listed_at dataset_id synthetic quality operator_id domain_id"},
	{"product_inputs", "id created_at product_id item_id resource_id"},
	{"plans", "id created_at position name name_en mode settlement tariff term_months trial product_id"},
	{"price_caps", "id created_at mode rate period_unit period_count effective_from source_document reason product_id authority_id person_id"},
	{"allocation_rules", "id created_at number whole parts approved_at source_document product_id person_id"},
	{"datasets", "id created_at number accepted row_count bytes sha256 blob_key columns egress product_id uploader_id"},
	{"proceedings", "id created_at version kind state subject_id subject_name application evidence due_on ended_at idempotency_key request_hash applicant_id submitter_id"},
	{"requirements", "id created_at step open proceeding_id organisation_id"},
	{"decisions", "id created_at step outcome reason evidence proceeding_id organisation_id person_id"},
	{"orders", "id created_at version status purpose quantity net_fen vat_fen total_fen terms idempotency_key request_hash paid_at cancelled_at buyer_id product_id plan_id person_id"},
	{"payments", "id created_at version provider state reference amount_fen idempotency_key settled_at order_id"},
	{"entitlements", "id created_at purpose scenario status quota_calls quota_bytes used_calls used_bytes starts_at ends_at organisation_id product_id order_id proceeding_id"},
	{"credentials", "id created_at name secret_hash hint status expires_at idempotency_key entitlement_id person_id"},
	{"usages", "id created_at used_at idempotency_key request_hash kind purpose row_count bytes entitlement_id credential_id product_id dataset_id"},
	{"downloads", "id created_at token_hash purpose expires_at usage_id entitlement_id credential_id dataset_id"},
	{"entries", "id created_at key order_id payment_id"},
	{"postings", "id created_at position amount_fen channel basis entry_id from_account_id to_account_id contributor_id product_id allocation_rule_id"},
}

var columnsOf = func() map[string][]string {
	all := map[string][]string{}
	for _, t := range tables {
		all[t.name] = strings.Fields(t.columns)
	}
	return all
}()

// batch holds rows until they are written together.
type batch struct {
	rows map[string][][]any
	held int
}

func (b *batch) add(table string, values ...any) {
	if len(values) != len(columnsOf[table]) {
		panic(fmt.Sprintf("scale: %d values for the %d columns of %s", len(values), len(columnsOf[table]), table)) // ours to get right
	}
	if b.rows == nil {
		b.rows = map[string][][]any{}
	}
	b.rows[table] = append(b.rows[table], values)
	b.held++
}

// write writes what is held and lets go of it.
func (b *batch) write(ctx context.Context, to *store.Bulk) error {
	for _, t := range tables {
		if err := to.Insert(ctx, t.name, columnsOf[t.name], b.rows[t.name]); err != nil {
			return err
		}
		b.rows[t.name] = b.rows[t.name][:0]
	}
	b.held = 0
	return nil
}

// jsonOf is a value of a JSON column.
func jsonOf(v any) json.RawMessage {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err) // values of our own types: always encodable
	}
	return raw
}
