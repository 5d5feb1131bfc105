-- add column "notifications_seen" to table: "memberships"
ALTER TABLE `memberships` ADD COLUMN `notifications_seen` uuid NULL;
-- create "jobs" table
CREATE TABLE `jobs` (`id` uuid NOT NULL, `created_at` datetime NOT NULL, `version` integer NOT NULL DEFAULT (1), `kind` text NOT NULL, `subject_id` uuid NOT NULL, `blob_key` text NOT NULL, `bytes` integer NOT NULL, `idempotency_key` text NOT NULL, `request_hash` text NOT NULL, `state` text NOT NULL, `stage` text NULL, `done` integer NOT NULL DEFAULT (0), `total` integer NULL, `rows` integer NOT NULL DEFAULT (0), `started_at` datetime NULL, `stage_at` datetime NULL, `ended_at` datetime NULL, `updated_at` datetime NOT NULL, `result` json NOT NULL, `organisation_id` uuid NOT NULL, `person_id` uuid NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `jobs_organisations_organisation` FOREIGN KEY (`organisation_id`) REFERENCES `organisations` (`id`) ON DELETE RESTRICT, CONSTRAINT `jobs_persons_person` FOREIGN KEY (`person_id`) REFERENCES `persons` (`id`) ON DELETE RESTRICT);
-- create index "job_organisation_id_idempotency_key" to table: "jobs"
CREATE UNIQUE INDEX `job_organisation_id_idempotency_key` ON `jobs` (`organisation_id`, `idempotency_key`);
-- create index "job_organisation_id_id" to table: "jobs"
CREATE INDEX `job_organisation_id_id` ON `jobs` (`organisation_id`, `id`);
-- create index "job_updated_at" to table: "jobs"
CREATE INDEX `job_updated_at` ON `jobs` (`updated_at`);
-- create "notifications" table
CREATE TABLE `notifications` (`id` uuid NOT NULL, `created_at` datetime NOT NULL, `kind` text NOT NULL, `subject_kind` text NOT NULL, `subject_id` uuid NOT NULL, `params` json NOT NULL, `near_on` text NULL, `organisation_id` uuid NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `notifications_organisations_organisation` FOREIGN KEY (`organisation_id`) REFERENCES `organisations` (`id`) ON DELETE RESTRICT);
-- create index "notification_organisation_id_id" to table: "notifications"
CREATE INDEX `notification_organisation_id_id` ON `notifications` (`organisation_id`, `id`);
-- create index "notification_subject_id_kind_organisation_id_near_on" to table: "notifications"
CREATE UNIQUE INDEX `notification_subject_id_kind_organisation_id_near_on` ON `notifications` (`subject_id`, `kind`, `organisation_id`, `near_on`);
-- create index "notification_created_at" to table: "notifications"
CREATE INDEX `notification_created_at` ON `notifications` (`created_at`);
