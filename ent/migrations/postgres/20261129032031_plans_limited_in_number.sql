-- modify "orders" table
ALTER TABLE "orders" ADD COLUMN "expires_at" timestamptz NULL;
-- create index "order_expires_at_id" to table: "orders"
CREATE INDEX "order_expires_at_id" ON "orders" ("expires_at", "id") WHERE paid_at IS NULL;
-- modify "plans" table
ALTER TABLE "plans" ADD CONSTRAINT "plan_within_limit" CHECK (taken >= 0 AND (limited_to IS NULL AND taken = 0 OR taken <= limited_to)), ADD COLUMN "limited_to" bigint NULL, ADD COLUMN "taken" bigint NOT NULL DEFAULT 0;
