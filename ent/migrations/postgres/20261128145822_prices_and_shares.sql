-- modify "allocation_rules" table
ALTER TABLE "allocation_rules" ADD COLUMN "kind" character varying NOT NULL DEFAULT 'FIXED', ADD COLUMN "whole" bigint NOT NULL DEFAULT 0, ADD COLUMN "coalitions" json NULL, ADD COLUMN "effective_from" character varying NOT NULL DEFAULT '', ADD COLUMN "approved_at" timestamptz NULL;
-- a rule that is there was in force since it was agreed; from now on it is approved once, and that is all that ever changes of it
DROP TRIGGER allocation_rules_append_only ON allocation_rules;
UPDATE allocation_rules SET approved_at = created_at, whole = (SELECT sum((part ->> 'weight')::bigint) FROM json_array_elements(parts) part);
CREATE TRIGGER allocation_rules_append_only BEFORE UPDATE OF id, created_at, number, kind, whole, parts, coalitions, effective_from, source_document, product_id, person_id OR DELETE OR TRUNCATE ON allocation_rules FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER allocation_rules_approved_once BEFORE UPDATE OF approved_at ON allocation_rules FOR EACH ROW WHEN (OLD.approved_at IS NOT NULL) EXECUTE FUNCTION refuse_change();
-- drop index "usage_entitlement_id_created_at" from table: "usages"
DROP INDEX "usage_entitlement_id_created_at";
-- drop index "usage_product_id_created_at" from table: "usages"
DROP INDEX "usage_product_id_created_at";
-- modify "usages" table
ALTER TABLE "usages" ALTER COLUMN "credential_id" DROP NOT NULL, ALTER COLUMN "dataset_id" DROP NOT NULL, ADD COLUMN "channel" character varying NOT NULL DEFAULT 'ONLINE', ADD COLUMN "subject" character varying NOT NULL DEFAULT '', ADD COLUMN "quantity" bigint NOT NULL DEFAULT 1, ADD COLUMN "used_at" timestamptz NULL, ADD COLUMN "reverses_id" uuid NULL;
-- what is there was used when the market heard of it
DROP TRIGGER usages_append_only ON usages;
UPDATE usages SET used_at = created_at;
ALTER TABLE "usages" ALTER COLUMN "used_at" SET NOT NULL;
CREATE TRIGGER usages_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON usages FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
-- create index "usages_reverses_id_key" to table: "usages"
CREATE UNIQUE INDEX "usages_reverses_id_key" ON "usages" ("reverses_id");
-- create index "usage_entitlement_id_used_at_id" to table: "usages"
CREATE INDEX "usage_entitlement_id_used_at_id" ON "usages" ("entitlement_id", "used_at", "id");
-- create index "usage_product_id_used_at" to table: "usages"
CREATE INDEX "usage_product_id_used_at" ON "usages" ("product_id", "used_at");
-- modify "organisations" table
ALTER TABLE "organisations" ADD COLUMN "user_class" character varying NOT NULL DEFAULT '', ADD COLUMN "payee" json NULL;
-- create "bills" table
CREATE TABLE "bills" ("id" uuid NOT NULL, "created_at" timestamptz NOT NULL, "version" bigint NOT NULL DEFAULT 1, "month" character varying NOT NULL, "status" character varying NOT NULL, "lines" json NOT NULL, "adjustments" json NOT NULL, "rated_fen" bigint NOT NULL, "brought_fen" bigint NOT NULL, "carried_fen" bigint NOT NULL, "net_fen" bigint NOT NULL, "vat_fen" bigint NOT NULL, "total_fen" bigint NOT NULL, "due_on" character varying NOT NULL, "heard_until" timestamptz NOT NULL, "paid_at" timestamptz NULL, "order_id" uuid NOT NULL, "buyer_id" uuid NOT NULL, "product_id" uuid NOT NULL, PRIMARY KEY ("id"), CONSTRAINT "bills_orders_order" FOREIGN KEY ("order_id") REFERENCES "orders" ("id") ON DELETE RESTRICT, CONSTRAINT "bills_organisations_buyer" FOREIGN KEY ("buyer_id") REFERENCES "organisations" ("id") ON DELETE RESTRICT, CONSTRAINT "bills_products_product" FOREIGN KEY ("product_id") REFERENCES "products" ("id") ON DELETE RESTRICT, CONSTRAINT "bill_amounts_add_up" CHECK (net_fen >= 0 AND vat_fen >= 0 AND total_fen = net_fen + vat_fen AND brought_fen <= 0 AND carried_fen <= 0));
-- create index "bill_order_id_month" to table: "bills"
CREATE UNIQUE INDEX "bill_order_id_month" ON "bills" ("order_id", "month");
-- create index "bill_buyer_id_id" to table: "bills"
CREATE INDEX "bill_buyer_id_id" ON "bills" ("buyer_id", "id");
-- create index "bill_product_id_month" to table: "bills"
CREATE INDEX "bill_product_id_month" ON "bills" ("product_id", "month");
-- create index "bill_status_due_on_id" to table: "bills"
CREATE INDEX "bill_status_due_on_id" ON "bills" ("status", "due_on", "id");
-- create "discrepancies" table
CREATE TABLE "discrepancies" ("id" uuid NOT NULL, "created_at" timestamptz NOT NULL, "version" bigint NOT NULL DEFAULT 1, "invariant" character varying NOT NULL, "subject" character varying NOT NULL, "reason" character varying NOT NULL DEFAULT '', "seen_at" timestamptz NOT NULL, "resolved_at" timestamptz NULL, "owner_id" uuid NULL, PRIMARY KEY ("id"), CONSTRAINT "discrepancies_persons_owner" FOREIGN KEY ("owner_id") REFERENCES "persons" ("id") ON DELETE RESTRICT);
-- create index "discrepancy_invariant_subject" to table: "discrepancies"
CREATE UNIQUE INDEX "discrepancy_invariant_subject" ON "discrepancies" ("invariant", "subject");
-- create index "discrepancy_resolved_at_id" to table: "discrepancies"
CREATE INDEX "discrepancy_resolved_at_id" ON "discrepancies" ("resolved_at", "id");
-- modify "payments" table
ALTER TABLE "payments" ADD COLUMN "bill_id" uuid NULL, ADD CONSTRAINT "payments_bills_bill" FOREIGN KEY ("bill_id") REFERENCES "bills" ("id") ON DELETE RESTRICT;
-- create index "payment_bill_id" to table: "payments"
CREATE INDEX "payment_bill_id" ON "payments" ("bill_id");
-- create "refunds" table
CREATE TABLE "refunds" ("id" uuid NOT NULL, "created_at" timestamptz NOT NULL, "version" bigint NOT NULL DEFAULT 1, "amount_fen" bigint NOT NULL, "status" character varying NOT NULL, "reason" character varying NOT NULL, "reference" character varying NOT NULL DEFAULT '', "idempotency_key" character varying NOT NULL, "paid_at" timestamptz NULL, "payment_id" uuid NOT NULL, "order_id" uuid NOT NULL, "person_id" uuid NOT NULL, PRIMARY KEY ("id"), CONSTRAINT "refunds_payments_payment" FOREIGN KEY ("payment_id") REFERENCES "payments" ("id") ON DELETE RESTRICT, CONSTRAINT "refunds_orders_order" FOREIGN KEY ("order_id") REFERENCES "orders" ("id") ON DELETE RESTRICT, CONSTRAINT "refunds_persons_person" FOREIGN KEY ("person_id") REFERENCES "persons" ("id") ON DELETE RESTRICT, CONSTRAINT "refund_amount_positive" CHECK (amount_fen > 0));
-- create index "refund_order_id_idempotency_key" to table: "refunds"
CREATE UNIQUE INDEX "refund_order_id_idempotency_key" ON "refunds" ("order_id", "idempotency_key");
-- create index "refund_payment_id" to table: "refunds"
CREATE INDEX "refund_payment_id" ON "refunds" ("payment_id");
-- create index "refund_status_id" to table: "refunds"
CREATE INDEX "refund_status_id" ON "refunds" ("status", "id");
-- create "payout_batches" table
CREATE TABLE "payout_batches" ("id" uuid NOT NULL, "created_at" timestamptz NOT NULL, "version" bigint NOT NULL DEFAULT 1, "month" character varying NOT NULL, "status" character varying NOT NULL, "lines" json NOT NULL, "total_fen" bigint NOT NULL, "idempotency_key" character varying NOT NULL, "request_hash" character varying NOT NULL, "approved_at" timestamptz NULL, "exported_at" timestamptz NULL, "organisation_id" uuid NOT NULL, "person_id" uuid NOT NULL, PRIMARY KEY ("id"), CONSTRAINT "payout_batches_organisations_organisation" FOREIGN KEY ("organisation_id") REFERENCES "organisations" ("id") ON DELETE RESTRICT, CONSTRAINT "payout_batches_persons_person" FOREIGN KEY ("person_id") REFERENCES "persons" ("id") ON DELETE RESTRICT);
-- create index "payoutbatch_organisation_id_idempotency_key" to table: "payout_batches"
CREATE UNIQUE INDEX "payoutbatch_organisation_id_idempotency_key" ON "payout_batches" ("organisation_id", "idempotency_key");
-- create index "payoutbatch_status_id" to table: "payout_batches"
CREATE INDEX "payoutbatch_status_id" ON "payout_batches" ("status", "id");
-- modify "entries" table
ALTER TABLE "entries" ALTER COLUMN "order_id" DROP NOT NULL, ALTER COLUMN "payment_id" DROP NOT NULL, ADD COLUMN "kind" character varying NOT NULL DEFAULT 'PAYMENT', ADD COLUMN "refund_id" uuid NULL, ADD COLUMN "payout_batch_id" uuid NULL, ADD CONSTRAINT "entries_refunds_refund" FOREIGN KEY ("refund_id") REFERENCES "refunds" ("id") ON DELETE RESTRICT, ADD CONSTRAINT "entries_payout_batches_payout_batch" FOREIGN KEY ("payout_batch_id") REFERENCES "payout_batches" ("id") ON DELETE RESTRICT;
-- create index "entry_payout_batch_id" to table: "entries"
CREATE INDEX "entry_payout_batch_id" ON "entries" ("payout_batch_id");
-- create "permitted_revenues" table
CREATE TABLE "permitted_revenues" ("id" uuid NOT NULL, "created_at" timestamptz NOT NULL, "version" bigint NOT NULL DEFAULT 1, "status" character varying NOT NULL, "year" bigint NOT NULL, "cycle_from" bigint NOT NULL, "cycle_years" bigint NOT NULL, "survey" json NOT NULL, "cost_fen" bigint NOT NULL, "profit_fen" bigint NOT NULL, "tax_fen" bigint NOT NULL, "deducted_fen" bigint NOT NULL DEFAULT 0, "revenue_fen" bigint NOT NULL, "source_document" character varying NOT NULL, "idempotency_key" character varying NOT NULL, "request_hash" character varying NOT NULL, "approved_at" timestamptz NULL, "operator_id" uuid NOT NULL, "person_id" uuid NOT NULL, PRIMARY KEY ("id"), CONSTRAINT "permitted_revenues_organisations_operator" FOREIGN KEY ("operator_id") REFERENCES "organisations" ("id") ON DELETE RESTRICT, CONSTRAINT "permitted_revenues_persons_person" FOREIGN KEY ("person_id") REFERENCES "persons" ("id") ON DELETE RESTRICT, CONSTRAINT "permitted_revenue_adds_up" CHECK (revenue_fen = cost_fen + profit_fen + tax_fen AND deducted_fen >= 0 AND deducted_fen <= revenue_fen));
-- create index "permittedrevenue_operator_id_idempotency_key" to table: "permitted_revenues"
CREATE UNIQUE INDEX "permittedrevenue_operator_id_idempotency_key" ON "permitted_revenues" ("operator_id", "idempotency_key");
-- create index "permittedrevenue_operator_id_year_id" to table: "permitted_revenues"
CREATE INDEX "permittedrevenue_operator_id_year_id" ON "permitted_revenues" ("operator_id", "year", "id");
-- create index "permittedrevenue_status_id" to table: "permitted_revenues"
CREATE INDEX "permittedrevenue_status_id" ON "permitted_revenues" ("status", "id");
-- modify "price_caps" table
DROP INDEX "pricecap_product_id_mode_period_months_effective_from";
DROP TRIGGER price_caps_append_only ON price_caps;
ALTER TABLE "price_caps" RENAME COLUMN "period_months" TO "period_count";
ALTER TABLE "price_caps" ADD COLUMN "period_unit" character varying NOT NULL DEFAULT '';
UPDATE price_caps SET period_unit = 'MONTH' WHERE period_count > 0;
CREATE TRIGGER price_caps_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON price_caps FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE "price_caps" ADD COLUMN "forecast" bigint NOT NULL DEFAULT 0, ADD COLUMN "permitted_revenue_id" uuid NULL, ADD CONSTRAINT "price_caps_permitted_revenues_permitted_revenue" FOREIGN KEY ("permitted_revenue_id") REFERENCES "permitted_revenues" ("id") ON DELETE RESTRICT;
-- create index "pricecap_product_id_mode_perio_fd80cddb223dae9404bebddff197dad3" to table: "price_caps"
CREATE UNIQUE INDEX "pricecap_product_id_mode_perio_fd80cddb223dae9404bebddff197dad3" ON "price_caps" ("product_id", "mode", "period_unit", "period_count", "effective_from");
-- create index "pricecap_permitted_revenue_id" to table: "price_caps"
CREATE INDEX "pricecap_permitted_revenue_id" ON "price_caps" ("permitted_revenue_id");
-- create index "pricecap_effective_from_id" to table: "price_caps"
CREATE INDEX "pricecap_effective_from_id" ON "price_caps" ("effective_from", "id");
-- create "statements" table
CREATE TABLE "statements" ("id" uuid NOT NULL, "created_at" timestamptz NOT NULL, "version" bigint NOT NULL DEFAULT 1, "month" character varying NOT NULL, "status" character varying NOT NULL, "opening_fen" bigint NOT NULL, "earned_fen" bigint NOT NULL, "reversed_fen" bigint NOT NULL, "paid_fen" bigint NOT NULL, "closing_fen" bigint NOT NULL, "lines" json NOT NULL, "objection" character varying NOT NULL DEFAULT '', "objected_at" timestamptz NULL, "answer" character varying NOT NULL DEFAULT '', "final_at" timestamptz NULL, "contributor_id" uuid NOT NULL, "objector_id" uuid NULL, PRIMARY KEY ("id"), CONSTRAINT "statements_organisations_contributor" FOREIGN KEY ("contributor_id") REFERENCES "organisations" ("id") ON DELETE RESTRICT, CONSTRAINT "statements_persons_objector" FOREIGN KEY ("objector_id") REFERENCES "persons" ("id") ON DELETE RESTRICT, CONSTRAINT "statement_adds_up" CHECK (closing_fen = opening_fen + earned_fen - reversed_fen - paid_fen));
-- create index "statement_contributor_id_month" to table: "statements"
CREATE UNIQUE INDEX "statement_contributor_id_month" ON "statements" ("contributor_id", "month");
-- create index "statement_month_contributor_id" to table: "statements"
CREATE INDEX "statement_month_contributor_id" ON "statements" ("month", "contributor_id");
-- create index "statement_status_month" to table: "statements"
CREATE INDEX "statement_status_month" ON "statements" ("status", "month");
