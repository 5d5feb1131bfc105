-- disable the enforcement of foreign-keys constraints
PRAGMA foreign_keys = off;
-- create "new_entries" table
CREATE TABLE `new_entries` (`id` uuid NOT NULL, `created_at` datetime NOT NULL, `kind` text NOT NULL DEFAULT ('PAYMENT'), `key` text NOT NULL, `order_id` uuid NULL, `payment_id` uuid NULL, `refund_id` uuid NULL, `payout_batch_id` uuid NULL, `bank_line_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `entries_orders_order` FOREIGN KEY (`order_id`) REFERENCES `orders` (`id`) ON DELETE RESTRICT, CONSTRAINT `entries_payments_payment` FOREIGN KEY (`payment_id`) REFERENCES `payments` (`id`) ON DELETE RESTRICT, CONSTRAINT `entries_refunds_refund` FOREIGN KEY (`refund_id`) REFERENCES `refunds` (`id`) ON DELETE RESTRICT, CONSTRAINT `entries_payout_batches_payout_batch` FOREIGN KEY (`payout_batch_id`) REFERENCES `payout_batches` (`id`) ON DELETE RESTRICT, CONSTRAINT `entries_bank_lines_bank_line` FOREIGN KEY (`bank_line_id`) REFERENCES `bank_lines` (`id`) ON DELETE RESTRICT);
-- copy rows from old table "entries" to new temporary table "new_entries"
INSERT INTO `new_entries` (`id`, `created_at`, `kind`, `key`, `order_id`, `payment_id`, `refund_id`, `payout_batch_id`) SELECT `id`, `created_at`, `kind`, `key`, `order_id`, `payment_id`, `refund_id`, `payout_batch_id` FROM `entries`;
-- drop "entries" table after copying rows
DROP TABLE `entries`;
-- rename temporary table "new_entries" to "entries"
ALTER TABLE `new_entries` RENAME TO `entries`;
-- create index "entries_key_key" to table: "entries"
CREATE UNIQUE INDEX `entries_key_key` ON `entries` (`key`);
-- create index "entry_order_id" to table: "entries"
CREATE INDEX `entry_order_id` ON `entries` (`order_id`);
-- create index "entry_payment_id" to table: "entries"
CREATE INDEX `entry_payment_id` ON `entries` (`payment_id`);
-- create index "entry_refund_id" to table: "entries"
CREATE INDEX `entry_refund_id` ON `entries` (`refund_id`);
-- create index "entry_payout_batch_id" to table: "entries"
CREATE INDEX `entry_payout_batch_id` ON `entries` (`payout_batch_id`);
-- create index "entry_bank_line_id" to table: "entries"
CREATE INDEX `entry_bank_line_id` ON `entries` (`bank_line_id`);
-- add column "next" to table: "payments"
ALTER TABLE `payments` ADD COLUMN `next` json NULL;
-- add column "expires_at" to table: "payments"
ALTER TABLE `payments` ADD COLUMN `expires_at` datetime NULL;
-- create index "payment_provider_reference" to table: "payments"
CREATE INDEX `payment_provider_reference` ON `payments` (`provider`, `reference`);
-- create "bank_formats" table
CREATE TABLE `bank_formats` (`id` uuid NOT NULL, `created_at` datetime NOT NULL, `version` integer NOT NULL DEFAULT (1), `name` text NOT NULL, `columns` json NOT NULL, PRIMARY KEY (`id`));
-- create index "bank_formats_name_key" to table: "bank_formats"
CREATE UNIQUE INDEX `bank_formats_name_key` ON `bank_formats` (`name`);
-- create "bank_lines" table
CREATE TABLE `bank_lines` (`id` uuid NOT NULL, `created_at` datetime NOT NULL, `version` integer NOT NULL DEFAULT (1), `number` integer NOT NULL, `fingerprint` text NOT NULL, `booked_on` text NOT NULL, `amount_fen` integer NOT NULL, `counterparty` text NOT NULL, `counterparty_account` text NOT NULL, `counterparty_bank` text NOT NULL, `remark` text NOT NULL, `serial` text NOT NULL, `state` text NOT NULL, `reason` text NULL, `applied_fen` integer NOT NULL DEFAULT (0), `returned_fen` integer NOT NULL DEFAULT (0), `settlement` json NULL, `bank_statement_id` uuid NOT NULL, `bank_transfer_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `bank_lines_bank_statements_bank_statement` FOREIGN KEY (`bank_statement_id`) REFERENCES `bank_statements` (`id`) ON DELETE RESTRICT, CONSTRAINT `bank_lines_bank_transfers_bank_transfer` FOREIGN KEY (`bank_transfer_id`) REFERENCES `bank_transfers` (`id`) ON DELETE RESTRICT, CONSTRAINT `bank_line_amount` CHECK (amount_fen <> 0));
-- create index "bank_lines_fingerprint_key" to table: "bank_lines"
CREATE UNIQUE INDEX `bank_lines_fingerprint_key` ON `bank_lines` (`fingerprint`);
-- create index "bankline_bank_statement_id_number" to table: "bank_lines"
CREATE INDEX `bankline_bank_statement_id_number` ON `bank_lines` (`bank_statement_id`, `number`);
-- create index "bankline_bank_transfer_id" to table: "bank_lines"
CREATE INDEX `bankline_bank_transfer_id` ON `bank_lines` (`bank_transfer_id`);
-- create index "bankline_state_id" to table: "bank_lines"
CREATE INDEX `bankline_state_id` ON `bank_lines` (`state`, `id`);
-- create "bank_statements" table
CREATE TABLE `bank_statements` (`id` uuid NOT NULL, `created_at` datetime NOT NULL, `file_name` text NOT NULL, `sha256` text NOT NULL, `person_id` uuid NOT NULL, `bank_format_id` uuid NULL, `job_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `bank_statements_persons_person` FOREIGN KEY (`person_id`) REFERENCES `persons` (`id`) ON DELETE RESTRICT, CONSTRAINT `bank_statements_bank_formats_bank_format` FOREIGN KEY (`bank_format_id`) REFERENCES `bank_formats` (`id`) ON DELETE RESTRICT, CONSTRAINT `bank_statements_jobs_job` FOREIGN KEY (`job_id`) REFERENCES `jobs` (`id`) ON DELETE RESTRICT);
-- create index "bank_statements_sha256_key" to table: "bank_statements"
CREATE UNIQUE INDEX `bank_statements_sha256_key` ON `bank_statements` (`sha256`);
-- create "bank_transfers" table
CREATE TABLE `bank_transfers` (`id` uuid NOT NULL, `created_at` datetime NOT NULL, `version` integer NOT NULL DEFAULT (1), `kind` text NOT NULL, `key` text NOT NULL, `code` text NOT NULL, `amount_fen` integer NOT NULL, `received_fen` integer NOT NULL DEFAULT (0), `state` text NOT NULL, `payee` json NULL, `ended_at` datetime NULL, `organisation_id` uuid NULL, `payment_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `bank_transfers_organisations_organisation` FOREIGN KEY (`organisation_id`) REFERENCES `organisations` (`id`) ON DELETE RESTRICT, CONSTRAINT `bank_transfers_payments_payment` FOREIGN KEY (`payment_id`) REFERENCES `payments` (`id`) ON DELETE RESTRICT, CONSTRAINT `bank_transfer_amount_positive` CHECK (amount_fen > 0), CONSTRAINT `bank_transfer_received` CHECK (received_fen >= 0 AND received_fen <= amount_fen));
-- create index "bank_transfers_key_key" to table: "bank_transfers"
CREATE UNIQUE INDEX `bank_transfers_key_key` ON `bank_transfers` (`key`);
-- create index "bank_transfers_code_key" to table: "bank_transfers"
CREATE UNIQUE INDEX `bank_transfers_code_key` ON `bank_transfers` (`code`);
-- create index "banktransfer_payment_id" to table: "bank_transfers"
CREATE INDEX `banktransfer_payment_id` ON `bank_transfers` (`payment_id`);
-- create index "banktransfer_organisation_id" to table: "bank_transfers"
CREATE INDEX `banktransfer_organisation_id` ON `bank_transfers` (`organisation_id`);
-- create index "banktransfer_state_id" to table: "bank_transfers"
CREATE INDEX `banktransfer_state_id` ON `bank_transfers` (`state`, `id`);
-- create index "banktransfer_amount_fen_state" to table: "bank_transfers"
CREATE INDEX `banktransfer_amount_fen_state` ON `bank_transfers` (`amount_fen`, `state`);
-- create "payment_events" table
CREATE TABLE `payment_events` (`id` uuid NOT NULL, `created_at` datetime NOT NULL, `provider` text NOT NULL, `event` text NOT NULL, `kind` text NOT NULL, `payment_key` text NOT NULL, `applied_at` datetime NULL, `outcome` text NOT NULL DEFAULT (''), PRIMARY KEY (`id`));
-- create index "paymentevent_provider_event" to table: "payment_events"
CREATE UNIQUE INDEX `paymentevent_provider_event` ON `payment_events` (`provider`, `event`);
-- create index "paymentevent_applied_at_id" to table: "payment_events"
CREATE INDEX `paymentevent_applied_at_id` ON `payment_events` (`applied_at`, `id`);
-- enable back the enforcement of foreign-keys constraints
PRAGMA foreign_keys = on;
