-- create "product_records" table
CREATE TABLE `product_records` (`id` uuid NOT NULL, `revision` integer NOT NULL, `shape` integer NOT NULL DEFAULT (0), `body` blob NULL, PRIMARY KEY (`id`));
-- create index "productrecord_id" to table: "product_records"
CREATE INDEX `productrecord_id` ON `product_records` (`id`) WHERE body IS NULL;
-- create "public_epoch" table
CREATE TABLE `public_epoch` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `number` integer NOT NULL, CONSTRAINT `public_epoch_is_one` CHECK (id = 1));

-- What is public of a product is kept ready to be read (product_records) and made anew after every change that shows in it. The
-- database itself says what those are, whoever writes.
INSERT INTO public_epoch (id, number) VALUES (1, 0);
INSERT INTO product_records (id, revision) SELECT id, 0 FROM products;
CREATE TRIGGER products_insert_mark AFTER INSERT ON products
BEGIN
  INSERT INTO product_records (id, revision) VALUES (NEW.id, 0);
END;
CREATE TRIGGER products_update_mark AFTER UPDATE OF name, name_en, description, description_en, status, operator_id, domain_id, delivery, update_frequency, aggregate, dictionary, sample, social_inputs, content_number, registration_code, registered_on, registration_expires_on, listed_at, suspension_code, dataset_id ON products
BEGIN
  UPDATE product_records SET revision = revision + 1, body = NULL WHERE id = NEW.id;
END;
CREATE TRIGGER plans_insert_mark AFTER INSERT ON plans
BEGIN
  UPDATE product_records SET revision = revision + 1, body = NULL WHERE id = NEW.product_id;
END;
CREATE TRIGGER plans_update_mark AFTER UPDATE OF name, name_en, withdrawn_at ON plans
BEGIN
  UPDATE product_records SET revision = revision + 1, body = NULL WHERE id = NEW.product_id;
END;
CREATE TRIGGER price_caps_insert_mark AFTER INSERT ON price_caps
BEGIN
  UPDATE product_records SET revision = revision + 1, body = NULL WHERE id = NEW.product_id;
END;
CREATE TRIGGER datasets_update_mark AFTER UPDATE ON datasets
BEGIN
  UPDATE product_records SET revision = revision + 1, body = NULL WHERE id = NEW.product_id;
END;
CREATE TRIGGER product_inputs_insert_mark AFTER INSERT ON product_inputs
BEGIN
  UPDATE product_records SET revision = revision + 1, body = NULL WHERE id = NEW.product_id;
END;
CREATE TRIGGER product_inputs_delete_mark AFTER DELETE ON product_inputs
BEGIN
  UPDATE product_records SET revision = revision + 1, body = NULL WHERE id = OLD.product_id;
END;
CREATE TRIGGER data_items_update_mark AFTER UPDATE ON data_items
BEGIN
  UPDATE product_records SET revision = revision + 1, body = NULL WHERE id IN (SELECT product_id FROM product_inputs WHERE item_id = NEW.id);
END;
CREATE TRIGGER resources_update_mark AFTER UPDATE OF status ON resources
BEGIN
  UPDATE product_records SET revision = revision + 1, body = NULL WHERE id IN (SELECT product_id FROM product_inputs WHERE resource_id = NEW.id);
END;
CREATE TRIGGER organisations_update_epoch AFTER UPDATE ON organisations
BEGIN
  UPDATE public_epoch SET number = number + 1;
END;
CREATE TRIGGER parties_update_epoch AFTER UPDATE ON parties
BEGIN
  UPDATE public_epoch SET number = number + 1;
END;
CREATE TRIGGER parties_delete_epoch AFTER DELETE ON parties
BEGIN
  UPDATE public_epoch SET number = number + 1;
END;
CREATE TRIGGER domains_update_epoch AFTER UPDATE ON domains
BEGIN
  UPDATE public_epoch SET number = number + 1;
END;
CREATE TRIGGER resources_update_epoch AFTER UPDATE ON resources
BEGIN
  UPDATE public_epoch SET number = number + 1;
END;
CREATE TRIGGER data_items_insert_epoch AFTER INSERT ON data_items
BEGIN
  UPDATE public_epoch SET number = number + 1;
END;
CREATE TRIGGER data_items_update_epoch AFTER UPDATE ON data_items
BEGIN
  UPDATE public_epoch SET number = number + 1;
END;
