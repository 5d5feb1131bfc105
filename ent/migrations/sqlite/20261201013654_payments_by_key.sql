-- create index "payment_idempotency_key" to table: "payments"
CREATE INDEX `payment_idempotency_key` ON `payments` (`idempotency_key`);
