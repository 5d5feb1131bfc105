-- create "invoices" table
CREATE TABLE "invoices" ("id" uuid NOT NULL, "created_at" timestamptz NOT NULL, "version" bigint NOT NULL DEFAULT 1, "kind" character varying NOT NULL, "colour" character varying NOT NULL, "status" character varying NOT NULL, "holder" json NOT NULL, "vat_rate" character varying NOT NULL, "net_fen" bigint NOT NULL, "vat_fen" bigint NOT NULL, "total_fen" bigint NOT NULL, "live_for" uuid NULL, "code" character varying NOT NULL DEFAULT '', "number" character varying NULL, "reason" character varying NOT NULL DEFAULT '', "idempotency_key" character varying NOT NULL, "request_hash" character varying NOT NULL, "issued_at" timestamptz NULL, "order_id" uuid NOT NULL, "bill_id" uuid NULL, "buyer_id" uuid NOT NULL, "operator_id" uuid NOT NULL, "person_id" uuid NOT NULL, "blue_id" uuid NULL, "refund_id" uuid NULL, "issuer_id" uuid NULL, "document_id" uuid NULL, PRIMARY KEY ("id"), CONSTRAINT "invoices_orders_order" FOREIGN KEY ("order_id") REFERENCES "orders" ("id") ON DELETE RESTRICT, CONSTRAINT "invoices_bills_bill" FOREIGN KEY ("bill_id") REFERENCES "bills" ("id") ON DELETE RESTRICT, CONSTRAINT "invoices_organisations_buyer" FOREIGN KEY ("buyer_id") REFERENCES "organisations" ("id") ON DELETE RESTRICT, CONSTRAINT "invoices_organisations_operator" FOREIGN KEY ("operator_id") REFERENCES "organisations" ("id") ON DELETE RESTRICT, CONSTRAINT "invoices_persons_person" FOREIGN KEY ("person_id") REFERENCES "persons" ("id") ON DELETE RESTRICT, CONSTRAINT "invoices_invoices_reds" FOREIGN KEY ("blue_id") REFERENCES "invoices" ("id") ON DELETE RESTRICT, CONSTRAINT "invoices_refunds_refund" FOREIGN KEY ("refund_id") REFERENCES "refunds" ("id") ON DELETE RESTRICT, CONSTRAINT "invoices_persons_issuer" FOREIGN KEY ("issuer_id") REFERENCES "persons" ("id") ON DELETE RESTRICT, CONSTRAINT "invoices_documents_document" FOREIGN KEY ("document_id") REFERENCES "documents" ("id") ON DELETE RESTRICT, CONSTRAINT "invoice_amounts_add_up" CHECK (net_fen >= 0 AND vat_fen >= 0 AND total_fen > 0 AND total_fen = net_fen + vat_fen), CONSTRAINT "invoice_issued_has_number" CHECK (status = 'ISSUED' AND number IS NOT NULL AND document_id IS NOT NULL AND issuer_id IS NOT NULL AND issued_at IS NOT NULL OR status <> 'ISSUED' AND number IS NULL), CONSTRAINT "invoice_live_while_it_lives" CHECK (colour = 'BLUE' AND status IN ('REQUESTED', 'ISSUED') AND live_for IS NOT NULL OR NOT (colour = 'BLUE' AND status IN ('REQUESTED', 'ISSUED')) AND live_for IS NULL), CONSTRAINT "invoice_red_names_blue" CHECK (colour = 'BLUE' AND blue_id IS NULL AND refund_id IS NULL OR colour = 'RED' AND blue_id IS NOT NULL AND refund_id IS NOT NULL));
-- create index "invoices_live_for_key" to table: "invoices"
CREATE UNIQUE INDEX "invoices_live_for_key" ON "invoices" ("live_for");
-- create index "invoice_order_id_idempotency_key" to table: "invoices"
CREATE UNIQUE INDEX "invoice_order_id_idempotency_key" ON "invoices" ("order_id", "idempotency_key");
-- create index "invoice_number_code" to table: "invoices"
CREATE UNIQUE INDEX "invoice_number_code" ON "invoices" ("number", "code");
-- create index "invoice_refund_id" to table: "invoices"
CREATE UNIQUE INDEX "invoice_refund_id" ON "invoices" ("refund_id");
-- create index "invoice_blue_id" to table: "invoices"
CREATE INDEX "invoice_blue_id" ON "invoices" ("blue_id");
-- create index "invoice_document_id" to table: "invoices"
CREATE INDEX "invoice_document_id" ON "invoices" ("document_id");
-- create index "invoice_buyer_id_id" to table: "invoices"
CREATE INDEX "invoice_buyer_id_id" ON "invoices" ("buyer_id", "id");
-- create index "invoice_operator_id_status_id" to table: "invoices"
CREATE INDEX "invoice_operator_id_status_id" ON "invoices" ("operator_id", "status", "id");
-- create index "invoice_operator_id_created_at_id" to table: "invoices"
CREATE INDEX "invoice_operator_id_created_at_id" ON "invoices" ("operator_id", "created_at", "id");
