-- disable the enforcement of foreign-keys constraints
PRAGMA foreign_keys = off;
-- create "new_refunds" table
CREATE TABLE `new_refunds` (`id` uuid NOT NULL, `created_at` datetime NOT NULL, `version` integer NOT NULL DEFAULT (1), `amount_fen` integer NOT NULL, `status` text NOT NULL, `reason` text NOT NULL, `reference` text NOT NULL DEFAULT (''), `idempotency_key` text NOT NULL, `request_hash` text NOT NULL DEFAULT (''), `paid_at` datetime NULL, `payment_id` uuid NOT NULL, `order_id` uuid NOT NULL, `person_id` uuid NOT NULL, `bill_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `refunds_payments_payment` FOREIGN KEY (`payment_id`) REFERENCES `payments` (`id`) ON DELETE RESTRICT, CONSTRAINT `refunds_orders_order` FOREIGN KEY (`order_id`) REFERENCES `orders` (`id`) ON DELETE RESTRICT, CONSTRAINT `refunds_persons_person` FOREIGN KEY (`person_id`) REFERENCES `persons` (`id`) ON DELETE RESTRICT, CONSTRAINT `refunds_bills_bill` FOREIGN KEY (`bill_id`) REFERENCES `bills` (`id`) ON DELETE RESTRICT, CONSTRAINT `refund_amount_positive` CHECK (amount_fen > 0));
-- copy rows from old table "refunds" to new temporary table "new_refunds"
INSERT INTO `new_refunds` (`id`, `created_at`, `version`, `amount_fen`, `status`, `reason`, `reference`, `idempotency_key`, `paid_at`, `payment_id`, `order_id`, `person_id`) SELECT `id`, `created_at`, `version`, `amount_fen`, `status`, `reason`, `reference`, `idempotency_key`, `paid_at`, `payment_id`, `order_id`, `person_id` FROM `refunds`;
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
-- enable back the enforcement of foreign-keys constraints
PRAGMA foreign_keys = on;
