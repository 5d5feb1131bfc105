-- disable the enforcement of foreign-keys constraints
PRAGMA foreign_keys = off;
-- create index "entry_payment_id" to table: "entries"
CREATE INDEX `entry_payment_id` ON `entries` (`payment_id`);
-- create index "entry_refund_id" to table: "entries"
CREATE INDEX `entry_refund_id` ON `entries` (`refund_id`);
-- create "new_bills" table
CREATE TABLE `new_bills` (`id` uuid NOT NULL, `created_at` datetime NOT NULL, `version` integer NOT NULL DEFAULT (1), `month` text NOT NULL, `status` text NOT NULL, `lines` json NOT NULL, `adjustments` json NOT NULL, `rated_fen` integer NOT NULL, `brought_fen` integer NOT NULL, `carried_fen` integer NOT NULL, `returned_fen` integer NOT NULL DEFAULT (0), `net_fen` integer NOT NULL, `vat_fen` integer NOT NULL, `total_fen` integer NOT NULL, `due_on` text NOT NULL, `heard_until` datetime NOT NULL, `paid_at` datetime NULL, `order_id` uuid NOT NULL, `buyer_id` uuid NOT NULL, `product_id` uuid NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `bills_orders_order` FOREIGN KEY (`order_id`) REFERENCES `orders` (`id`) ON DELETE RESTRICT, CONSTRAINT `bills_organisations_buyer` FOREIGN KEY (`buyer_id`) REFERENCES `organisations` (`id`) ON DELETE RESTRICT, CONSTRAINT `bills_products_product` FOREIGN KEY (`product_id`) REFERENCES `products` (`id`) ON DELETE RESTRICT, CONSTRAINT `bill_amounts_add_up` CHECK (net_fen >= 0 AND vat_fen >= 0 AND total_fen = net_fen + vat_fen AND brought_fen <= 0 AND carried_fen <= 0 AND returned_fen >= 0));
-- copy rows from old table "bills" to new temporary table "new_bills"
INSERT INTO `new_bills` (`id`, `created_at`, `version`, `month`, `status`, `lines`, `adjustments`, `rated_fen`, `brought_fen`, `carried_fen`, `net_fen`, `vat_fen`, `total_fen`, `due_on`, `heard_until`, `paid_at`, `order_id`, `buyer_id`, `product_id`) SELECT `id`, `created_at`, `version`, `month`, `status`, `lines`, `adjustments`, `rated_fen`, `brought_fen`, `carried_fen`, `net_fen`, `vat_fen`, `total_fen`, `due_on`, `heard_until`, `paid_at`, `order_id`, `buyer_id`, `product_id` FROM `bills`;
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
-- enable back the enforcement of foreign-keys constraints
PRAGMA foreign_keys = on;
