-- create "payment_events" table
CREATE TABLE "payment_events" ("id" uuid NOT NULL, "created_at" timestamptz NOT NULL, "provider" character varying NOT NULL, "event" character varying NOT NULL, "kind" character varying NOT NULL, "payment_key" character varying NOT NULL, "applied_at" timestamptz NULL, "outcome" character varying NOT NULL DEFAULT '', PRIMARY KEY ("id"));
-- create index "paymentevent_provider_event" to table: "payment_events"
CREATE UNIQUE INDEX "paymentevent_provider_event" ON "payment_events" ("provider", "event");
-- create index "paymentevent_applied_at_id" to table: "payment_events"
CREATE INDEX "paymentevent_applied_at_id" ON "payment_events" ("applied_at", "id");
-- create "bank_formats" table
CREATE TABLE "bank_formats" ("id" uuid NOT NULL, "created_at" timestamptz NOT NULL, "version" bigint NOT NULL DEFAULT 1, "name" character varying NOT NULL, "columns" json NOT NULL, PRIMARY KEY ("id"));
-- create index "bank_formats_name_key" to table: "bank_formats"
CREATE UNIQUE INDEX "bank_formats_name_key" ON "bank_formats" ("name");
-- create "bank_statements" table
CREATE TABLE "bank_statements" ("id" uuid NOT NULL, "created_at" timestamptz NOT NULL, "file_name" character varying NOT NULL, "sha256" character varying NOT NULL, "person_id" uuid NOT NULL, "bank_format_id" uuid NULL, "job_id" uuid NULL, PRIMARY KEY ("id"), CONSTRAINT "bank_statements_persons_person" FOREIGN KEY ("person_id") REFERENCES "persons" ("id") ON DELETE RESTRICT, CONSTRAINT "bank_statements_bank_formats_bank_format" FOREIGN KEY ("bank_format_id") REFERENCES "bank_formats" ("id") ON DELETE RESTRICT, CONSTRAINT "bank_statements_jobs_job" FOREIGN KEY ("job_id") REFERENCES "jobs" ("id") ON DELETE RESTRICT);
-- create index "bank_statements_sha256_key" to table: "bank_statements"
CREATE UNIQUE INDEX "bank_statements_sha256_key" ON "bank_statements" ("sha256");
-- modify "payments" table
ALTER TABLE "payments" ADD COLUMN "next" json NULL, ADD COLUMN "expires_at" timestamptz NULL;
-- create index "payment_provider_reference" to table: "payments"
CREATE INDEX "payment_provider_reference" ON "payments" ("provider", "reference");
-- create "bank_transfers" table
CREATE TABLE "bank_transfers" ("id" uuid NOT NULL, "created_at" timestamptz NOT NULL, "version" bigint NOT NULL DEFAULT 1, "kind" character varying NOT NULL, "key" character varying NOT NULL, "code" character varying NOT NULL, "amount_fen" bigint NOT NULL, "received_fen" bigint NOT NULL DEFAULT 0, "state" character varying NOT NULL, "payee" json NULL, "ended_at" timestamptz NULL, "organisation_id" uuid NULL, "payment_id" uuid NULL, PRIMARY KEY ("id"), CONSTRAINT "bank_transfers_organisations_organisation" FOREIGN KEY ("organisation_id") REFERENCES "organisations" ("id") ON DELETE RESTRICT, CONSTRAINT "bank_transfers_payments_payment" FOREIGN KEY ("payment_id") REFERENCES "payments" ("id") ON DELETE RESTRICT, CONSTRAINT "bank_transfer_amount_positive" CHECK (amount_fen > 0), CONSTRAINT "bank_transfer_received" CHECK (received_fen >= 0 AND received_fen <= amount_fen));
-- create index "bank_transfers_key_key" to table: "bank_transfers"
CREATE UNIQUE INDEX "bank_transfers_key_key" ON "bank_transfers" ("key");
-- create index "bank_transfers_code_key" to table: "bank_transfers"
CREATE UNIQUE INDEX "bank_transfers_code_key" ON "bank_transfers" ("code");
-- create index "banktransfer_payment_id" to table: "bank_transfers"
CREATE INDEX "banktransfer_payment_id" ON "bank_transfers" ("payment_id");
-- create index "banktransfer_organisation_id" to table: "bank_transfers"
CREATE INDEX "banktransfer_organisation_id" ON "bank_transfers" ("organisation_id");
-- create index "banktransfer_state_id" to table: "bank_transfers"
CREATE INDEX "banktransfer_state_id" ON "bank_transfers" ("state", "id");
-- create index "banktransfer_amount_fen_state" to table: "bank_transfers"
CREATE INDEX "banktransfer_amount_fen_state" ON "bank_transfers" ("amount_fen", "state");
-- create "bank_lines" table
CREATE TABLE "bank_lines" ("id" uuid NOT NULL, "created_at" timestamptz NOT NULL, "version" bigint NOT NULL DEFAULT 1, "number" bigint NOT NULL, "fingerprint" character varying NOT NULL, "booked_on" character varying NOT NULL, "amount_fen" bigint NOT NULL, "counterparty" character varying NOT NULL, "counterparty_account" character varying NOT NULL, "counterparty_bank" character varying NOT NULL, "remark" character varying NOT NULL, "serial" character varying NOT NULL, "state" character varying NOT NULL, "reason" character varying NULL, "applied_fen" bigint NOT NULL DEFAULT 0, "returned_fen" bigint NOT NULL DEFAULT 0, "settlement" json NULL, "bank_statement_id" uuid NOT NULL, "bank_transfer_id" uuid NULL, PRIMARY KEY ("id"), CONSTRAINT "bank_lines_bank_statements_bank_statement" FOREIGN KEY ("bank_statement_id") REFERENCES "bank_statements" ("id") ON DELETE RESTRICT, CONSTRAINT "bank_lines_bank_transfers_bank_transfer" FOREIGN KEY ("bank_transfer_id") REFERENCES "bank_transfers" ("id") ON DELETE RESTRICT, CONSTRAINT "bank_line_amount" CHECK (amount_fen <> 0));
-- create index "bank_lines_fingerprint_key" to table: "bank_lines"
CREATE UNIQUE INDEX "bank_lines_fingerprint_key" ON "bank_lines" ("fingerprint");
-- create index "bankline_bank_statement_id_number" to table: "bank_lines"
CREATE INDEX "bankline_bank_statement_id_number" ON "bank_lines" ("bank_statement_id", "number");
-- create index "bankline_bank_transfer_id" to table: "bank_lines"
CREATE INDEX "bankline_bank_transfer_id" ON "bank_lines" ("bank_transfer_id");
-- create index "bankline_state_id" to table: "bank_lines"
CREATE INDEX "bankline_state_id" ON "bank_lines" ("state", "id");
-- modify "entries" table
ALTER TABLE "entries" ADD COLUMN "bank_line_id" uuid NULL, ADD CONSTRAINT "entries_bank_lines_bank_line" FOREIGN KEY ("bank_line_id") REFERENCES "bank_lines" ("id") ON DELETE RESTRICT;
-- create index "entry_bank_line_id" to table: "entries"
CREATE INDEX "entry_bank_line_id" ON "entries" ("bank_line_id");
