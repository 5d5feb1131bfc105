-- What is owed of a bill is its total until it is paid, and what a bank took back of its payments again; an invoice is of the payment that paid its order or bill.
-- disable the enforcement of foreign-keys constraints
PRAGMA foreign_keys = off;
-- create "new_bills" table
CREATE TABLE `new_bills` (`id` uuid NOT NULL, `created_at` datetime NOT NULL, `version` integer NOT NULL DEFAULT (1), `month` text NOT NULL, `status` text NOT NULL, `lines` json NOT NULL, `adjustments` json NOT NULL, `rated_fen` integer NOT NULL, `brought_fen` integer NOT NULL, `carried_fen` integer NOT NULL, `returned_fen` integer NOT NULL DEFAULT (0), `net_fen` integer NOT NULL, `vat_fen` integer NOT NULL, `total_fen` integer NOT NULL, `owed_fen` integer NOT NULL, `due_on` text NOT NULL, `heard_until` datetime NOT NULL, `paid_at` datetime NULL, `order_id` uuid NOT NULL, `buyer_id` uuid NOT NULL, `product_id` uuid NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `bills_orders_order` FOREIGN KEY (`order_id`) REFERENCES `orders` (`id`) ON DELETE RESTRICT, CONSTRAINT `bills_organisations_buyer` FOREIGN KEY (`buyer_id`) REFERENCES `organisations` (`id`) ON DELETE RESTRICT, CONSTRAINT `bills_products_product` FOREIGN KEY (`product_id`) REFERENCES `products` (`id`) ON DELETE RESTRICT, CONSTRAINT `bill_amounts_add_up` CHECK (net_fen >= 0 AND vat_fen >= 0 AND total_fen = net_fen + vat_fen AND brought_fen <= 0 AND carried_fen <= 0 AND returned_fen >= 0), CONSTRAINT `bill_owed_until_paid` CHECK (owed_fen >= 0 AND owed_fen <= total_fen AND (owed_fen = 0) = (status = 'PAID')));
-- copy rows from old table "bills" to new temporary table "new_bills"
INSERT INTO `new_bills` (`id`, `created_at`, `version`, `month`, `status`, `lines`, `adjustments`, `rated_fen`, `brought_fen`, `carried_fen`, `returned_fen`, `net_fen`, `vat_fen`, `total_fen`, `due_on`, `heard_until`, `paid_at`, `order_id`, `buyer_id`, `product_id`, `owed_fen`) SELECT `id`, `created_at`, `version`, `month`, CASE WHEN owed > 0 THEN 'ISSUED' ELSE 'PAID' END, `lines`, `adjustments`, `rated_fen`, `brought_fen`, `carried_fen`, `returned_fen`, `net_fen`, `vat_fen`, `total_fen`, `due_on`, `heard_until`, CASE WHEN owed > 0 THEN NULL ELSE `paid_at` END, `order_id`, `buyer_id`, `product_id`, owed FROM (SELECT *, total_fen - (SELECT coalesce(sum(p.amount_fen), 0) FROM payments p WHERE p.bill_id = bills.id AND p.state = 'SUCCEEDED')
 + (SELECT coalesce(sum(r.amount_fen), 0) FROM refunds r JOIN payments p ON p.id = r.payment_id WHERE p.bill_id = bills.id AND r.dispute_id IS NOT NULL AND r.status = 'PAID') AS owed FROM `bills`);
