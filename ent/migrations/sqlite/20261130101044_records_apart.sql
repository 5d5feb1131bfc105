-- add column "apart" to table: "product_records"
ALTER TABLE `product_records` ADD COLUMN `apart` blob NULL;

-- Who marks a record to be made anew takes all of it away: a row would else be written with what is of no more use.
DROP TRIGGER products_update_mark;
CREATE TRIGGER products_update_mark AFTER UPDATE OF name, name_en, description, description_en, status, operator_id, domain_id, delivery, update_frequency, aggregate, dictionary, sample, social_inputs, content_number, registration_code, registered_on, registration_expires_on, listed_at, suspension_code, dataset_id ON products
BEGIN
  UPDATE product_records SET revision = revision + 1, body = NULL, apart = NULL WHERE id = NEW.id;
END;
DROP TRIGGER plans_insert_mark;
CREATE TRIGGER plans_insert_mark AFTER INSERT ON plans
BEGIN
  UPDATE product_records SET revision = revision + 1, body = NULL, apart = NULL WHERE id = NEW.product_id;
END;
DROP TRIGGER plans_update_mark;
CREATE TRIGGER plans_update_mark AFTER UPDATE OF name, name_en, withdrawn_at ON plans
BEGIN
  UPDATE product_records SET revision = revision + 1, body = NULL, apart = NULL WHERE id = NEW.product_id;
END;
DROP TRIGGER price_caps_insert_mark;
CREATE TRIGGER price_caps_insert_mark AFTER INSERT ON price_caps
BEGIN
  UPDATE product_records SET revision = revision + 1, body = NULL, apart = NULL WHERE id = NEW.product_id;
END;
DROP TRIGGER datasets_update_mark;
CREATE TRIGGER datasets_update_mark AFTER UPDATE ON datasets
BEGIN
  UPDATE product_records SET revision = revision + 1, body = NULL, apart = NULL WHERE id = NEW.product_id;
END;
DROP TRIGGER product_inputs_insert_mark;
CREATE TRIGGER product_inputs_insert_mark AFTER INSERT ON product_inputs
BEGIN
  UPDATE product_records SET revision = revision + 1, body = NULL, apart = NULL WHERE id = NEW.product_id;
END;
DROP TRIGGER product_inputs_delete_mark;
CREATE TRIGGER product_inputs_delete_mark AFTER DELETE ON product_inputs
BEGIN
  UPDATE product_records SET revision = revision + 1, body = NULL, apart = NULL WHERE id = OLD.product_id;
END;
DROP TRIGGER data_items_update_mark;
CREATE TRIGGER data_items_update_mark AFTER UPDATE ON data_items
BEGIN
  UPDATE product_records SET revision = revision + 1, body = NULL, apart = NULL WHERE id IN (SELECT product_id FROM product_inputs WHERE item_id = NEW.id);
END;
DROP TRIGGER resources_update_mark;
CREATE TRIGGER resources_update_mark AFTER UPDATE OF status ON resources
BEGIN
  UPDATE product_records SET revision = revision + 1, body = NULL, apart = NULL WHERE id IN (SELECT product_id FROM product_inputs WHERE resource_id = NEW.id);
END;
DROP TRIGGER grant_items_insert_mark;
CREATE TRIGGER grant_items_insert_mark AFTER INSERT ON grant_items
BEGIN
  UPDATE product_records SET revision = revision + 1, body = NULL, apart = NULL WHERE id IN (SELECT i.product_id FROM product_inputs i JOIN products p ON p.id = i.product_id JOIN grants g ON g.operator_id = p.operator_id WHERE i.item_id = NEW.item_id AND g.id = NEW.grant_id);
END;
DROP TRIGGER grants_update_mark;
CREATE TRIGGER grants_update_mark AFTER UPDATE OF status, purposes, starts_on, ends_on ON grants
BEGIN
  UPDATE product_records SET revision = revision + 1, body = NULL, apart = NULL WHERE id IN (SELECT i.product_id FROM product_inputs i JOIN products p ON p.id = i.product_id JOIN grant_items g ON g.item_id = i.item_id WHERE g.grant_id = NEW.id AND p.operator_id = NEW.operator_id);
END;
DROP TRIGGER agreements_insert_mark;
CREATE TRIGGER agreements_insert_mark AFTER INSERT ON agreements
BEGIN
  UPDATE product_records SET revision = revision + 1, body = NULL, apart = NULL WHERE id IN (SELECT id FROM products WHERE operator_id = NEW.operator_id);
END;
DROP TRIGGER agreements_update_mark;
CREATE TRIGGER agreements_update_mark AFTER UPDATE OF status, starts_on, ends_on ON agreements
BEGIN
  UPDATE product_records SET revision = revision + 1, body = NULL, apart = NULL WHERE id IN (SELECT id FROM products WHERE operator_id = NEW.operator_id);
END;
