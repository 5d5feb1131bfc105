-- add column "changed" to table: "product_records"
ALTER TABLE `product_records` ADD COLUMN `changed` integer NOT NULL DEFAULT 0;
-- create index "productrecord_changed_id" to table: "product_records"
CREATE INDEX `productrecord_changed_id` ON `product_records` (`changed`, `id`);

-- By which change a record was written last says who follows which they are: SQLite has one writer.
CREATE TRIGGER product_records_changed AFTER UPDATE OF revision, body ON product_records
BEGIN
  UPDATE product_records SET changed = (SELECT max(changed) + 1 FROM product_records) WHERE id = NEW.id;
END;
