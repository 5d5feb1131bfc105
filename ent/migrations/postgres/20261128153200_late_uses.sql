-- create index "usage_entitlement_id_created_at" to table: "usages"
CREATE INDEX "usage_entitlement_id_created_at" ON "usages" ("entitlement_id", "created_at") WHERE credential_id IS NULL;
