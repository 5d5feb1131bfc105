-- add column "proposal" to table: "bank_transfers"
ALTER TABLE `bank_transfers` ADD COLUMN `proposal` json NULL;
-- add column "exported_at" to table: "bank_transfers"
ALTER TABLE `bank_transfers` ADD COLUMN `exported_at` datetime NULL;
