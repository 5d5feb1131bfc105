-- What has been written here stays written: refused by the database itself, whoever asks.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER postings_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON postings FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER entries_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON entries FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_records_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_records FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER decisions_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON decisions FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER usages_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON usages FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER resource_versions_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON resource_versions FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER allocation_rules_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON allocation_rules FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER price_caps_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON price_caps FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
