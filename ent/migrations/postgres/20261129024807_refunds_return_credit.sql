-- modify "refunds" table
ALTER TABLE "refunds" ADD COLUMN "request_hash" character varying NOT NULL DEFAULT '', ADD COLUMN "bill_id" uuid NULL, ADD CONSTRAINT "refunds_bills_bill" FOREIGN KEY ("bill_id") REFERENCES "bills" ("id") ON DELETE RESTRICT;
