-- disable the enforcement of foreign-keys constraints
PRAGMA foreign_keys = off;
-- create "new_products" table
CREATE TABLE `new_products` (`id` uuid NOT NULL, `created_at` datetime NOT NULL, `version` integer NOT NULL DEFAULT (1), `name` text NOT NULL, `name_en` text NOT NULL DEFAULT (''), `description` text NOT NULL DEFAULT (''), `description_en` text NOT NULL DEFAULT (''), `status` text NOT NULL, `delivery` text NOT NULL, `update_frequency` text NULL, `aggregate` bool NOT NULL DEFAULT (false), `dictionary` json NOT NULL, `sample` json NOT NULL, `social_inputs` json NOT NULL, `content_number` integer NOT NULL DEFAULT (1), `identifier` text NOT NULL, `registration_code` text NULL, `registration_document_id` uuid NULL, `registered_on` text NULL, `registration_expires_on` text NULL, `reviewed_at` datetime NULL, `listed_at` datetime NULL, `first_listed_at` datetime NULL, `suspension_code` text NOT NULL DEFAULT (''), `dataset_id` uuid NULL, `synthetic` bool NOT NULL DEFAULT (false), `uses` integer NOT NULL DEFAULT (0), `quality` integer NOT NULL DEFAULT (0), `operator_id` uuid NOT NULL, `domain_id` uuid NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `products_organisations_operator` FOREIGN KEY (`operator_id`) REFERENCES `organisations` (`id`) ON DELETE RESTRICT, CONSTRAINT `products_domains_domain` FOREIGN KEY (`domain_id`) REFERENCES `domains` (`id`) ON DELETE RESTRICT);
-- copy rows from old table "products" to new temporary table "new_products"
INSERT INTO `new_products` (`id`, `created_at`, `version`, `name`, `name_en`, `description`, `description_en`, `status`, `delivery`, `update_frequency`, `aggregate`, `dictionary`, `sample`, `social_inputs`, `content_number`, `identifier`, `registration_code`, `registration_document_id`, `registered_on`, `registration_expires_on`, `reviewed_at`, `listed_at`, `first_listed_at`, `suspension_code`, `dataset_id`, `synthetic`, `operator_id`, `domain_id`) SELECT `id`, `created_at`, `version`, `name`, `name_en`, `description`, `description_en`, `status`, `delivery`, `update_frequency`, `aggregate`, `dictionary`, `sample`, `social_inputs`, `content_number`, `identifier`, `registration_code`, `registration_document_id`, `registered_on`, `registration_expires_on`, `reviewed_at`, `listed_at`, `first_listed_at`, `suspension_code`, `dataset_id`, `synthetic`, `operator_id`, `domain_id` FROM `products`;
-- drop "products" table after copying rows
DROP TABLE `products`;
-- rename temporary table "new_products" to "products"
ALTER TABLE `new_products` RENAME TO `products`;
-- create index "products_identifier_key" to table: "products"
CREATE UNIQUE INDEX `products_identifier_key` ON `products` (`identifier`);
-- create index "product_operator_id_id" to table: "products"
CREATE INDEX `product_operator_id_id` ON `products` (`operator_id`, `id`);
-- create index "product_status_id" to table: "products"
CREATE INDEX `product_status_id` ON `products` (`status`, `id`);
-- create index "product_domain_id_id" to table: "products"
CREATE INDEX `product_domain_id_id` ON `products` (`domain_id`, `id`);
-- create "new_resources" table
CREATE TABLE `new_resources` (`id` uuid NOT NULL, `created_at` datetime NOT NULL, `version` integer NOT NULL DEFAULT (1), `name` text NOT NULL, `name_en` text NOT NULL DEFAULT (''), `note` text NOT NULL DEFAULT (''), `update_cycle` text NOT NULL, `update_frequency` text NULL, `provision` json NOT NULL, `status` text NOT NULL, `content_number` integer NOT NULL DEFAULT (1), `registered_by` uuid NULL, `published_at` datetime NULL, `quality` integer NOT NULL DEFAULT (0), `source_unit_id` uuid NOT NULL, `domain_id` uuid NOT NULL, `batch_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `resources_organisations_source_unit` FOREIGN KEY (`source_unit_id`) REFERENCES `organisations` (`id`) ON DELETE RESTRICT, CONSTRAINT `resources_domains_domain` FOREIGN KEY (`domain_id`) REFERENCES `domains` (`id`) ON DELETE RESTRICT, CONSTRAINT `resources_resource_batches_batch` FOREIGN KEY (`batch_id`) REFERENCES `resource_batches` (`id`) ON DELETE RESTRICT);
-- copy rows from old table "resources" to new temporary table "new_resources"
INSERT INTO `new_resources` (`id`, `created_at`, `version`, `name`, `name_en`, `note`, `update_cycle`, `update_frequency`, `provision`, `status`, `content_number`, `registered_by`, `published_at`, `source_unit_id`, `domain_id`, `batch_id`) SELECT `id`, `created_at`, `version`, `name`, `name_en`, `note`, `update_cycle`, `update_frequency`, `provision`, `status`, `content_number`, `registered_by`, `published_at`, `source_unit_id`, `domain_id`, `batch_id` FROM `resources`;
-- drop "resources" table after copying rows
DROP TABLE `resources`;
-- rename temporary table "new_resources" to "resources"
ALTER TABLE `new_resources` RENAME TO `resources`;
-- create index "resource_source_unit_id_name" to table: "resources"
CREATE UNIQUE INDEX `resource_source_unit_id_name` ON `resources` (`source_unit_id`, `name`);
-- create index "resource_domain_id_id" to table: "resources"
CREATE INDEX `resource_domain_id_id` ON `resources` (`domain_id`, `id`);
-- create index "resource_status_id" to table: "resources"
CREATE INDEX `resource_status_id` ON `resources` (`status`, `id`);
-- create index "resource_batch_id" to table: "resources"
CREATE INDEX `resource_batch_id` ON `resources` (`batch_id`);
-- create "search_changes" table
CREATE TABLE `search_changes` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `txid` integer NOT NULL, `kind` text NOT NULL, `subject_id` uuid NULL, `created_at` datetime NOT NULL);
-- create index "searchchange_txid_id" to table: "search_changes"
CREATE INDEX `searchchange_txid_id` ON `search_changes` (`txid`, `id`);
-- create index "searchchange_created_at" to table: "search_changes"
CREATE INDEX `searchchange_created_at` ON `search_changes` (`created_at`);
-- create "synonym_groups" table
CREATE TABLE `synonym_groups` (`id` uuid NOT NULL, `created_at` datetime NOT NULL, `version` integer NOT NULL DEFAULT (1), `words` json NOT NULL, PRIMARY KEY (`id`));
-- enable back the enforcement of foreign-keys constraints
PRAGMA foreign_keys = on;
