-- What the contestants beside the market need in its database: indexes, functions, and a catalogue to search in. The market itself
-- uses none of it. PostGraphile shows the functions of schema public as fields; schema beside is nobody's to see.
SET maintenance_work_mem = '1GB';

-- The status leads, as PostGraphile gives it as a parameter, for which no partial index does.
CREATE INDEX beside_newest ON products (status, listed_at DESC, id);
CREATE INDEX beside_newest_of_domain ON products (status, domain_id, listed_at DESC, id);
CREATE INDEX beside_inputs ON product_inputs (product_id) INCLUDE (resource_id, item_id);

-- What is asked of a product beyond its columns. A set that a function gives is read in the statement that asks for it.
CREATE FUNCTION products_resources(p products) RETURNS SETOF resources LANGUAGE sql STABLE AS $$
  SELECT r.* FROM resources r WHERE r.id IN (SELECT i.resource_id FROM product_inputs i WHERE i.product_id = p.id) ORDER BY r.id
$$;
CREATE FUNCTION products_items(p products) RETURNS SETOF data_items LANGUAGE sql STABLE AS $$
  SELECT d.* FROM data_items d WHERE d.id IN (SELECT i.item_id FROM product_inputs i WHERE i.product_id = p.id) ORDER BY d.resource_id, d.position, d.id
$$;
CREATE FUNCTION products_dataset(p products) RETURNS datasets LANGUAGE sql STABLE AS $$
  SELECT d.* FROM datasets d WHERE d.id = p.dataset_id
$$;
CREATE FUNCTION orders_product_name(o orders) RETURNS text LANGUAGE sql STABLE AS $$ SELECT o.terms ->> 'productName' $$;
CREATE FUNCTION orders_plan_name(o orders) RETURNS text LANGUAGE sql STABLE AS $$ SELECT o.terms ->> 'planName' $$;
CREATE FUNCTION orders_term_months(o orders) RETURNS bigint LANGUAGE sql STABLE AS $$ SELECT (o.terms ->> 'termMonths')::bigint $$;

CREATE SCHEMA beside;

-- A value that products are counted by.
CREATE TABLE beside.facet_values (
  number int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, facet text NOT NULL, value text NOT NULL, label text NOT NULL, label_en text NOT NULL, UNIQUE (facet, value)
);
INSERT INTO beside.facet_values (facet, value, label, label_en)
  SELECT 'DOMAIN', id::text, name, name_en FROM domains
  UNION ALL SELECT 'OPERATOR', id::text, name, name_en FROM organisations WHERE id IN (SELECT operator_id FROM products)
  UNION ALL SELECT 'SOURCE_UNIT', id::text, name, name_en FROM organisations WHERE id IN (SELECT source_unit_id FROM resources)
  UNION ALL VALUES
    ('CHARGING_MODE', 'PER_PRODUCT', '按产品', 'Per product'), ('CHARGING_MODE', 'PER_CALL', '按次', 'Per call'), ('CHARGING_MODE', 'PER_PERIOD', '按期', 'Per period'),
    ('CHARGING_MODE', 'PER_VOLUME', '按数据量', 'Per data volume'), ('CHARGING_MODE', 'PER_ITEM_PERIOD', '按项按期', 'Per item and period'),
    ('DELIVERY', 'API', '接口', 'API'), ('DELIVERY', 'FILE', '文件', 'File'),
    ('UPDATE_FREQUENCY', 'REAL_TIME', '实时', 'Real-time'), ('UPDATE_FREQUENCY', 'DAILY', '每日', 'Daily'), ('UPDATE_FREQUENCY', 'WEEKLY', '每周', 'Weekly'),
    ('UPDATE_FREQUENCY', 'MONTHLY', '每月', 'Monthly'), ('UPDATE_FREQUENCY', 'QUARTERLY', '每季度', 'Quarterly'), ('UPDATE_FREQUENCY', 'SEMI_ANNUAL', '每半年', 'Semi-annual'),
    ('UPDATE_FREQUENCY', 'ANNUAL', '每年', 'Annual'), ('UPDATE_FREQUENCY', 'IRREGULAR', '不定期', 'Irregular'), ('UPDATE_FREQUENCY', 'HISTORICAL', '历史数据', 'Historical'),
    ('PRICED', 'FREE', '公益免费', 'Free use'), ('PRICED', 'PAID', '有偿使用', 'Paid use');

