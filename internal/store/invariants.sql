-- What must hold of money and rights at every moment. Each statement selects the rows that break it, as text, and none
-- when it holds. Plain SQL for SQLite and Postgres; every statement sees one state of the database.
-- Payments are counted by order first and state second: SQLite would else look all those of a state up for each order.
-- A statement begins at a line "-- name:" and ends before the next.

-- name: an order is paid if and only if it has exactly one entitlement
SELECT CAST(o.id AS text) FROM orders o
WHERE (SELECT count(*) FROM entitlements e WHERE e.order_id = o.id) <> CASE o.status WHEN 'PAID' THEN 1 ELSE 0 END;

-- name: an order is paid if and only if exactly one payment of its total succeeded
SELECT CAST(o.id AS text) FROM orders o
WHERE (SELECT count(CASE p.state WHEN 'SUCCEEDED' THEN 1 END) FROM payments p WHERE p.order_id = o.id) <> CASE o.status WHEN 'PAID' THEN 1 ELSE 0 END
   OR EXISTS (SELECT 1 FROM payments p WHERE p.order_id = o.id AND p.amount_fen <> o.total_fen);

-- name: at most one payment of an order is on its way, and none of one that is cancelled or paid
SELECT CAST(o.id AS text) FROM orders o
WHERE (SELECT count(CASE p.state WHEN 'PENDING' THEN 1 END) FROM payments p WHERE p.order_id = o.id) > CASE o.status WHEN 'PLACED' THEN 1 ELSE 0 END;

-- name: an order is paid with more than nothing if and only if it has exactly one entry, of the payment that succeeded
SELECT CAST(o.id AS text) FROM orders o
WHERE (SELECT count(*) FROM entries n JOIN payments p ON p.id = n.payment_id AND p.order_id = o.id AND p.state = 'SUCCEEDED'
       WHERE n.order_id = o.id AND EXISTS (SELECT 1 FROM postings t WHERE t.entry_id = n.id))
      <> CASE WHEN o.status = 'PAID' AND o.total_fen > 0 THEN 1 ELSE 0 END
   OR (SELECT count(*) FROM entries n WHERE n.order_id = o.id) <> CASE WHEN o.status = 'PAID' AND o.total_fen > 0 THEN 1 ELSE 0 END;

-- name: an order has dates that fit its status
SELECT CAST(o.id AS text) FROM orders o
WHERE (o.paid_at IS NOT NULL) <> (o.status = 'PAID') OR (o.cancelled_at IS NOT NULL) <> (o.status = 'CANCELLED');

-- name: an order's total is net and VAT, and its purpose pays
SELECT CAST(o.id AS text) FROM orders o
WHERE o.total_fen <> o.net_fen + o.vat_fen OR o.net_fen < 0 OR o.vat_fen < 0 OR o.quantity <= 0 OR o.purpose NOT IN ('INDUSTRY', 'SECTOR');

-- name: what an entry takes from the provider is the order's total
SELECT CAST(n.id AS text) FROM entries n JOIN orders o ON o.id = n.order_id
WHERE o.total_fen <> (SELECT coalesce(sum(t.amount_fen), 0) FROM postings t JOIN accounts a ON a.id = t.from_account_id WHERE t.entry_id = n.id AND a.kind = 'PROVIDER');

-- name: what an entry gives to VAT is the order's VAT
SELECT CAST(n.id AS text) FROM entries n JOIN orders o ON o.id = n.order_id
WHERE o.vat_fen <> (SELECT coalesce(sum(t.amount_fen), 0) FROM postings t JOIN accounts a ON a.id = t.to_account_id WHERE t.entry_id = n.id AND a.kind = 'VAT');

-- name: the shares of an entry are the order's net
SELECT CAST(n.id AS text) FROM entries n JOIN orders o ON o.id = n.order_id
WHERE o.net_fen <> (SELECT coalesce(sum(t.amount_fen), 0) FROM postings t JOIN accounts a ON a.id = t.to_account_id
                    WHERE t.entry_id = n.id AND a.kind IN ('TREASURY', 'CONTRIBUTOR') AND t.contributor_id IS NOT NULL);

-- name: nothing of an entry stays in clearing
SELECT CAST(t.entry_id AS text) FROM postings t
JOIN accounts f ON f.id = t.from_account_id JOIN accounts a ON a.id = t.to_account_id
GROUP BY t.entry_id
HAVING sum(CASE WHEN a.kind = 'CLEARING' THEN t.amount_fen ELSE 0 END) <> sum(CASE WHEN f.kind = 'CLEARING' THEN t.amount_fen ELSE 0 END);

-- name: a posting moves a positive amount between two accounts, one of them clearing
SELECT CAST(t.id AS text) FROM postings t
JOIN accounts f ON f.id = t.from_account_id JOIN accounts a ON a.id = t.to_account_id
WHERE t.amount_fen <= 0 OR t.from_account_id = t.to_account_id OR (f.kind = 'CLEARING') = (a.kind = 'CLEARING');

