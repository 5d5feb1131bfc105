-- disable the enforcement of foreign-keys constraints
PRAGMA foreign_keys = off;
-- create "new_payment_events" table
CREATE TABLE `new_payment_events` (`id` uuid NOT NULL, `created_at` datetime NOT NULL, `provider` text NOT NULL, `event` text NOT NULL, `kind` text NOT NULL, `payment_key` text NOT NULL, `refers` text NOT NULL DEFAULT (''), `applied_at` datetime NULL, `outcome` text NOT NULL DEFAULT (''), PRIMARY KEY (`id`));
-- copy rows from old table "payment_events" to new temporary table "new_payment_events"
INSERT INTO `new_payment_events` (`id`, `created_at`, `provider`, `event`, `kind`, `payment_key`, `applied_at`, `outcome`) SELECT `id`, `created_at`, `provider`, `event`, `kind`, `payment_key`, `applied_at`, `outcome` FROM `payment_events`;
-- drop "payment_events" table after copying rows
DROP TABLE `payment_events`;
-- rename temporary table "new_payment_events" to "payment_events"
ALTER TABLE `new_payment_events` RENAME TO `payment_events`;
-- create index "paymentevent_provider_event" to table: "payment_events"
CREATE UNIQUE INDEX `paymentevent_provider_event` ON `payment_events` (`provider`, `event`);
-- create index "paymentevent_applied_at_id" to table: "payment_events"
CREATE INDEX `paymentevent_applied_at_id` ON `payment_events` (`applied_at`, `id`);
-- enable back the enforcement of foreign-keys constraints
PRAGMA foreign_keys = on;
