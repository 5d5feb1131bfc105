-- modify "product_records" table
ALTER TABLE "product_records" ADD COLUMN "changed" bigint NOT NULL DEFAULT 0;
-- create index "productrecord_changed_id" to table: "product_records"
CREATE INDEX "productrecord_changed_id" ON "product_records" ("changed", "id");

-- By which transaction a record was written last says who follows which they are, in an order that commits keep to.
CREATE FUNCTION product_records_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.changed := pg_current_xact_id()::text::bigint;
  RETURN NEW;
END;
$$;
CREATE TRIGGER product_records_changed BEFORE UPDATE ON product_records FOR EACH ROW EXECUTE FUNCTION product_records_changed();
