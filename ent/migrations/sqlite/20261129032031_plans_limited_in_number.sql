-- disable the enforcement of foreign-keys constraints
PRAGMA foreign_keys = off;
-- create "new_orders" table
CREATE TABLE `new_orders` (`id` uuid NOT NULL, `created_at` datetime NOT NULL, `version` integer NOT NULL DEFAULT (1), `status` text NOT NULL, `purpose` text NOT NULL, `quantity` integer NOT NULL, `net_fen` integer NOT NULL, `vat_fen` integer NOT NULL, `total_fen` integer NOT NULL, `terms` json NOT NULL, `idempotency_key` text NOT NULL, `request_hash` text NOT NULL, `paid_at` datetime NULL, `cancelled_at` datetime NULL, `expires_at` datetime NULL, `buyer_id` uuid NOT NULL, `product_id` uuid NOT NULL, `plan_id` uuid NOT NULL, `person_id` uuid NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `orders_organisations_buyer` FOREIGN KEY (`buyer_id`) REFERENCES `organisations` (`id`) ON DELETE RESTRICT, CONSTRAINT `orders_products_product` FOREIGN KEY (`product_id`) REFERENCES `products` (`id`) ON DELETE RESTRICT, CONSTRAINT `orders_plans_plan` FOREIGN KEY (`plan_id`) REFERENCES `plans` (`id`) ON DELETE RESTRICT, CONSTRAINT `orders_persons_person` FOREIGN KEY (`person_id`) REFERENCES `persons` (`id`) ON DELETE RESTRICT, CONSTRAINT `order_amounts_add_up` CHECK (net_fen >= 0 AND vat_fen >= 0 AND total_fen = net_fen + vat_fen), CONSTRAINT `order_quantity_positive` CHECK (quantity > 0));
-- copy rows from old table "orders" to new temporary table "new_orders"
INSERT INTO `new_orders` (`id`, `created_at`, `version`, `status`, `purpose`, `quantity`, `net_fen`, `vat_fen`, `total_fen`, `terms`, `idempotency_key`, `request_hash`, `paid_at`, `cancelled_at`, `buyer_id`, `product_id`, `plan_id`, `person_id`) SELECT `id`, `created_at`, `version`, `status`, `purpose`, `quantity`, `net_fen`, `vat_fen`, `total_fen`, `terms`, `idempotency_key`, `request_hash`, `paid_at`, `cancelled_at`, `buyer_id`, `product_id`, `plan_id`, `person_id` FROM `orders`;
-- drop "orders" table after copying rows
DROP TABLE `orders`;
-- rename temporary table "new_orders" to "orders"
ALTER TABLE `new_orders` RENAME TO `orders`;
-- create index "order_buyer_id_idempotency_key" to table: "orders"
CREATE UNIQUE INDEX `order_buyer_id_idempotency_key` ON `orders` (`buyer_id`, `idempotency_key`);
-- create index "order_buyer_id_id" to table: "orders"
CREATE INDEX `order_buyer_id_id` ON `orders` (`buyer_id`, `id`);
-- create index "order_product_id_id" to table: "orders"
CREATE INDEX `order_product_id_id` ON `orders` (`product_id`, `id`);
-- create index "order_plan_id" to table: "orders"
CREATE INDEX `order_plan_id` ON `orders` (`plan_id`);
-- create index "order_expires_at_id" to table: "orders"
CREATE INDEX `order_expires_at_id` ON `orders` (`expires_at`, `id`) WHERE paid_at IS NULL;
-- create "new_plans" table
CREATE TABLE `new_plans` (`id` uuid NOT NULL, `created_at` datetime NOT NULL, `version` integer NOT NULL DEFAULT (1), `position` integer NOT NULL, `name` text NOT NULL, `name_en` text NOT NULL DEFAULT (''), `mode` text NOT NULL, `settlement` text NOT NULL, `tariff` json NOT NULL, `term_months` integer NOT NULL, `trial` bool NOT NULL, `limited_to` integer NULL, `taken` integer NOT NULL DEFAULT (0), `withdrawn_at` datetime NULL, `product_id` uuid NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `plans_products_product` FOREIGN KEY (`product_id`) REFERENCES `products` (`id`) ON DELETE RESTRICT, CONSTRAINT `plan_within_limit` CHECK (taken >= 0 AND (limited_to IS NULL AND taken = 0 OR taken <= limited_to)));
-- copy rows from old table "plans" to new temporary table "new_plans"
INSERT INTO `new_plans` (`id`, `created_at`, `version`, `position`, `name`, `name_en`, `mode`, `settlement`, `tariff`, `term_months`, `trial`, `withdrawn_at`, `product_id`) SELECT `id`, `created_at`, `version`, `position`, `name`, `name_en`, `mode`, `settlement`, `tariff`, `term_months`, `trial`, `withdrawn_at`, `product_id` FROM `plans`;
-- drop "plans" table after copying rows
DROP TABLE `plans`;
-- rename temporary table "new_plans" to "plans"
ALTER TABLE `new_plans` RENAME TO `plans`;
-- create index "plan_product_id_position_id" to table: "plans"
CREATE INDEX `plan_product_id_position_id` ON `plans` (`product_id`, `position`, `id`);
-- enable back the enforcement of foreign-keys constraints
PRAGMA foreign_keys = on;
