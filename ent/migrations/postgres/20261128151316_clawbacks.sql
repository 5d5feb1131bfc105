-- modify "permitted_revenues" table
ALTER TABLE "permitted_revenues" ADD COLUMN "clawback" json NULL;