-- The runs of two to four Chinese characters in a text: a text has a run exactly if it is among them.
CREATE FUNCTION beside.grams(text text) RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
  SELECT array_agg(DISTINCT substr(run[1], at, size))
  FROM regexp_matches(text, '[一-鿿]{2,}', 'g') run, generate_series(2, 4) size, generate_series(1, length(run[1]) - size + 1) at
$$;

-- A trial price is over with the operator's first months, as policy says.
CREATE FUNCTION beside.trial_over(operator uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT (SELECT min(starts_on)::date FROM agreements WHERE operator_id = operator)
    + make_interval(months => (SELECT (value ->> 'trialMonths')::int FROM policy_rows WHERE kind = 'PRICING' ORDER BY effective_from DESC LIMIT 1))
    <= (now() AT TIME ZONE 'Asia/Shanghai')::date
$$;

-- For what purposes all items of a product are granted to its operator.
CREATE FUNCTION beside.granted(product uuid, operator uuid, purpose text) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT NOT EXISTS (SELECT FROM product_inputs i WHERE i.product_id = product AND NOT EXISTS (
    SELECT FROM grant_items gi JOIN grants g ON g.id = gi.grant_id
    WHERE gi.item_id = i.item_id AND g.operator_id = operator AND g.status = 'ACTIVE' AND g.purposes::jsonb ? purpose))
$$;

-- What products have in common is counted by combination: few numbers for many products.
CREATE TABLE beside.combinations (number int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, facet_values int[] NOT NULL UNIQUE);

-- What is searched, as a materialised view would hold it: narrow rows in the order of the list, with the texts beside them, which are read only
-- to make the index.
CREATE TABLE beside.catalogue (place int NOT NULL, id uuid NOT NULL, terms int NOT NULL, origin int NOT NULL, operator int NOT NULL, grams text[] NOT NULL) WITH (toast_tuple_target = 128);
ALTER TABLE beside.catalogue ALTER grams SET STORAGE EXTERNAL;

CREATE TEMPORARY TABLE labelled AS
  WITH operators AS MATERIALIZED (
    SELECT operator_id AS id, beside.trial_over(operator_id) AS trial_over FROM products GROUP BY operator_id
  ), granted AS (
    SELECT operator_id, item_id, bool_or(purposes::jsonb ?| array['GOVERNANCE', 'WELFARE']) AS free, bool_or(purposes::jsonb ?| array['INDUSTRY', 'SECTOR']) AS paid
    FROM grants JOIN grant_items ON grant_items.grant_id = grants.id WHERE status = 'ACTIVE' GROUP BY 1, 2
  ), priced AS (
    SELECT p.id, bool_and(coalesce(g.free, false)) AS free, bool_and(coalesce(g.paid, false)) AS paid
    FROM products p JOIN product_inputs i ON i.product_id = p.id LEFT JOIN granted g ON g.operator_id = p.operator_id AND g.item_id = i.item_id GROUP BY p.id
  ), said AS (
    SELECT id, 'DOMAIN' AS facet, domain_id::text AS value FROM products
    UNION ALL SELECT id, 'OPERATOR', operator_id::text FROM products
    UNION ALL SELECT id, 'DELIVERY', delivery FROM products
    UNION ALL SELECT id, 'UPDATE_FREQUENCY', update_frequency FROM products
    UNION ALL SELECT DISTINCT p.id, 'CHARGING_MODE', l.mode FROM products p JOIN plans l ON l.product_id = p.id JOIN operators o ON o.id = p.operator_id
      WHERE l.withdrawn_at IS NULL AND NOT (l.trial AND o.trial_over)
    UNION ALL SELECT DISTINCT i.product_id, 'SOURCE_UNIT', r.source_unit_id::text FROM product_inputs i JOIN resources r ON r.id = i.resource_id
    UNION ALL SELECT id, 'PRICED', 'FREE' FROM priced WHERE free
    UNION ALL SELECT id, 'PRICED', 'PAID' FROM priced WHERE paid
  )
  SELECT s.id, coalesce(array_agg(v.number ORDER BY v.number) FILTER (WHERE facet IN ('DELIVERY', 'UPDATE_FREQUENCY', 'CHARGING_MODE', 'PRICED')), '{}') AS terms,
    coalesce(array_agg(v.number ORDER BY v.number) FILTER (WHERE facet IN ('DOMAIN', 'SOURCE_UNIT')), '{}') AS origin, array_agg(v.number) FILTER (WHERE facet = 'OPERATOR') AS operator
  FROM said s JOIN beside.facet_values v USING (facet, value) GROUP BY s.id;
INSERT INTO beside.combinations (facet_values) SELECT terms FROM labelled UNION SELECT origin FROM labelled UNION SELECT operator FROM labelled;

INSERT INTO beside.catalogue
  WITH inputs AS (
    SELECT i.product_id AS id, string_agg(concat_ws(chr(10), d.name, r.name, o.name), chr(10)) AS texts
    FROM product_inputs i JOIN data_items d ON d.id = i.item_id JOIN resources r ON r.id = i.resource_id JOIN organisations o ON o.id = r.source_unit_id GROUP BY i.product_id
  )
  SELECT row_number() OVER (ORDER BY p.listed_at DESC, p.id), p.id, terms.number, origin.number, operator.number,
    beside.grams(concat_ws(chr(10), p.name, p.description, inputs.texts, o.name, d.name, (SELECT string_agg(c ->> 'label', chr(10)) FROM json_array_elements(p.dictionary) c)))
  FROM products p JOIN labelled USING (id) JOIN inputs USING (id) JOIN organisations o ON o.id = p.operator_id JOIN domains d ON d.id = p.domain_id
  JOIN beside.combinations terms ON terms.facet_values = labelled.terms
  JOIN beside.combinations origin ON origin.facet_values = labelled.origin
  JOIN beside.combinations operator ON operator.facet_values = labelled.operator
  WHERE p.status = 'LISTED' ORDER BY p.listed_at DESC, p.id;
CREATE INDEX catalogue_grams ON beside.catalogue USING gin (grams) WITH (fastupdate = off);
CREATE UNIQUE INDEX catalogue_place ON beside.catalogue (place);
DROP TABLE labelled;

-- What a search finds, the newest first: the total, the facets as they are answered, and a page of ids.
CREATE TYPE product_search AS (total_count bigint, facets json, ids uuid[], more boolean);
CREATE FUNCTION beside.search(query text, first int) RETURNS SETOF product_search ROWS 1 LANGUAGE sql STABLE AS $$
  WITH found AS MATERIALIZED (SELECT place, terms, origin, operator FROM beside.catalogue WHERE grams @> ARRAY[query]),
  page AS (SELECT place, row_number() OVER (ORDER BY place) AS at FROM found ORDER BY place LIMIT first + 1),
  combined AS (SELECT coalesce(terms, origin, operator) AS number, count(*) AS count FROM found GROUP BY GROUPING SETS ((terms), (origin), (operator))),
  counted AS (SELECT value AS number, sum(c.count)::bigint AS count FROM combined c JOIN beside.combinations b USING (number), unnest(b.facet_values) value GROUP BY value),
  ranked AS (
    SELECT v.facet, v.value, v.label, v.label_en, c.count, row_number() OVER (PARTITION BY v.facet ORDER BY c.count DESC, v.value) AS rank
    FROM counted c JOIN beside.facet_values v USING (number)
  ),
  listed AS (
    SELECT facet, json_agg(json_build_object('value', value, 'label', label, 'labelEn', label_en, 'count', count) ORDER BY rank) AS values
    FROM ranked WHERE rank <= 100 GROUP BY facet
  )
  SELECT (SELECT count(*) FROM found),
    (SELECT json_agg(json_build_object('name', f.name, 'values', coalesce(l.values, '[]')) ORDER BY f.place)
      FROM unnest(ARRAY['DOMAIN', 'SOURCE_UNIT', 'CHARGING_MODE', 'DELIVERY', 'UPDATE_FREQUENCY', 'PRICED', 'OPERATOR']) WITH ORDINALITY f(name, place) LEFT JOIN listed l ON l.facet = f.name),
    (SELECT array_agg(c.id ORDER BY page.place) FROM page JOIN beside.catalogue c USING (place) WHERE at <= first),
    (SELECT count(*) > first FROM page)
$$;
-- The same as a field of PostGraphile; plpgsql keeps the plan.
CREATE FUNCTION search_products(query text, first int) RETURNS product_search LANGUAGE plpgsql STABLE AS $$
DECLARE found product_search;
BEGIN
  SELECT * INTO found FROM beside.search(query, first);
  RETURN found;
END $$;
CREATE FUNCTION product_search_products(s product_search) RETURNS SETOF products LANGUAGE sql STABLE AS $$
  SELECT p.* FROM unnest(s.ids) WITH ORDINALITY hit(id, place) JOIN products p ON p.id = hit.id ORDER BY hit.place
$$;

-- An id that grows with time, as the market's do: its histories are read by id.
CREATE FUNCTION beside.new_id() RETURNS uuid LANGUAGE sql VOLATILE AS $$
  SELECT encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid()) PLACING substring(int8send(floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3) FROM 1 FOR 6), 52, 1), 53, 1), 'hex')::uuid
