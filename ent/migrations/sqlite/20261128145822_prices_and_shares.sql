-- disable the enforcement of foreign-keys constraints
PRAGMA foreign_keys = off;
-- create "new_allocation_rules" table
CREATE TABLE `new_allocation_rules` (`id` uuid NOT NULL, `created_at` datetime NOT NULL, `number` integer NOT NULL, `kind` text NOT NULL DEFAULT ('FIXED'), `whole` integer NOT NULL DEFAULT (0), `parts` json NOT NULL, `coalitions` json NULL, `effective_from` text NOT NULL DEFAULT (''), `source_document` text NOT NULL, `approved_at` datetime NULL, `product_id` uuid NOT NULL, `person_id` uuid NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `allocation_rules_products_product` FOREIGN KEY (`product_id`) REFERENCES `products` (`id`) ON DELETE RESTRICT, CONSTRAINT `allocation_rules_persons_person` FOREIGN KEY (`person_id`) REFERENCES `persons` (`id`) ON DELETE RESTRICT);
-- copy rows from old table "allocation_rules" to new temporary table "new_allocation_rules"
-- a rule that is there was in force since it was agreed
INSERT INTO `new_allocation_rules` (`id`, `created_at`, `number`, `whole`, `parts`, `source_document`, `approved_at`, `product_id`, `person_id`) SELECT `id`, `created_at`, `number`, (SELECT sum(json_extract(`value`, '$.weight')) FROM json_each(`parts`)), `parts`, `source_document`, `created_at`, `product_id`, `person_id` FROM `allocation_rules`;
-- drop "allocation_rules" table after copying rows
DROP TABLE `allocation_rules`;
-- rename temporary table "new_allocation_rules" to "allocation_rules"
ALTER TABLE `new_allocation_rules` RENAME TO `allocation_rules`;
-- create index "allocationrule_product_id_number" to table: "allocation_rules"
CREATE UNIQUE INDEX `allocationrule_product_id_number` ON `allocation_rules` (`product_id`, `number`);
-- create "new_entries" table
CREATE TABLE `new_entries` (`id` uuid NOT NULL, `created_at` datetime NOT NULL, `kind` text NOT NULL DEFAULT ('PAYMENT'), `key` text NOT NULL, `order_id` uuid NULL, `payment_id` uuid NULL, `refund_id` uuid NULL, `payout_batch_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `entries_orders_order` FOREIGN KEY (`order_id`) REFERENCES `orders` (`id`) ON DELETE RESTRICT, CONSTRAINT `entries_payments_payment` FOREIGN KEY (`payment_id`) REFERENCES `payments` (`id`) ON DELETE RESTRICT, CONSTRAINT `entries_refunds_refund` FOREIGN KEY (`refund_id`) REFERENCES `refunds` (`id`) ON DELETE RESTRICT, CONSTRAINT `entries_payout_batches_payout_batch` FOREIGN KEY (`payout_batch_id`) REFERENCES `payout_batches` (`id`) ON DELETE RESTRICT);
-- copy rows from old table "entries" to new temporary table "new_entries"
INSERT INTO `new_entries` (`id`, `created_at`, `key`, `order_id`, `payment_id`) SELECT `id`, `created_at`, `key`, `order_id`, `payment_id` FROM `entries`;
-- drop "entries" table after copying rows
DROP TABLE `entries`;
-- rename temporary table "new_entries" to "entries"
ALTER TABLE `new_entries` RENAME TO `entries`;
-- create index "entries_key_key" to table: "entries"
CREATE UNIQUE INDEX `entries_key_key` ON `entries` (`key`);
-- create index "entry_order_id" to table: "entries"
CREATE INDEX `entry_order_id` ON `entries` (`order_id`);
-- create index "entry_payout_batch_id" to table: "entries"
CREATE INDEX `entry_payout_batch_id` ON `entries` (`payout_batch_id`);
-- create "new_organisations" table
CREATE TABLE `new_organisations` (`id` uuid NOT NULL, `created_at` datetime NOT NULL, `version` integer NOT NULL DEFAULT (1), `name` text NOT NULL, `name_en` text NOT NULL DEFAULT (''), `credit_code` text NULL, `legal_form` text NOT NULL, `status` text NOT NULL, `user_class` text NOT NULL DEFAULT (''), `payee` json NULL, `synthetic` bool NOT NULL DEFAULT (false), PRIMARY KEY (`id`));
-- copy rows from old table "organisations" to new temporary table "new_organisations"
INSERT INTO `new_organisations` (`id`, `created_at`, `version`, `name`, `name_en`, `credit_code`, `legal_form`, `status`, `synthetic`) SELECT `id`, `created_at`, `version`, `name`, `name_en`, `credit_code`, `legal_form`, `status`, `synthetic` FROM `organisations`;
-- drop "organisations" table after copying rows
DROP TABLE `organisations`;
-- rename temporary table "new_organisations" to "organisations"
ALTER TABLE `new_organisations` RENAME TO `organisations`;
-- create index "organisations_credit_code_key" to table: "organisations"
CREATE UNIQUE INDEX `organisations_credit_code_key` ON `organisations` (`credit_code`);
-- create index "organisation_name" to table: "organisations"
CREATE INDEX `organisation_name` ON `organisations` (`name`);
-- create index "organisation_status_id" to table: "organisations"
CREATE INDEX `organisation_status_id` ON `organisations` (`status`, `id`);
-- create "new_payments" table
CREATE TABLE `new_payments` (`id` uuid NOT NULL, `created_at` datetime NOT NULL, `version` integer NOT NULL DEFAULT (1), `provider` text NOT NULL, `state` text NOT NULL, `reference` text NOT NULL DEFAULT (''), `amount_fen` integer NOT NULL, `idempotency_key` text NOT NULL, `settled_at` datetime NULL, `order_id` uuid NOT NULL, `bill_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `payments_orders_order` FOREIGN KEY (`order_id`) REFERENCES `orders` (`id`) ON DELETE RESTRICT, CONSTRAINT `payments_bills_bill` FOREIGN KEY (`bill_id`) REFERENCES `bills` (`id`) ON DELETE RESTRICT);
-- copy rows from old table "payments" to new temporary table "new_payments"
INSERT INTO `new_payments` (`id`, `created_at`, `version`, `provider`, `state`, `reference`, `amount_fen`, `idempotency_key`, `settled_at`, `order_id`) SELECT `id`, `created_at`, `version`, `provider`, `state`, `reference`, `amount_fen`, `idempotency_key`, `settled_at`, `order_id` FROM `payments`;
-- drop "payments" table after copying rows
DROP TABLE `payments`;
-- rename temporary table "new_payments" to "payments"
ALTER TABLE `new_payments` RENAME TO `payments`;
-- create index "payment_order_id_idempotency_key" to table: "payments"
CREATE UNIQUE INDEX `payment_order_id_idempotency_key` ON `payments` (`order_id`, `idempotency_key`);
-- create index "payment_bill_id" to table: "payments"
CREATE INDEX `payment_bill_id` ON `payments` (`bill_id`);
-- create index "payment_state_id" to table: "payments"
CREATE INDEX `payment_state_id` ON `payments` (`state`, `id`);
-- create "new_price_caps" table
CREATE TABLE `new_price_caps` (`id` uuid NOT NULL, `created_at` datetime NOT NULL, `mode` text NOT NULL, `rate` text NOT NULL, `period_unit` text NOT NULL DEFAULT (''), `period_count` integer NOT NULL DEFAULT (0), `forecast` integer NOT NULL DEFAULT (0), `effective_from` text NOT NULL, `source_document` text NOT NULL, `reason` text NOT NULL, `product_id` uuid NOT NULL, `authority_id` uuid NOT NULL, `person_id` uuid NOT NULL, `permitted_revenue_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `price_caps_products_product` FOREIGN KEY (`product_id`) REFERENCES `products` (`id`) ON DELETE RESTRICT, CONSTRAINT `price_caps_organisations_authority` FOREIGN KEY (`authority_id`) REFERENCES `organisations` (`id`) ON DELETE RESTRICT, CONSTRAINT `price_caps_persons_person` FOREIGN KEY (`person_id`) REFERENCES `persons` (`id`) ON DELETE RESTRICT, CONSTRAINT `price_caps_permitted_revenues_permitted_revenue` FOREIGN KEY (`permitted_revenue_id`) REFERENCES `permitted_revenues` (`id`) ON DELETE RESTRICT);
-- copy rows from old table "price_caps" to new temporary table "new_price_caps"
INSERT INTO `new_price_caps` (`id`, `created_at`, `mode`, `rate`, `period_unit`, `period_count`, `effective_from`, `source_document`, `reason`, `product_id`, `authority_id`, `person_id`) SELECT `id`, `created_at`, `mode`, `rate`, CASE WHEN `period_months` > 0 THEN 'MONTH' ELSE '' END, `period_months`, `effective_from`, `source_document`, `reason`, `product_id`, `authority_id`, `person_id` FROM `price_caps`;
-- drop "price_caps" table after copying rows
DROP TABLE `price_caps`;
-- rename temporary table "new_price_caps" to "price_caps"
ALTER TABLE `new_price_caps` RENAME TO `price_caps`;
-- create index "pricecap_product_id_mode_period_unit_period_count_effective_from" to table: "price_caps"
CREATE UNIQUE INDEX `pricecap_product_id_mode_period_unit_period_count_effective_from` ON `price_caps` (`product_id`, `mode`, `period_unit`, `period_count`, `effective_from`);
-- create index "pricecap_permitted_revenue_id" to table: "price_caps"
CREATE INDEX `pricecap_permitted_revenue_id` ON `price_caps` (`permitted_revenue_id`);
-- create index "pricecap_effective_from_id" to table: "price_caps"
CREATE INDEX `pricecap_effective_from_id` ON `price_caps` (`effective_from`, `id`);
-- create "new_usages" table
CREATE TABLE `new_usages` (`id` uuid NOT NULL, `created_at` datetime NOT NULL, `idempotency_key` text NOT NULL, `request_hash` text NOT NULL, `kind` text NOT NULL, `purpose` text NOT NULL, `channel` text NOT NULL DEFAULT ('ONLINE'), `subject` text NOT NULL DEFAULT (''), `quantity` integer NOT NULL DEFAULT (1), `row_count` integer NOT NULL, `bytes` integer NOT NULL, `used_at` datetime NOT NULL, `reverses_id` uuid NULL, `entitlement_id` uuid NOT NULL, `credential_id` uuid NULL, `product_id` uuid NOT NULL, `dataset_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `usages_entitlements_entitlement` FOREIGN KEY (`entitlement_id`) REFERENCES `entitlements` (`id`) ON DELETE RESTRICT, CONSTRAINT `usages_credentials_credential` FOREIGN KEY (`credential_id`) REFERENCES `credentials` (`id`) ON DELETE RESTRICT, CONSTRAINT `usages_products_product` FOREIGN KEY (`product_id`) REFERENCES `products` (`id`) ON DELETE RESTRICT, CONSTRAINT `usages_datasets_dataset` FOREIGN KEY (`dataset_id`) REFERENCES `datasets` (`id`) ON DELETE RESTRICT);
-- copy rows from old table "usages" to new temporary table "new_usages"
INSERT INTO `new_usages` (`id`, `created_at`, `used_at`, `idempotency_key`, `request_hash`, `kind`, `purpose`, `row_count`, `bytes`, `entitlement_id`, `credential_id`, `product_id`, `dataset_id`) SELECT `id`, `created_at`, `created_at`, `idempotency_key`, `request_hash`, `kind`, `purpose`, `row_count`, `bytes`, `entitlement_id`, `credential_id`, `product_id`, `dataset_id` FROM `usages`;
-- drop "usages" table after copying rows
DROP TABLE `usages`;
-- rename temporary table "new_usages" to "usages"
ALTER TABLE `new_usages` RENAME TO `usages`;
-- create index "usages_reverses_id_key" to table: "usages"
CREATE UNIQUE INDEX `usages_reverses_id_key` ON `usages` (`reverses_id`);
-- create index "usage_entitlement_id_idempotency_key" to table: "usages"
CREATE UNIQUE INDEX `usage_entitlement_id_idempotency_key` ON `usages` (`entitlement_id`, `idempotency_key`);
-- create index "usage_entitlement_id_id" to table: "usages"
CREATE INDEX `usage_entitlement_id_id` ON `usages` (`entitlement_id`, `id`);
-- create index "usage_entitlement_id_used_at_id" to table: "usages"
CREATE INDEX `usage_entitlement_id_used_at_id` ON `usages` (`entitlement_id`, `used_at`, `id`);
-- create index "usage_product_id_used_at" to table: "usages"
CREATE INDEX `usage_product_id_used_at` ON `usages` (`product_id`, `used_at`);
-- create "bills" table
CREATE TABLE `bills` (`id` uuid NOT NULL, `created_at` datetime NOT NULL, `version` integer NOT NULL DEFAULT (1), `month` text NOT NULL, `status` text NOT NULL, `lines` json NOT NULL, `adjustments` json NOT NULL, `rated_fen` integer NOT NULL, `brought_fen` integer NOT NULL, `carried_fen` integer NOT NULL, `net_fen` integer NOT NULL, `vat_fen` integer NOT NULL, `total_fen` integer NOT NULL, `due_on` text NOT NULL, `heard_until` datetime NOT NULL, `paid_at` datetime NULL, `order_id` uuid NOT NULL, `buyer_id` uuid NOT NULL, `product_id` uuid NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `bills_orders_order` FOREIGN KEY (`order_id`) REFERENCES `orders` (`id`) ON DELETE RESTRICT, CONSTRAINT `bills_organisations_buyer` FOREIGN KEY (`buyer_id`) REFERENCES `organisations` (`id`) ON DELETE RESTRICT, CONSTRAINT `bills_products_product` FOREIGN KEY (`product_id`) REFERENCES `products` (`id`) ON DELETE RESTRICT, CONSTRAINT `bill_amounts_add_up` CHECK (net_fen >= 0 AND vat_fen >= 0 AND total_fen = net_fen + vat_fen AND brought_fen <= 0 AND carried_fen <= 0));
-- create index "bill_order_id_month" to table: "bills"
CREATE UNIQUE INDEX `bill_order_id_month` ON `bills` (`order_id`, `month`);
-- create index "bill_buyer_id_id" to table: "bills"
CREATE INDEX `bill_buyer_id_id` ON `bills` (`buyer_id`, `id`);
-- create index "bill_product_id_month" to table: "bills"
CREATE INDEX `bill_product_id_month` ON `bills` (`product_id`, `month`);
-- create index "bill_status_due_on_id" to table: "bills"
CREATE INDEX `bill_status_due_on_id` ON `bills` (`status`, `due_on`, `id`);
-- create "discrepancies" table
CREATE TABLE `discrepancies` (`id` uuid NOT NULL, `created_at` datetime NOT NULL, `version` integer NOT NULL DEFAULT (1), `invariant` text NOT NULL, `subject` text NOT NULL, `reason` text NOT NULL DEFAULT (''), `seen_at` datetime NOT NULL, `resolved_at` datetime NULL, `owner_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `discrepancies_persons_owner` FOREIGN KEY (`owner_id`) REFERENCES `persons` (`id`) ON DELETE RESTRICT);
-- create index "discrepancy_invariant_subject" to table: "discrepancies"
CREATE UNIQUE INDEX `discrepancy_invariant_subject` ON `discrepancies` (`invariant`, `subject`);
-- create index "discrepancy_resolved_at_id" to table: "discrepancies"
CREATE INDEX `discrepancy_resolved_at_id` ON `discrepancies` (`resolved_at`, `id`);
-- create "payout_batches" table
CREATE TABLE `payout_batches` (`id` uuid NOT NULL, `created_at` datetime NOT NULL, `version` integer NOT NULL DEFAULT (1), `month` text NOT NULL, `status` text NOT NULL, `lines` json NOT NULL, `total_fen` integer NOT NULL, `idempotency_key` text NOT NULL, `request_hash` text NOT NULL, `approved_at` datetime NULL, `exported_at` datetime NULL, `organisation_id` uuid NOT NULL, `person_id` uuid NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `payout_batches_organisations_organisation` FOREIGN KEY (`organisation_id`) REFERENCES `organisations` (`id`) ON DELETE RESTRICT, CONSTRAINT `payout_batches_persons_person` FOREIGN KEY (`person_id`) REFERENCES `persons` (`id`) ON DELETE RESTRICT);
-- create index "payoutbatch_organisation_id_idempotency_key" to table: "payout_batches"
CREATE UNIQUE INDEX `payoutbatch_organisation_id_idempotency_key` ON `payout_batches` (`organisation_id`, `idempotency_key`);
-- create index "payoutbatch_status_id" to table: "payout_batches"
CREATE INDEX `payoutbatch_status_id` ON `payout_batches` (`status`, `id`);
-- create "permitted_revenues" table
CREATE TABLE `permitted_revenues` (`id` uuid NOT NULL, `created_at` datetime NOT NULL, `version` integer NOT NULL DEFAULT (1), `status` text NOT NULL, `year` integer NOT NULL, `cycle_from` integer NOT NULL, `cycle_years` integer NOT NULL, `survey` json NOT NULL, `cost_fen` integer NOT NULL, `profit_fen` integer NOT NULL, `tax_fen` integer NOT NULL, `deducted_fen` integer NOT NULL DEFAULT (0), `revenue_fen` integer NOT NULL, `source_document` text NOT NULL, `idempotency_key` text NOT NULL, `request_hash` text NOT NULL, `approved_at` datetime NULL, `operator_id` uuid NOT NULL, `person_id` uuid NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `permitted_revenues_organisations_operator` FOREIGN KEY (`operator_id`) REFERENCES `organisations` (`id`) ON DELETE RESTRICT, CONSTRAINT `permitted_revenues_persons_person` FOREIGN KEY (`person_id`) REFERENCES `persons` (`id`) ON DELETE RESTRICT, CONSTRAINT `permitted_revenue_adds_up` CHECK (revenue_fen = cost_fen + profit_fen + tax_fen AND deducted_fen >= 0 AND deducted_fen <= revenue_fen));
-- create index "permittedrevenue_operator_id_idempotency_key" to table: "permitted_revenues"
CREATE UNIQUE INDEX `permittedrevenue_operator_id_idempotency_key` ON `permitted_revenues` (`operator_id`, `idempotency_key`);
-- create index "permittedrevenue_operator_id_year_id" to table: "permitted_revenues"
CREATE INDEX `permittedrevenue_operator_id_year_id` ON `permitted_revenues` (`operator_id`, `year`, `id`);
-- create index "permittedrevenue_status_id" to table: "permitted_revenues"
CREATE INDEX `permittedrevenue_status_id` ON `permitted_revenues` (`status`, `id`);
-- create "refunds" table
CREATE TABLE `refunds` (`id` uuid NOT NULL, `created_at` datetime NOT NULL, `version` integer NOT NULL DEFAULT (1), `amount_fen` integer NOT NULL, `status` text NOT NULL, `reason` text NOT NULL, `reference` text NOT NULL DEFAULT (''), `idempotency_key` text NOT NULL, `paid_at` datetime NULL, `payment_id` uuid NOT NULL, `order_id` uuid NOT NULL, `person_id` uuid NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `refunds_payments_payment` FOREIGN KEY (`payment_id`) REFERENCES `payments` (`id`) ON DELETE RESTRICT, CONSTRAINT `refunds_orders_order` FOREIGN KEY (`order_id`) REFERENCES `orders` (`id`) ON DELETE RESTRICT, CONSTRAINT `refunds_persons_person` FOREIGN KEY (`person_id`) REFERENCES `persons` (`id`) ON DELETE RESTRICT, CONSTRAINT `refund_amount_positive` CHECK (amount_fen > 0));
-- create index "refund_order_id_idempotency_key" to table: "refunds"
CREATE UNIQUE INDEX `refund_order_id_idempotency_key` ON `refunds` (`order_id`, `idempotency_key`);
-- create index "refund_payment_id" to table: "refunds"
CREATE INDEX `refund_payment_id` ON `refunds` (`payment_id`);
-- create index "refund_status_id" to table: "refunds"
CREATE INDEX `refund_status_id` ON `refunds` (`status`, `id`);
-- create "statements" table
CREATE TABLE `statements` (`id` uuid NOT NULL, `created_at` datetime NOT NULL, `version` integer NOT NULL DEFAULT (1), `month` text NOT NULL, `status` text NOT NULL, `opening_fen` integer NOT NULL, `earned_fen` integer NOT NULL, `reversed_fen` integer NOT NULL, `paid_fen` integer NOT NULL, `closing_fen` integer NOT NULL, `lines` json NOT NULL, `objection` text NOT NULL DEFAULT (''), `objected_at` datetime NULL, `answer` text NOT NULL DEFAULT (''), `final_at` datetime NULL, `contributor_id` uuid NOT NULL, `objector_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `statements_organisations_contributor` FOREIGN KEY (`contributor_id`) REFERENCES `organisations` (`id`) ON DELETE RESTRICT, CONSTRAINT `statements_persons_objector` FOREIGN KEY (`objector_id`) REFERENCES `persons` (`id`) ON DELETE RESTRICT, CONSTRAINT `statement_adds_up` CHECK (closing_fen = opening_fen + earned_fen - reversed_fen - paid_fen));
-- create index "statement_contributor_id_month" to table: "statements"
CREATE UNIQUE INDEX `statement_contributor_id_month` ON `statements` (`contributor_id`, `month`);
-- create index "statement_month_contributor_id" to table: "statements"
CREATE INDEX `statement_month_contributor_id` ON `statements` (`month`, `contributor_id`);
-- create index "statement_status_month" to table: "statements"
CREATE INDEX `statement_status_month` ON `statements` (`status`, `month`);
-- the tables that were made anew are append-only again; a rule is approved once, and that is all that ever changes of it
CREATE TRIGGER entries_no_update BEFORE UPDATE ON entries
BEGIN
  SELECT RAISE(ABORT, 'entries is append-only');
