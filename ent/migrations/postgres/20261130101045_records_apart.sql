-- modify "product_records" table
ALTER TABLE "product_records" ADD COLUMN "apart" bytea NULL;

-- Who marks a record to be made anew takes all of it away: a row would else be written with what is of no more use.
CREATE FUNCTION product_records_mark_whole() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.apart := NULL;
  RETURN NEW;
END;
$$;
CREATE TRIGGER product_records_mark_whole BEFORE UPDATE OF body ON product_records
  FOR EACH ROW WHEN (NEW.body IS NULL AND NEW.apart IS NOT NULL) EXECUTE FUNCTION product_records_mark_whole();

-- What lists read of a large record is compressed last: what is kept apart comes first.
ALTER TABLE product_records ALTER COLUMN body SET STORAGE MAIN;
