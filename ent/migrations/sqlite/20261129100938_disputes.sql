-- disable the enforcement of foreign-keys constraints
PRAGMA foreign_keys = off;
-- create "new_refunds" table
CREATE TABLE `new_refunds` (`id` uuid NOT NULL, `created_at` datetime NOT NULL, `version` integer NOT NULL DEFAULT (1), `amount_fen` integer NOT NULL, `status` text NOT NULL, `reason` text NOT NULL, `reference` text NOT NULL DEFAULT (''), `idempotency_key` text NOT NULL, `request_hash` text NOT NULL DEFAULT (''), `paid_at` datetime NULL, `payment_id` uuid NOT NULL, `order_id` uuid NOT NULL, `person_id` uuid NOT NULL, `bill_id` uuid NULL, `dispute_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `refunds_payments_payment` FOREIGN KEY (`payment_id`) REFERENCES `payments` (`id`) ON DELETE RESTRICT, CONSTRAINT `refunds_orders_order` FOREIGN KEY (`order_id`) REFERENCES `orders` (`id`) ON DELETE RESTRICT, CONSTRAINT `refunds_persons_person` FOREIGN KEY (`person_id`) REFERENCES `persons` (`id`) ON DELETE RESTRICT, CONSTRAINT `refunds_bills_bill` FOREIGN KEY (`bill_id`) REFERENCES `bills` (`id`) ON DELETE RESTRICT, CONSTRAINT `refunds_disputes_dispute` FOREIGN KEY (`dispute_id`) REFERENCES `disputes` (`id`) ON DELETE RESTRICT, CONSTRAINT `refund_amount_positive` CHECK (amount_fen > 0));
-- copy rows from old table "refunds" to new temporary table "new_refunds"
INSERT INTO `new_refunds` (`id`, `created_at`, `version`, `amount_fen`, `status`, `reason`, `reference`, `idempotency_key`, `request_hash`, `paid_at`, `payment_id`, `order_id`, `person_id`, `bill_id`) SELECT `id`, `created_at`, `version`, `amount_fen`, `status`, `reason`, `reference`, `idempotency_key`, `request_hash`, `paid_at`, `payment_id`, `order_id`, `person_id`, `bill_id` FROM `refunds`;
-- drop "refunds" table after copying rows
DROP TABLE `refunds`;
-- rename temporary table "new_refunds" to "refunds"
ALTER TABLE `new_refunds` RENAME TO `refunds`;
-- create index "refund_order_id_idempotency_key" to table: "refunds"
CREATE UNIQUE INDEX `refund_order_id_idempotency_key` ON `refunds` (`order_id`, `idempotency_key`);
-- create index "refund_payment_id" to table: "refunds"
CREATE INDEX `refund_payment_id` ON `refunds` (`payment_id`);
-- create index "refund_status_id" to table: "refunds"
CREATE INDEX `refund_status_id` ON `refunds` (`status`, `id`);
-- create index "refund_dispute_id" to table: "refunds"
CREATE UNIQUE INDEX `refund_dispute_id` ON `refunds` (`dispute_id`);
-- create "disputes" table
CREATE TABLE `disputes` (`id` uuid NOT NULL, `created_at` datetime NOT NULL, `version` integer NOT NULL DEFAULT (1), `reference` text NOT NULL, `state` text NOT NULL, `amount_fen` integer NOT NULL, `opened_at` datetime NOT NULL, `closed_at` datetime NULL, `payment_id` uuid NOT NULL, `order_id` uuid NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `disputes_payments_payment` FOREIGN KEY (`payment_id`) REFERENCES `payments` (`id`) ON DELETE RESTRICT, CONSTRAINT `disputes_orders_order` FOREIGN KEY (`order_id`) REFERENCES `orders` (`id`) ON DELETE RESTRICT, CONSTRAINT `dispute_amount_positive` CHECK (amount_fen > 0), CONSTRAINT `dispute_closed_when_over` CHECK (closed_at IS NOT NULL AND state IN ('WON', 'LOST') OR closed_at IS NULL AND state IN ('INQUIRY', 'OPEN')));
-- create index "dispute_payment_id_reference" to table: "disputes"
CREATE UNIQUE INDEX `dispute_payment_id_reference` ON `disputes` (`payment_id`, `reference`);
-- create index "dispute_order_id" to table: "disputes"
CREATE INDEX `dispute_order_id` ON `disputes` (`order_id`);
-- create index "dispute_closed_at_id" to table: "disputes"
CREATE INDEX `dispute_closed_at_id` ON `disputes` (`closed_at`, `id`) WHERE closed_at IS NULL;
-- enable back the enforcement of foreign-keys constraints
PRAGMA foreign_keys = on;