END;
CREATE TRIGGER entries_no_delete BEFORE DELETE ON entries
BEGIN
  SELECT RAISE(ABORT, 'entries is append-only');
END;
CREATE TRIGGER usages_no_update BEFORE UPDATE ON usages
BEGIN
  SELECT RAISE(ABORT, 'usages is append-only');
END;
CREATE TRIGGER usages_no_delete BEFORE DELETE ON usages
BEGIN
  SELECT RAISE(ABORT, 'usages is append-only');
END;
CREATE TRIGGER price_caps_no_update BEFORE UPDATE ON price_caps
BEGIN
  SELECT RAISE(ABORT, 'price_caps is append-only');
END;
CREATE TRIGGER price_caps_no_delete BEFORE DELETE ON price_caps
BEGIN
  SELECT RAISE(ABORT, 'price_caps is append-only');
END;
CREATE TRIGGER allocation_rules_no_update BEFORE UPDATE OF id, created_at, number, kind, whole, parts, coalitions, effective_from, source_document, product_id, person_id ON allocation_rules
BEGIN
  SELECT RAISE(ABORT, 'allocation_rules is append-only');
END;
CREATE TRIGGER allocation_rules_approved_once BEFORE UPDATE OF approved_at ON allocation_rules WHEN OLD.approved_at IS NOT NULL
BEGIN
  SELECT RAISE(ABORT, 'allocation_rules is append-only');
END;
CREATE TRIGGER allocation_rules_no_delete BEFORE DELETE ON allocation_rules
BEGIN
  SELECT RAISE(ABORT, 'allocation_rules is append-only');
END;
-- enable back the enforcement of foreign-keys constraints
PRAGMA foreign_keys = on;