-- drop "bills" table after copying rows
DROP TABLE `bills`;
-- rename temporary table "new_bills" to "bills"
ALTER TABLE `new_bills` RENAME TO `bills`;
-- create index "bill_order_id_month" to table: "bills"
CREATE UNIQUE INDEX `bill_order_id_month` ON `bills` (`order_id`, `month`);
-- create index "bill_buyer_id_id" to table: "bills"
CREATE INDEX `bill_buyer_id_id` ON `bills` (`buyer_id`, `id`);
-- create index "bill_product_id_month" to table: "bills"
CREATE INDEX `bill_product_id_month` ON `bills` (`product_id`, `month`);
-- create index "bill_status_due_on_id" to table: "bills"
CREATE INDEX `bill_status_due_on_id` ON `bills` (`status`, `due_on`, `id`);
-- create "new_invoices" table
CREATE TABLE `new_invoices` (`id` uuid NOT NULL, `created_at` datetime NOT NULL, `version` integer NOT NULL DEFAULT (1), `kind` text NOT NULL, `colour` text NOT NULL, `status` text NOT NULL, `holder` json NOT NULL, `vat_rate` text NOT NULL, `net_fen` integer NOT NULL, `vat_fen` integer NOT NULL, `total_fen` integer NOT NULL, `live_for` uuid NULL, `code` text NOT NULL DEFAULT (''), `number` text NULL, `reason` text NOT NULL DEFAULT (''), `idempotency_key` text NOT NULL, `request_hash` text NOT NULL, `issued_at` datetime NULL, `order_id` uuid NOT NULL, `payment_id` uuid NOT NULL, `bill_id` uuid NULL, `buyer_id` uuid NOT NULL, `operator_id` uuid NOT NULL, `person_id` uuid NOT NULL, `blue_id` uuid NULL, `refund_id` uuid NULL, `issuer_id` uuid NULL, `document_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `invoices_orders_order` FOREIGN KEY (`order_id`) REFERENCES `orders` (`id`) ON DELETE RESTRICT, CONSTRAINT `invoices_payments_payment` FOREIGN KEY (`payment_id`) REFERENCES `payments` (`id`) ON DELETE RESTRICT, CONSTRAINT `invoices_bills_bill` FOREIGN KEY (`bill_id`) REFERENCES `bills` (`id`) ON DELETE RESTRICT, CONSTRAINT `invoices_organisations_buyer` FOREIGN KEY (`buyer_id`) REFERENCES `organisations` (`id`) ON DELETE RESTRICT, CONSTRAINT `invoices_organisations_operator` FOREIGN KEY (`operator_id`) REFERENCES `organisations` (`id`) ON DELETE RESTRICT, CONSTRAINT `invoices_persons_person` FOREIGN KEY (`person_id`) REFERENCES `persons` (`id`) ON DELETE RESTRICT, CONSTRAINT `invoices_invoices_reds` FOREIGN KEY (`blue_id`) REFERENCES `invoices` (`id`) ON DELETE RESTRICT, CONSTRAINT `invoices_refunds_refund` FOREIGN KEY (`refund_id`) REFERENCES `refunds` (`id`) ON DELETE RESTRICT, CONSTRAINT `invoices_persons_issuer` FOREIGN KEY (`issuer_id`) REFERENCES `persons` (`id`) ON DELETE RESTRICT, CONSTRAINT `invoices_documents_document` FOREIGN KEY (`document_id`) REFERENCES `documents` (`id`) ON DELETE RESTRICT, CONSTRAINT `invoice_amounts_add_up` CHECK (net_fen >= 0 AND vat_fen >= 0 AND total_fen > 0 AND total_fen = net_fen + vat_fen), CONSTRAINT `invoice_issued_has_number` CHECK (status = 'ISSUED' AND number IS NOT NULL AND document_id IS NOT NULL AND issuer_id IS NOT NULL AND issued_at IS NOT NULL OR status <> 'ISSUED' AND number IS NULL), CONSTRAINT `invoice_live_while_it_lives` CHECK (colour = 'BLUE' AND status IN ('REQUESTED', 'ISSUED') AND live_for IS NOT NULL OR NOT (colour = 'BLUE' AND status IN ('REQUESTED', 'ISSUED')) AND live_for IS NULL), CONSTRAINT `invoice_red_names_blue` CHECK (colour = 'BLUE' AND blue_id IS NULL AND refund_id IS NULL OR colour = 'RED' AND blue_id IS NOT NULL AND refund_id IS NOT NULL));
-- copy rows from old table "invoices" to new temporary table "new_invoices"
INSERT INTO `new_invoices` (`id`, `created_at`, `version`, `kind`, `colour`, `status`, `holder`, `vat_rate`, `net_fen`, `vat_fen`, `total_fen`, `live_for`, `code`, `number`, `reason`, `idempotency_key`, `request_hash`, `issued_at`, `order_id`, `bill_id`, `buyer_id`, `operator_id`, `person_id`, `blue_id`, `refund_id`, `issuer_id`, `document_id`, `payment_id`) SELECT `id`, `created_at`, `version`, `kind`, `colour`, `status`, `holder`, `vat_rate`, `net_fen`, `vat_fen`, `total_fen`, CASE WHEN `live_for` IS NULL THEN NULL ELSE payment END, `code`, `number`, `reason`, `idempotency_key`, `request_hash`, `issued_at`, `order_id`, `bill_id`, `buyer_id`, `operator_id`, `person_id`, `blue_id`, `refund_id`, `issuer_id`, `document_id`, payment FROM (SELECT *, (SELECT p.id FROM payments p WHERE p.order_id = invoices.order_id AND p.state = 'SUCCEEDED' AND (p.bill_id = invoices.bill_id OR p.bill_id IS NULL AND invoices.bill_id IS NULL)) AS payment FROM `invoices`);
-- drop "invoices" table after copying rows
DROP TABLE `invoices`;
-- rename temporary table "new_invoices" to "invoices"
ALTER TABLE `new_invoices` RENAME TO `invoices`;
-- create index "invoices_live_for_key" to table: "invoices"
CREATE UNIQUE INDEX `invoices_live_for_key` ON `invoices` (`live_for`);
-- create index "invoice_order_id_idempotency_key" to table: "invoices"
CREATE UNIQUE INDEX `invoice_order_id_idempotency_key` ON `invoices` (`order_id`, `idempotency_key`);
-- create index "invoice_number_code" to table: "invoices"
CREATE UNIQUE INDEX `invoice_number_code` ON `invoices` (`number`, `code`);
-- create index "invoice_refund_id" to table: "invoices"
CREATE UNIQUE INDEX `invoice_refund_id` ON `invoices` (`refund_id`);
-- create index "invoice_payment_id" to table: "invoices"
CREATE INDEX `invoice_payment_id` ON `invoices` (`payment_id`);
-- create index "invoice_blue_id" to table: "invoices"
CREATE INDEX `invoice_blue_id` ON `invoices` (`blue_id`);
-- create index "invoice_document_id" to table: "invoices"
CREATE INDEX `invoice_document_id` ON `invoices` (`document_id`);
-- create index "invoice_buyer_id_id" to table: "invoices"
CREATE INDEX `invoice_buyer_id_id` ON `invoices` (`buyer_id`, `id`);
-- create index "invoice_operator_id_status_id" to table: "invoices"
CREATE INDEX `invoice_operator_id_status_id` ON `invoices` (`operator_id`, `status`, `id`);
-- create index "invoice_operator_id_created_at_id" to table: "invoices"
CREATE INDEX `invoice_operator_id_created_at_id` ON `invoices` (`operator_id`, `created_at`, `id`);
-- enable back the enforcement of foreign-keys constraints
PRAGMA foreign_keys = on;
