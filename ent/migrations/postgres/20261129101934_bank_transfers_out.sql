-- modify "bank_transfers" table
ALTER TABLE "bank_transfers" ADD COLUMN "proposal" json NULL, ADD COLUMN "exported_at" timestamptz NULL;
