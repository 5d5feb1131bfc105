-- What has been written here stays written: refused by the database itself, whoever asks.
CREATE TRIGGER postings_no_update BEFORE UPDATE ON postings
BEGIN
  SELECT RAISE(ABORT, 'postings is append-only');
END;
CREATE TRIGGER postings_no_delete BEFORE DELETE ON postings
BEGIN
  SELECT RAISE(ABORT, 'postings is append-only');
END;
CREATE TRIGGER entries_no_update BEFORE UPDATE ON entries
BEGIN
  SELECT RAISE(ABORT, 'entries is append-only');
END;
CREATE TRIGGER entries_no_delete BEFORE DELETE ON entries
BEGIN
  SELECT RAISE(ABORT, 'entries is append-only');
END;
CREATE TRIGGER audit_records_no_update BEFORE UPDATE ON audit_records
BEGIN
  SELECT RAISE(ABORT, 'audit_records is append-only');
END;
CREATE TRIGGER audit_records_no_delete BEFORE DELETE ON audit_records
BEGIN
  SELECT RAISE(ABORT, 'audit_records is append-only');
END;
CREATE TRIGGER decisions_no_update BEFORE UPDATE ON decisions
BEGIN
  SELECT RAISE(ABORT, 'decisions is append-only');
END;
CREATE TRIGGER decisions_no_delete BEFORE DELETE ON decisions
BEGIN
  SELECT RAISE(ABORT, 'decisions is append-only');
END;
CREATE TRIGGER usages_no_update BEFORE UPDATE ON usages
BEGIN
  SELECT RAISE(ABORT, 'usages is append-only');
END;
CREATE TRIGGER usages_no_delete BEFORE DELETE ON usages
BEGIN
  SELECT RAISE(ABORT, 'usages is append-only');
END;
CREATE TRIGGER resource_versions_no_update BEFORE UPDATE ON resource_versions
BEGIN
  SELECT RAISE(ABORT, 'resource_versions is append-only');
END;
CREATE TRIGGER resource_versions_no_delete BEFORE DELETE ON resource_versions
BEGIN
  SELECT RAISE(ABORT, 'resource_versions is append-only');
END;
CREATE TRIGGER allocation_rules_no_update BEFORE UPDATE ON allocation_rules
BEGIN
  SELECT RAISE(ABORT, 'allocation_rules is append-only');
END;
CREATE TRIGGER allocation_rules_no_delete BEFORE DELETE ON allocation_rules
BEGIN
  SELECT RAISE(ABORT, 'allocation_rules is append-only');
END;
CREATE TRIGGER price_caps_no_update BEFORE UPDATE ON price_caps
BEGIN
  SELECT RAISE(ABORT, 'price_caps is append-only');
END;
CREATE TRIGGER price_caps_no_delete BEFORE DELETE ON price_caps
BEGIN
  SELECT RAISE(ABORT, 'price_caps is append-only');
END;
