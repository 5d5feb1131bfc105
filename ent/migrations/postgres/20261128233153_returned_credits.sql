-- modify "bills" table
ALTER TABLE "bills" ADD COLUMN "returned_fen" bigint NOT NULL DEFAULT 0, DROP CONSTRAINT "bill_amounts_add_up", ADD CONSTRAINT "bill_amounts_add_up" CHECK (net_fen >= 0 AND vat_fen >= 0 AND total_fen = net_fen + vat_fen AND brought_fen <= 0 AND carried_fen <= 0 AND returned_fen >= 0);
-- create index "entry_payment_id" to table: "entries"
CREATE INDEX "entry_payment_id" ON "entries" ("payment_id");
-- create index "entry_refund_id" to table: "entries"
CREATE INDEX "entry_refund_id" ON "entries" ("refund_id");
