-- create index "product_status_listed_at_id" to table: "products"
CREATE INDEX "product_status_listed_at_id" ON "products" ("status", "listed_at" DESC, "id");
-- create index "resource_status_published_at_id" to table: "resources"
CREATE INDEX "resource_status_published_at_id" ON "resources" ("status", "published_at" DESC, "id");
