-- drop index "usage_product_id_id" from table: "usages"
DROP INDEX `usage_product_id_id`;
-- create index "usage_entitlement_id_created_at" to table: "usages"
CREATE INDEX `usage_entitlement_id_created_at` ON `usages` (`entitlement_id`, `created_at`);
-- create index "usage_product_id_created_at" to table: "usages"
CREATE INDEX `usage_product_id_created_at` ON `usages` (`product_id`, `created_at`);
