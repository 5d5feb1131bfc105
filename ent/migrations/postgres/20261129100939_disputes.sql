-- create "disputes" table
CREATE TABLE "disputes" ("id" uuid NOT NULL, "created_at" timestamptz NOT NULL, "version" bigint NOT NULL DEFAULT 1, "reference" character varying NOT NULL, "state" character varying NOT NULL, "amount_fen" bigint NOT NULL, "opened_at" timestamptz NOT NULL, "closed_at" timestamptz NULL, "payment_id" uuid NOT NULL, "order_id" uuid NOT NULL, PRIMARY KEY ("id"), CONSTRAINT "disputes_payments_payment" FOREIGN KEY ("payment_id") REFERENCES "payments" ("id") ON DELETE RESTRICT, CONSTRAINT "disputes_orders_order" FOREIGN KEY ("order_id") REFERENCES "orders" ("id") ON DELETE RESTRICT, CONSTRAINT "dispute_amount_positive" CHECK (amount_fen > 0), CONSTRAINT "dispute_closed_when_over" CHECK (closed_at IS NOT NULL AND state IN ('WON', 'LOST') OR closed_at IS NULL AND state IN ('INQUIRY', 'OPEN')));
-- create index "dispute_payment_id_reference" to table: "disputes"
CREATE UNIQUE INDEX "dispute_payment_id_reference" ON "disputes" ("payment_id", "reference");
-- create index "dispute_order_id" to table: "disputes"
CREATE INDEX "dispute_order_id" ON "disputes" ("order_id");
-- create index "dispute_closed_at_id" to table: "disputes"
CREATE INDEX "dispute_closed_at_id" ON "disputes" ("closed_at", "id") WHERE closed_at IS NULL;
-- modify "refunds" table
ALTER TABLE "refunds" ADD COLUMN "dispute_id" uuid NULL, ADD CONSTRAINT "refunds_disputes_dispute" FOREIGN KEY ("dispute_id") REFERENCES "disputes" ("id") ON DELETE RESTRICT;
-- create index "refund_dispute_id" to table: "refunds"
CREATE UNIQUE INDEX "refund_dispute_id" ON "refunds" ("dispute_id");
