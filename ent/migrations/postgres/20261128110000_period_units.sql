-- A period has a unit: {"periodMonths": 3} becomes {"period": {"unit": "MONTH", "count": 3}}, and a quota's months a term.
-- What an order was agreed under keeps its content; only its form follows the program's.

UPDATE plans SET tariff = jsonb_set(tariff::jsonb #- '{periodMonths}', '{period}', jsonb_build_object('unit', 'MONTH', 'count', tariff #> '{periodMonths}'))::json
WHERE tariff #> '{periodMonths}' IS NOT NULL;

UPDATE orders SET terms = jsonb_set(terms::jsonb #- '{tariff,periodMonths}', '{tariff,period}', jsonb_build_object('unit', 'MONTH', 'count', terms #> '{tariff,periodMonths}'))::json
WHERE terms #> '{tariff,periodMonths}' IS NOT NULL;

UPDATE orders SET terms = jsonb_set(terms::jsonb #- '{quotation,Cap,periodMonths}', '{quotation,Cap,period}', jsonb_build_object('unit', 'MONTH', 'count', terms #> '{quotation,Cap,periodMonths}'))::json
WHERE terms #> '{quotation,Cap,periodMonths}' IS NOT NULL;

UPDATE orders SET terms = jsonb_set(terms::jsonb #- '{quotation,Quota,Months}', '{quotation,Quota,Term}', jsonb_build_object('unit', CASE WHEN terms #>> '{quotation,Quota,Months}' <> '0' THEN 'MONTH' ELSE '' END, 'count', terms #> '{quotation,Quota,Months}'))::json
WHERE terms #> '{quotation,Quota,Months}' IS NOT NULL;
