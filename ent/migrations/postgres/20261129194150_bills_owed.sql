-- What is owed of a bill is its total until it is paid, and what a bank took back of its payments again; an invoice is of the payment that paid its order or bill.
-- modify "bills" table
ALTER TABLE "bills" ADD COLUMN "owed_fen" bigint NULL;
UPDATE bills SET owed_fen = total_fen - (SELECT coalesce(sum(p.amount_fen), 0) FROM payments p WHERE p.bill_id = bills.id AND p.state = 'SUCCEEDED')
 + (SELECT coalesce(sum(r.amount_fen), 0) FROM refunds r JOIN payments p ON p.id = r.payment_id WHERE p.bill_id = bills.id AND r.dispute_id IS NOT NULL AND r.status = 'PAID');
UPDATE bills SET status = 'ISSUED', paid_at = NULL WHERE owed_fen > 0;
ALTER TABLE "bills" ALTER COLUMN "owed_fen" SET NOT NULL, ADD CONSTRAINT "bill_owed_until_paid" CHECK (owed_fen >= 0 AND owed_fen <= total_fen AND (owed_fen = 0) = (status = 'PAID'));
-- modify "invoices" table
ALTER TABLE "invoices" ADD COLUMN "payment_id" uuid NULL;
UPDATE invoices SET payment_id = (SELECT p.id FROM payments p WHERE p.order_id = invoices.order_id AND p.state = 'SUCCEEDED' AND (p.bill_id = invoices.bill_id OR p.bill_id IS NULL AND invoices.bill_id IS NULL));
UPDATE invoices SET live_for = payment_id WHERE live_for IS NOT NULL;
ALTER TABLE "invoices" ALTER COLUMN "payment_id" SET NOT NULL, ADD CONSTRAINT "invoices_payments_payment" FOREIGN KEY ("payment_id") REFERENCES "payments" ("id") ON DELETE RESTRICT;
-- create index "invoice_payment_id" to table: "invoices"
CREATE INDEX "invoice_payment_id" ON "invoices" ("payment_id");