$$;

CREATE FUNCTION beside.policy(of_kind text) RETURNS json LANGUAGE sql STABLE AS $$
  SELECT value FROM policy_rows WHERE kind = of_kind AND effective_from <= (now() AT TIME ZONE 'Asia/Shanghai')::date::text ORDER BY effective_from DESC LIMIT 1
$$;

-- Places an order as orderPlace does: the same key is the same order. It checks what decides whether and for how much the scale market's
-- products are sold (listing, plan, trial, grants, licence, cap), and writes the same rows; packages, variants, discounts and limited plans
-- are left out.
CREATE FUNCTION place_order(buyer uuid, person uuid, product uuid, plan uuid, purpose text, quantity bigint, licence_version text, idempotency_key text)
RETURNS orders LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  placed orders; p products; pl plans; ceiling price_caps; rule uuid; lines json; total bigint; net bigint;
  hash text := encode(sha256(convert_to(concat_ws('|', product, plan, purpose, quantity, licence_version), 'UTF8')), 'hex');
  licence json := beside.policy('LICENCE'); vat_rate text := beside.policy('VAT_RATE') ->> 'rate';
  today text := (now() AT TIME ZONE 'Asia/Shanghai')::date::text;
BEGIN
  SELECT * INTO placed FROM orders o WHERE o.buyer_id = buyer AND o.idempotency_key = place_order.idempotency_key;
  IF FOUND THEN
    IF placed.request_hash <> hash THEN RAISE EXCEPTION 'IDEMPOTENCY_KEY_REUSED'; END IF;
    RETURN placed;
  END IF;
  SELECT * INTO p FROM products WHERE id = product AND status = 'LISTED';
  IF NOT FOUND THEN RAISE EXCEPTION 'PRODUCT_NOT_LISTED'; END IF;
  SELECT * INTO pl FROM plans WHERE id = plan AND product_id = product AND withdrawn_at IS NULL AND limited_to IS NULL AND settlement = 'PREPAID';
  IF NOT FOUND THEN RAISE EXCEPTION 'PLAN_WITHDRAWN'; END IF;
  IF pl.trial AND beside.trial_over(p.operator_id) THEN RAISE EXCEPTION 'TRIAL_OVER'; END IF;
  IF licence ->> 'version' IS DISTINCT FROM licence_version THEN RAISE EXCEPTION 'LICENCE_CHANGED'; END IF;
  IF NOT beside.granted(product, p.operator_id, purpose) THEN RAISE EXCEPTION 'PURPOSE_NOT_GRANTED'; END IF;
  SELECT id INTO rule FROM allocation_rules WHERE product_id = product AND approved_at IS NOT NULL AND left(effective_from, 10) <= today ORDER BY number DESC LIMIT 1;
  IF NOT FOUND THEN RAISE EXCEPTION 'ALLOCATION_MISSING'; END IF;

  SELECT sum(fen), json_agg(json_build_object('rule', CASE pl.tariff ->> 'scheme' WHEN 'FLAT' THEN 'FLAT' WHEN 'GRADUATED' THEN 'GRADUATED_BAND' ELSE 'VOLUME_TIER' END,
    'band', place - 1, 'from', since, 'to', until, 'quantity', until - since + 1, 'rate', rate, 'amountFen', fen) ORDER BY place)
  INTO total, lines
  FROM (
    SELECT place, rate, since, until, round(rate::numeric * (until - since + 1) * 100)::bigint AS fen
    FROM (
      SELECT place, band ->> 'rate' AS rate,
        CASE WHEN pl.tariff ->> 'scheme' = 'VOLUME' THEN 1 ELSE coalesce(lag((band ->> 'upTo')::bigint) OVER (ORDER BY place), 0) + 1 END AS since,
        least(quantity, coalesce((band ->> 'upTo')::bigint, quantity)) AS until,
        coalesce(lag((band ->> 'upTo')::bigint) OVER (ORDER BY place), 0) AS below, (band ->> 'upTo')::bigint AS up_to
      FROM json_array_elements(pl.tariff -> 'bands') WITH ORDINALITY bands(band, place)
    ) reached
    WHERE quantity > below AND (pl.tariff ->> 'scheme' <> 'VOLUME' OR up_to IS NULL OR quantity <= up_to)
  ) charged;
  IF total = 0 THEN RAISE EXCEPTION 'TOTAL_BELOW_FEN'; END IF;
  IF NOT pl.trial THEN
    SELECT * INTO ceiling FROM price_caps c WHERE c.product_id = product AND c.mode = pl.mode AND c.effective_from <= today
      AND c.period_unit = coalesce(pl.tariff #>> '{period,unit}', '') AND c.period_count = coalesce((pl.tariff #>> '{period,count}')::bigint, 0) ORDER BY c.effective_from DESC LIMIT 1;
    IF NOT FOUND THEN RAISE EXCEPTION 'CAP_MISSING'; END IF;
    IF total > round(ceiling.rate::numeric * quantity * 100) THEN RAISE EXCEPTION 'PRICE_OVER_CAP'; END IF;
  END IF;
  net := round(total / (1 + vat_rate::numeric));

  INSERT INTO orders (id, created_at, version, status, purpose, quantity, net_fen, vat_fen, total_fen, terms, idempotency_key, request_hash, buyer_id, product_id, plan_id, person_id, expires_at)
  VALUES (beside.new_id(), now(), 1, 'PLACED', purpose, quantity, net, total - net, total,
    json_build_object('productName', p.name, 'productNameEn', p.name_en, 'productContentNumber', p.content_number, 'planName', pl.name, 'planNameEn', pl.name_en,
      'termMonths', pl.term_months, 'tariff', pl.tariff, 'settlement', pl.settlement,
      'quotation', json_build_object('Lines', lines, 'NetFen', net, 'VATFen', total - net, 'TotalFen', total, 'Priced', quantity, 'Purpose', purpose, 'Quantity', quantity, 'VATRate', vat_rate,
        'Cap', CASE WHEN ceiling.id IS NOT NULL THEN json_build_object('mode', ceiling.mode, 'rate', ceiling.rate) END, 'Trial', pl.trial, 'Reason', 'PAID_BY_PURPOSE',
        'Quota', json_build_object('Calls', CASE WHEN pl.mode = 'PER_CALL' THEN quantity ELSE 0 END, 'Megabytes', CASE WHEN pl.mode = 'PER_VOLUME' THEN quantity ELSE 0 END, 'Items', 0,
          'Term', json_build_object('unit', coalesce(pl.tariff #>> '{period,unit}', ''), 'count', coalesce((pl.tariff #>> '{period,count}')::bigint, 0) * quantity),
          'Unlimited', pl.mode IN ('PER_PERIOD', 'PER_PRODUCT'))),
      'allocationRuleId', rule, 'licence', licence),
    place_order.idempotency_key, hash, buyer, product, plan, person, now() + make_interval(hours => (beside.policy('RESERVATION') ->> 'hours')::int))
  RETURNING * INTO placed;
  INSERT INTO audit_records (id, created_at, person_id, organisation_id, action, subject_kind, subject_id, change, reason, request_id)
  VALUES (beside.new_id(), now(), person, buyer, 'orderPlace', 'Order', placed.id,
    json_build_object('licence', licence_version, 'plan', plan, 'product', product, 'purpose', purpose, 'quantity', quantity, 'totalFen', total), '', gen_random_uuid()::text);
  RETURN placed;
END $$;

-- Pays an order with the test provider as orderPay does, in one transaction: the payment under its key, the right, what is posted to
-- whom, the notices to buyer and operator, the audit. It returns the right.
CREATE FUNCTION pay_order(buyer uuid, person uuid, order_id uuid, idempotency_key text) RETURNS entitlements LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  paid orders; given entitlements; operator uuid; payment uuid := beside.new_id(); entry uuid := beside.new_id(); request text := gen_random_uuid()::text; payees json := beside.policy('PAYEE');
  quota json; clearing uuid; months int;
BEGIN
  SELECT * INTO paid FROM orders o WHERE o.id = pay_order.order_id AND o.buyer_id = buyer FOR UPDATE;
  IF NOT FOUND THEN RAISE EXCEPTION 'NOT_FOUND'; END IF;
  IF paid.status = 'PAID' AND EXISTS (SELECT FROM payments y WHERE y.order_id = paid.id AND y.idempotency_key = pay_order.idempotency_key) THEN
    SELECT * INTO given FROM entitlements e WHERE e.order_id = paid.id;
    RETURN given;
  END IF;
  IF paid.status <> 'PLACED' OR paid.expires_at < now() THEN RAISE EXCEPTION 'ORDER_NOT_PAYABLE'; END IF;
  SELECT p.operator_id INTO operator FROM products p WHERE p.id = paid.product_id AND p.status = 'LISTED';
  IF NOT FOUND THEN RAISE EXCEPTION 'PRODUCT_NOT_LISTED'; END IF;

  INSERT INTO payments (id, created_at, version, provider, state, reference, amount_fen, idempotency_key, settled_at, order_id, expires_at)
  VALUES (payment, now(), 2, 'test', 'SUCCEEDED', 'test-' || payment, paid.total_fen, pay_order.idempotency_key, now(), paid.id, paid.expires_at);
  UPDATE orders SET status = 'PAID', paid_at = now(), version = version + 2 WHERE id = paid.id RETURNING * INTO paid;

  quota := paid.terms #> '{quotation,Quota}';
  months := CASE WHEN (quota #>> '{Term,count}')::int > 0 THEN (quota #>> '{Term,count}')::int ELSE (paid.terms ->> 'termMonths')::int END;
  INSERT INTO entitlements (id, created_at, version, purpose, scenario, status, quota_calls, quota_bytes, used_calls, used_bytes, starts_at, ends_at, organisation_id, product_id, order_id)
  VALUES (beside.new_id(), now(), 1, paid.purpose, '', 'ACTIVE', nullif((quota ->> 'Calls')::bigint, 0), nullif((quota ->> 'Megabytes')::bigint, 0) * 1000000, 0, 0, now(),
    ((now() AT TIME ZONE 'Asia/Shanghai')::date + make_interval(months => months) + interval '1 day') AT TIME ZONE 'Asia/Shanghai', buyer, paid.product_id, paid.id)
  RETURNING * INTO given;

  INSERT INTO notifications (id, created_at, kind, subject_kind, subject_id, params, organisation_id)
  SELECT beside.new_id(), now(), 'ORDER_PAID', 'ORDER', paid.id,
    json_build_object('amount', (paid.total_fen / 100.0)::numeric(20, 2)::text, 'currency', 'CNY', 'productName', paid.terms ->> 'productName', 'productNameEn', paid.terms ->> 'productNameEn'), told
  FROM unnest(ARRAY[buyer, operator]) told;

  SELECT id INTO clearing FROM accounts WHERE code = 'CLEARING';
  INSERT INTO entries (id, created_at, kind, key, order_id, payment_id) VALUES (entry, now(), 'PAYMENT', 'PAYMENT:' || payment, paid.id, payment);
  WITH weighed AS (
    SELECT part, place, (part ->> 'weight')::bigint AS weight, r.whole, paid.net_fen * (part ->> 'weight')::bigint AS exact
    FROM allocation_rules r, json_array_elements(r.parts) WITH ORDINALITY parts(part, place) WHERE r.id = (paid.terms ->> 'allocationRuleId')::uuid
  ), cut AS ( -- a fen that is left over goes to the largest remainders, among equals to the first
    SELECT part, place, exact / whole + CASE WHEN row_number() OVER (ORDER BY exact % whole DESC, place) <= paid.net_fen - sum(exact / whole) OVER () THEN 1 ELSE 0 END AS fen FROM weighed
  ), moved AS (
    SELECT 0 AS place, paid.total_fen AS fen, a.id AS since, clearing AS towards, NULL::text AS channel, '' AS basis, NULL::uuid AS contributor FROM accounts a WHERE a.code = 'PROVIDER:test'
    UNION ALL SELECT 1, paid.vat_fen, clearing, a.id, NULL, '', NULL FROM accounts a WHERE a.code = 'VAT' AND paid.vat_fen > 0
    UNION ALL SELECT 1 + c.place, c.fen, clearing, a.id, c.part ->> 'channel', c.part ->> 'basis', o.id
      FROM cut c JOIN organisations o ON o.id = (c.part ->> 'contributor')::uuid
      JOIN accounts a ON a.code = CASE payees ->> o.legal_form WHEN 'TREASURY' THEN 'TREASURY' ELSE 'CONTRIBUTOR:' || o.id END
      WHERE c.fen > 0
  )
  INSERT INTO postings (id, created_at, position, amount_fen, channel, basis, entry_id, from_account_id, to_account_id, contributor_id, product_id, allocation_rule_id)
  SELECT beside.new_id(), now(), row_number() OVER (ORDER BY place) - 1, fen, channel, basis, entry, since, towards, contributor, paid.product_id,
    CASE WHEN contributor IS NOT NULL THEN (paid.terms ->> 'allocationRuleId')::uuid END
  FROM moved;

  INSERT INTO audit_records (id, created_at, person_id, organisation_id, action, subject_kind, subject_id, change, reason, request_id) VALUES
    (beside.new_id(), now(), person, buyer, 'orderPay', 'Order', paid.id, json_build_object('amountFen', paid.total_fen, 'payment', payment, 'provider', 'test'), '', request),
    (beside.new_id(), now(), person, buyer, 'paymentSettle', 'Order', paid.id, json_build_object('payment', payment, 'state', 'SUCCEEDED'), '', request);
  RETURN given;
END $$;

COMMENT ON COLUMN plans.withdrawn_at IS '@behavior +attribute:filterBy';
COMMENT ON TABLE entitlements IS '@unique order_id';
