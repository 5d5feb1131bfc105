-- A period has a unit: {"periodMonths": 3} becomes {"period": {"unit": "MONTH", "count": 3}}, and a quota's months a term.
-- What an order was agreed under keeps its content; only its form follows the program's.

UPDATE plans SET tariff = json_remove(json_set(tariff, '$.period', json_object('unit', 'MONTH', 'count', json_extract(tariff, '$.periodMonths'))), '$.periodMonths')
WHERE json_extract(tariff, '$.periodMonths') IS NOT NULL;

UPDATE orders SET terms = json_remove(json_set(terms, '$.tariff.period', json_object('unit', 'MONTH', 'count', json_extract(terms, '$.tariff.periodMonths'))), '$.tariff.periodMonths')
WHERE json_extract(terms, '$.tariff.periodMonths') IS NOT NULL;

UPDATE orders SET terms = json_remove(json_set(terms, '$.quotation.Cap.period', json_object('unit', 'MONTH', 'count', json_extract(terms, '$.quotation.Cap.periodMonths'))), '$.quotation.Cap.periodMonths')
WHERE json_extract(terms, '$.quotation.Cap.periodMonths') IS NOT NULL;

UPDATE orders SET terms = json_remove(json_set(terms, '$.quotation.Quota.Term', json_object('unit', CASE WHEN json_extract(terms, '$.quotation.Quota.Months') > 0 THEN 'MONTH' ELSE '' END, 'count', json_extract(terms, '$.quotation.Quota.Months'))), '$.quotation.Quota.Months')
WHERE json_extract(terms, '$.quotation.Quota.Months') IS NOT NULL;
