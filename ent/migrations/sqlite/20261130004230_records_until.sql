-- modify "product_records" table
ALTER TABLE `product_records` ADD COLUMN `renew_on` text NULL;
-- create index "productrecord_renew_on" to table: "product_records"
CREATE INDEX `productrecord_renew_on` ON `product_records` (`renew_on`);

-- For which purposes a product is to be had shows in its record: what it rests on marks it.
CREATE TRIGGER grant_items_insert_mark AFTER INSERT ON grant_items
BEGIN
  UPDATE product_records SET revision = revision + 1, body = NULL WHERE id IN (SELECT i.product_id FROM product_inputs i JOIN products p ON p.id = i.product_id JOIN grants g ON g.operator_id = p.operator_id WHERE i.item_id = NEW.item_id AND g.id = NEW.grant_id);
END;
CREATE TRIGGER grants_update_mark AFTER UPDATE OF status, purposes, starts_on, ends_on ON grants
BEGIN
  UPDATE product_records SET revision = revision + 1, body = NULL WHERE id IN (SELECT i.product_id FROM product_inputs i JOIN products p ON p.id = i.product_id JOIN grant_items g ON g.item_id = i.item_id WHERE g.grant_id = NEW.id AND p.operator_id = NEW.operator_id);
END;
CREATE TRIGGER agreements_insert_mark AFTER INSERT ON agreements
BEGIN
  UPDATE product_records SET revision = revision + 1, body = NULL WHERE id IN (SELECT id FROM products WHERE operator_id = NEW.operator_id);
END;
CREATE TRIGGER agreements_update_mark AFTER UPDATE OF status, starts_on, ends_on ON agreements
BEGIN
  UPDATE product_records SET revision = revision + 1, body = NULL WHERE id IN (SELECT id FROM products WHERE operator_id = NEW.operator_id);
END;

-- What products share is kept until something changes that shows in it, and not with every score or version.
DROP TRIGGER organisations_update_epoch;
CREATE TRIGGER organisations_update_epoch AFTER UPDATE OF name, name_en, credit_code, legal_form, status, synthetic ON organisations
BEGIN
  UPDATE public_epoch SET number = number + 1;
END;
DROP TRIGGER resources_update_epoch;
CREATE TRIGGER resources_update_epoch AFTER UPDATE OF name, name_en, note, domain_id, source_unit_id, update_cycle, update_frequency, provision, status, content_number, published_at ON resources
BEGIN
  UPDATE public_epoch SET number = number + 1;
END;
CREATE TRIGGER parties_insert_epoch AFTER INSERT ON parties
BEGIN
  UPDATE public_epoch SET number = number + 1;
END;
