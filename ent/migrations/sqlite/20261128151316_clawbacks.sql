-- add column "clawback" to table: "permitted_revenues"
ALTER TABLE `permitted_revenues` ADD COLUMN `clawback` json NULL;