-- name: a share names contributor, rule, channel and basis, and rests with the treasury or its contributor
SELECT CAST(t.id AS text) FROM postings t JOIN accounts a ON a.id = t.to_account_id
WHERE (a.kind IN ('TREASURY', 'CONTRIBUTOR')) <> (t.contributor_id IS NOT NULL)
   OR t.contributor_id IS NOT NULL AND (t.allocation_rule_id IS NULL OR t.channel IS NULL OR t.basis = '')
   OR a.kind = 'CONTRIBUTOR' AND (a.organisation_id IS NULL OR a.organisation_id <> t.contributor_id);

-- name: a posting is of its order's product, and a share by a rule of that product
SELECT CAST(t.id AS text) FROM postings t
JOIN entries n ON n.id = t.entry_id JOIN orders o ON o.id = n.order_id LEFT JOIN allocation_rules r ON r.id = t.allocation_rule_id
WHERE t.product_id IS NULL OR t.product_id <> o.product_id OR r.id IS NOT NULL AND r.product_id <> o.product_id;

-- name: no two accounts are the same
SELECT min(CAST(a.id AS text)) FROM accounts a GROUP BY a.code HAVING count(*) > 1
UNION ALL
SELECT min(CAST(a.id AS text)) FROM accounts a WHERE a.organisation_id IS NOT NULL GROUP BY a.organisation_id HAVING count(*) > 1;

-- name: an entitlement's used calls are its uses
SELECT CAST(e.id AS text) FROM entitlements e WHERE e.used_calls <> (SELECT count(*) FROM usages u WHERE u.entitlement_id = e.id);

-- name: an entitlement's used bytes are those of its uses
SELECT CAST(e.id AS text) FROM entitlements e WHERE e.used_bytes <> (SELECT coalesce(sum(u.bytes), 0) FROM usages u WHERE u.entitlement_id = e.id);

-- name: an entitlement is within its quota
SELECT CAST(e.id AS text) FROM entitlements e WHERE e.used_calls > e.quota_calls OR e.used_bytes > e.quota_bytes;

-- name: an entitlement's quota is what was bought
SELECT CAST(e.id AS text) FROM entitlements e JOIN orders o ON o.id = e.order_id JOIN plans l ON l.id = o.plan_id
WHERE coalesce(e.quota_calls, 0) <> CASE l.mode WHEN 'PER_CALL' THEN o.quantity ELSE 0 END
   OR coalesce(e.quota_bytes, 0) <> CASE l.mode WHEN 'PER_VOLUME' THEN o.quantity * 1000000 ELSE 0 END;

-- name: an entitlement is for its order's buyer, product and purpose
SELECT CAST(e.id AS text) FROM entitlements e JOIN orders o ON o.id = e.order_id
WHERE e.organisation_id <> o.buyer_id OR e.product_id <> o.product_id OR e.purpose <> o.purpose;

-- name: a free entitlement comes from an approved application for free use, and serves its applicant, its product and a free purpose
SELECT CAST(e.id AS text) FROM entitlements e LEFT JOIN proceedings p ON p.id = e.proceeding_id
WHERE e.order_id IS NULL AND (p.id IS NULL OR p.kind <> 'FREE_USE_APPLICATION' OR p.state <> 'APPROVED'
      OR p.applicant_id <> e.organisation_id OR p.subject_id <> e.product_id OR e.purpose NOT IN ('GOVERNANCE', 'WELFARE'));

-- name: an approved application for free use has its entitlement
SELECT CAST(p.id AS text) FROM proceedings p
WHERE p.kind = 'FREE_USE_APPLICATION' AND p.state = 'APPROVED' AND NOT EXISTS (SELECT 1 FROM entitlements e WHERE e.proceeding_id = p.id);

-- name: a use is of its entitlement's product, purpose and credential
SELECT CAST(u.id AS text) FROM usages u JOIN entitlements e ON e.id = u.entitlement_id JOIN credentials c ON c.id = u.credential_id
WHERE u.product_id <> e.product_id OR u.purpose <> e.purpose OR c.entitlement_id <> e.id;

-- name: a download that was metered is a use of its entitlement
SELECT CAST(d.id AS text) FROM downloads d
WHERE d.usage_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM usages u WHERE u.id = d.usage_id AND u.entitlement_id = d.entitlement_id AND u.kind = 'FILE');

-- name: a credential ends with its entitlement at the latest
SELECT CAST(c.id AS text) FROM credentials c JOIN entitlements e ON e.id = c.entitlement_id WHERE c.expires_at > e.ends_at;

-- name: a listed product serves an accepted dataset of its own
SELECT CAST(p.id AS text) FROM products p
WHERE p.status = 'LISTED' AND NOT EXISTS (SELECT 1 FROM datasets d WHERE d.id = p.dataset_id AND d.product_id = p.id AND d.accepted);
