-- What must hold of money and rights at every moment. Each statement selects the rows that break it, as text, and none
-- when it holds. Plain SQL for SQLite and Postgres; every statement sees one state of the database.
-- Payments are counted by order first and state second: SQLite would else look all those of a state up for each order.
-- {month of p} is the month of Asia/Shanghai in which a posting p was written, {lines of b} is the table l of the lines
-- of a payout batch b, one in each value; each database has its own words for that.
-- A statement begins at a line "-- name:" and ends before the next.

-- name: an order is paid if and only if it has exactly one entitlement
SELECT CAST(o.id AS text) FROM orders o
WHERE (SELECT count(*) FROM entitlements e WHERE e.order_id = o.id) <> CASE o.status WHEN 'PAID' THEN 1 ELSE 0 END;

-- name: of a plan that is limited in number, as many orders are taken as are kept, or paid and not given back whole
SELECT CAST(l.id AS text) FROM plans l
WHERE l.limited_to IS NOT NULL AND l.taken <> (SELECT count(*) FROM orders o WHERE o.plan_id = l.id AND (o.status = 'PLACED' OR o.status = 'PAID'
  AND (o.total_fen = 0 OR o.total_fen > coalesce((SELECT sum(r.amount_fen) FROM refunds r WHERE r.order_id = o.id AND r.status = 'PAID'), 0))));

-- name: an order is paid if and only if exactly one payment of its total succeeded, or it costs nothing
SELECT CAST(o.id AS text) FROM orders o
WHERE (SELECT count(CASE p.state WHEN 'SUCCEEDED' THEN 1 END) FROM payments p WHERE p.order_id = o.id AND p.bill_id IS NULL)
      NOT BETWEEN CASE WHEN o.status = 'PAID' AND o.total_fen > 0 THEN 1 ELSE 0 END AND CASE o.status WHEN 'PAID' THEN 1 ELSE 0 END
   OR EXISTS (SELECT 1 FROM payments p WHERE p.order_id = o.id AND p.bill_id IS NULL AND p.amount_fen <> o.total_fen);

-- name: at most one payment of an order is on its way, and none of one that is cancelled or paid
SELECT CAST(o.id AS text) FROM orders o
WHERE (SELECT count(CASE WHEN p.state IN ('PREPARED', 'PENDING', 'UNKNOWN', 'RECONCILING') THEN 1 END) FROM payments p WHERE p.order_id = o.id AND p.bill_id IS NULL) > CASE o.status WHEN 'PLACED' THEN 1 ELSE 0 END;

-- name: what is owed of a bill is its total less what payments brought, and what banks took back of them again; one payment of it at most is on its way
SELECT CAST(b.id AS text) FROM bills b
WHERE b.owed_fen <> b.total_fen - (SELECT coalesce(sum(p.amount_fen), 0) FROM payments p WHERE p.bill_id = b.id AND p.state = 'SUCCEEDED')
       + (SELECT coalesce(sum(r.amount_fen), 0) FROM refunds r JOIN payments p ON p.id = r.payment_id WHERE p.bill_id = b.id AND r.dispute_id IS NOT NULL AND r.status = 'PAID')
   OR (SELECT count(CASE WHEN p.state IN ('PREPARED', 'PENDING', 'UNKNOWN', 'RECONCILING') THEN 1 END) FROM payments p WHERE p.bill_id = b.id) > CASE b.status WHEN 'ISSUED' THEN 1 ELSE 0 END
   OR EXISTS (SELECT 1 FROM payments p WHERE p.bill_id = b.id AND (p.amount_fen > b.total_fen OR p.order_id <> b.order_id))
   OR (b.paid_at IS NOT NULL) <> (b.status = 'PAID');

-- name: a bill is of a metered order that is confirmed, and of its buyer and product
SELECT CAST(b.id AS text) FROM bills b JOIN orders o ON o.id = b.order_id JOIN plans l ON l.id = o.plan_id
WHERE l.settlement <> 'METERED' OR o.status <> 'PAID' OR b.buyer_id <> o.buyer_id OR b.product_id <> o.product_id;

-- name: a bill brings the credit that the one before carried
SELECT CAST(b.id AS text) FROM bills b
WHERE b.brought_fen <> coalesce((SELECT p.carried_fen FROM bills p WHERE p.order_id = b.order_id AND p.month < b.month ORDER BY p.month DESC LIMIT 1), 0);

-- name: a payment of a bill has exactly one entry if and only if it succeeded
SELECT CAST(p.id AS text) FROM payments p
WHERE p.bill_id IS NOT NULL AND (SELECT count(*) FROM entries n WHERE n.payment_id = p.id AND n.kind = 'PAYMENT' AND EXISTS (SELECT 1 FROM postings t WHERE t.entry_id = n.id))
      <> CASE p.state WHEN 'SUCCEEDED' THEN 1 ELSE 0 END;

-- name: an order is paid with more than nothing if and only if it has exactly one entry, of the payment that succeeded
SELECT CAST(o.id AS text) FROM orders o
WHERE (SELECT count(*) FROM entries n JOIN payments p ON p.id = n.payment_id AND p.order_id = o.id AND p.bill_id IS NULL AND p.state = 'SUCCEEDED'
       WHERE n.order_id = o.id AND n.kind = 'PAYMENT' AND EXISTS (SELECT 1 FROM postings t WHERE t.entry_id = n.id))
      <> CASE WHEN o.status = 'PAID' AND o.total_fen > 0 THEN 1 ELSE 0 END
   OR (SELECT count(*) FROM entries n LEFT JOIN payments p ON p.id = n.payment_id WHERE n.order_id = o.id AND n.kind = 'PAYMENT' AND p.bill_id IS NULL) <> CASE WHEN o.status = 'PAID' AND o.total_fen > 0 THEN 1 ELSE 0 END;

-- name: an order has dates that fit its status
SELECT CAST(o.id AS text) FROM orders o
WHERE (o.paid_at IS NOT NULL) <> (o.status = 'PAID') OR (o.cancelled_at IS NOT NULL) <> (o.status IN ('CANCELLED', 'EXPIRED'));

-- name: an order's total is net and VAT, and its purpose pays
SELECT CAST(o.id AS text) FROM orders o
WHERE o.total_fen <> o.net_fen + o.vat_fen OR o.net_fen < 0 OR o.vat_fen < 0 OR o.quantity <= 0 OR o.purpose NOT IN ('INDUSTRY', 'SECTOR');

-- name: what an entry of a payment takes from the provider is the total of the order, or what was paid of the bill
SELECT CAST(n.id AS text) FROM entries n JOIN orders o ON o.id = n.order_id JOIN payments p ON p.id = n.payment_id
WHERE n.kind = 'PAYMENT' AND CASE WHEN p.bill_id IS NULL THEN o.total_fen ELSE p.amount_fen END <> (SELECT coalesce(sum(t.amount_fen), 0) FROM postings t JOIN accounts a ON a.id = t.from_account_id WHERE t.entry_id = n.id AND a.kind = 'PROVIDER');

-- name: what an entry of a payment gives to VAT is the VAT of the order or bill, of a part of a bill its part but for rounding
SELECT CAST(n.id AS text) FROM entries n JOIN orders o ON o.id = n.order_id JOIN payments p ON p.id = n.payment_id LEFT JOIN bills b ON b.id = p.bill_id
LEFT JOIN (SELECT t.entry_id, sum(t.amount_fen) AS fen FROM postings t JOIN accounts a ON a.id = t.to_account_id WHERE a.kind = 'VAT' GROUP BY t.entry_id) v ON v.entry_id = n.id
WHERE n.kind = 'PAYMENT' AND CASE WHEN p.amount_fen < b.total_fen
      THEN abs(coalesce(v.fen, 0) - 1.0 * b.vat_fen * p.amount_fen / b.total_fen) > 1 ELSE coalesce(v.fen, 0) <> coalesce(b.vat_fen, o.vat_fen) END;

-- name: the shares of an entry of a payment are what it takes from the provider less VAT
SELECT CAST(n.id AS text) FROM entries n JOIN payments p ON p.id = n.payment_id
WHERE n.kind = 'PAYMENT' AND p.amount_fen - (SELECT coalesce(sum(t.amount_fen), 0) FROM postings t JOIN accounts a ON a.id = t.to_account_id WHERE t.entry_id = n.id AND a.kind = 'VAT') <> (SELECT coalesce(sum(t.amount_fen), 0) FROM postings t JOIN accounts a ON a.id = t.to_account_id
                    WHERE t.entry_id = n.id AND a.kind IN ('TREASURY', 'CONTRIBUTOR') AND t.contributor_id IS NOT NULL);

-- name: nothing of an entry stays in clearing
SELECT CAST(t.entry_id AS text) FROM postings t
JOIN accounts f ON f.id = t.from_account_id JOIN accounts a ON a.id = t.to_account_id
GROUP BY t.entry_id
HAVING sum(CASE WHEN a.kind = 'CLEARING' THEN t.amount_fen ELSE 0 END) <> sum(CASE WHEN f.kind = 'CLEARING' THEN t.amount_fen ELSE 0 END);

-- name: a posting moves a positive amount between two accounts, one of them clearing, or between the bank and suspense
SELECT CAST(t.id AS text) FROM postings t JOIN entries n ON n.id = t.entry_id
JOIN accounts f ON f.id = t.from_account_id JOIN accounts a ON a.id = t.to_account_id
WHERE t.amount_fen <= 0 OR t.from_account_id = t.to_account_id
   OR CASE n.kind WHEN 'RECEIPT' THEN f.code <> 'PROVIDER:bank' OR a.kind <> 'SUSPENSE' WHEN 'RELEASE' THEN f.kind <> 'SUSPENSE' OR a.code <> 'PROVIDER:bank'
      ELSE (f.kind = 'CLEARING') = (a.kind = 'CLEARING') END;

-- name: what lies in suspense of a bank line is what of it was neither applied to a whole payment nor returned
SELECT CAST(l.id AS text) FROM bank_lines l LEFT JOIN bank_transfers t ON t.id = l.bank_transfer_id
WHERE coalesce((SELECT sum(CASE n.kind WHEN 'RECEIPT' THEN p.amount_fen ELSE -p.amount_fen END) FROM entries n JOIN postings p ON p.entry_id = n.id WHERE n.bank_line_id = l.id), 0)
   <> CASE WHEN l.amount_fen < 0 THEN 0 ELSE l.amount_fen - CASE WHEN t.state = 'DONE' AND l.state IN ('MATCHED', 'SETTLED') THEN l.applied_fen ELSE 0 END
      - coalesce((SELECT r.received_fen FROM bank_transfers r WHERE r.key = 'RETURN:' || CAST(l.id AS text)), 0) END;

-- name: a bank line is applied and returned as far as it goes, once it waits no more, and what is to be returned is a transfer
SELECT CAST(l.id AS text) FROM bank_lines l
WHERE l.state IN ('QUEUED', 'PROPOSED') AND l.applied_fen + l.returned_fen <> 0
   OR l.state IN ('MATCHED', 'SETTLED') AND (l.amount_fen > 0 OR l.state = 'MATCHED') AND l.applied_fen + l.returned_fen <> abs(l.amount_fen)
   OR l.returned_fen <> coalesce((SELECT r.amount_fen FROM bank_transfers r WHERE r.key = 'RETURN:' || CAST(l.id AS text)), 0);

-- name: what came of a transfer is what lines were applied to it, and of a payment all of it once it is done
SELECT CAST(t.id AS text) FROM bank_transfers t
WHERE t.received_fen <> coalesce((SELECT sum(l.applied_fen) FROM bank_lines l WHERE l.bank_transfer_id = t.id), 0)
   OR t.kind = 'PAYMENT' AND (t.state = 'DONE') <> (t.received_fen = t.amount_fen);

-- name: a payment by transfer is paid only with its transfer, and is of its amount
SELECT CAST(p.id AS text) FROM payments p LEFT JOIN bank_transfers t ON t.payment_id = p.id AND t.kind = 'PAYMENT'
WHERE p.provider = 'bank' AND p.amount_fen > 0 AND (p.state = 'SUCCEEDED' AND (t.state IS NULL OR t.state <> 'DONE') OR t.amount_fen <> p.amount_fen);

-- name: a share that comes or goes back names contributor, rule, channel and basis, and rests with the treasury or its contributor
SELECT CAST(t.id AS text) FROM postings t JOIN entries n ON n.id = t.entry_id
JOIN accounts a ON a.id = CASE n.kind WHEN 'PAYMENT' THEN t.to_account_id ELSE t.from_account_id END
WHERE (a.kind IN ('TREASURY', 'CONTRIBUTOR')) <> (t.contributor_id IS NOT NULL)
   OR n.kind <> 'PAYOUT' AND t.contributor_id IS NOT NULL AND (t.allocation_rule_id IS NULL OR t.channel IS NULL OR t.basis = '')
   OR a.kind = 'CONTRIBUTOR' AND (a.organisation_id IS NULL OR a.organisation_id <> t.contributor_id);

-- name: a posting of an order is of its product, and a share by a rule of that product
SELECT CAST(t.id AS text) FROM postings t
JOIN entries n ON n.id = t.entry_id LEFT JOIN orders o ON o.id = n.order_id LEFT JOIN allocation_rules r ON r.id = t.allocation_rule_id
WHERE n.kind NOT IN ('PAYOUT', 'RECEIPT', 'RELEASE') AND (t.product_id IS NULL OR o.id IS NULL OR t.product_id <> o.product_id OR r.id IS NOT NULL AND r.product_id <> o.product_id);

-- name: an entry is of what its kind says, and only of that
SELECT CAST(n.id AS text) FROM entries n
WHERE (n.payout_batch_id IS NOT NULL) <> (n.kind = 'PAYOUT') OR (n.refund_id IS NOT NULL) <> (n.kind = 'REFUND')
   OR (n.order_id IS NOT NULL) <> (n.kind IN ('PAYMENT', 'REFUND')) OR (n.payment_id IS NOT NULL) <> (n.kind IN ('PAYMENT', 'REFUND'))
   OR (n.bank_line_id IS NOT NULL) <> (n.kind IN ('RECEIPT', 'RELEASE'));

-- name: a share is by a rule that was approved
SELECT CAST(t.id AS text) FROM postings t JOIN allocation_rules r ON r.id = t.allocation_rule_id WHERE r.approved_at IS NULL;

-- name: refunds on their way and done are never more than their payment took
-- What a lost dispute took leaves less for those on their way, which are then refused.
SELECT CAST(p.id AS text) FROM payments p
WHERE EXISTS (SELECT 1 FROM refunds r WHERE r.payment_id = p.id)
  AND (SELECT coalesce(sum(CASE WHEN r.status = 'PAID' OR r.status IN ('REQUESTED', 'APPROVED') AND NOT EXISTS (SELECT 1 FROM disputes d WHERE d.payment_id = p.id AND d.state = 'LOST')
       THEN r.amount_fen ELSE 0 END), 0) FROM refunds r WHERE r.payment_id = p.id)
      > CASE p.state WHEN 'SUCCEEDED' THEN p.amount_fen ELSE 0 END;

-- name: a refund is paid if and only if it has exactly one entry, which gives the provider its amount
SELECT CAST(r.id AS text) FROM refunds r
WHERE (SELECT count(*) FROM entries n WHERE n.order_id = r.order_id AND n.refund_id = r.id) <> CASE r.status WHEN 'PAID' THEN 1 ELSE 0 END
   OR r.status = 'PAID' AND r.amount_fen <> (SELECT coalesce(sum(t.amount_fen), 0) FROM entries n JOIN postings t ON t.entry_id = n.id JOIN accounts a ON a.id = t.to_account_id
                                             WHERE n.order_id = r.order_id AND n.refund_id = r.id AND a.kind = 'PROVIDER')
   OR (r.paid_at IS NOT NULL) <> (r.status = 'PAID')
   OR NOT EXISTS (SELECT 1 FROM payments p WHERE p.id = r.payment_id AND p.order_id = r.order_id);

-- name: a dispute is of a payment that took money, and a refund of it was lost and no more than it asked
SELECT CAST(d.id AS text) FROM disputes d LEFT JOIN payments p ON p.id = d.payment_id LEFT JOIN refunds r ON r.dispute_id = d.id
WHERE p.state <> 'SUCCEEDED' OR p.order_id <> d.order_id OR r.id IS NOT NULL AND (d.state <> 'LOST' OR r.payment_id <> d.payment_id OR r.status <> 'PAID' OR r.amount_fen > d.amount_fen);

-- name: the right of an order whose payment is disputed is not in use
SELECT CAST(e.id AS text) FROM disputes d JOIN entitlements e ON e.order_id = d.order_id WHERE d.state = 'OPEN' AND e.status = 'ACTIVE';

-- name: what refunds took back of a share, or of VAT, is never more than it was, and all of it once everything went back
SELECT min(CAST(p.id AS text)) FROM payments p JOIN entries n ON n.payment_id = p.id JOIN postings t ON t.entry_id = n.id
JOIN accounts a ON a.id = CASE n.kind WHEN 'PAYMENT' THEN t.to_account_id ELSE t.from_account_id END
WHERE p.id IN (SELECT payment_id FROM refunds WHERE status = 'PAID') AND a.kind <> 'CLEARING'
GROUP BY p.id, a.id, t.contributor_id, t.channel, t.basis
HAVING sum(CASE n.kind WHEN 'PAYMENT' THEN t.amount_fen ELSE -t.amount_fen END) < 0
    OR sum(CASE n.kind WHEN 'PAYMENT' THEN t.amount_fen ELSE -t.amount_fen END) <> 0
       AND (SELECT sum(r.amount_fen) FROM refunds r WHERE r.payment_id = p.id AND r.status = 'PAID') = max(p.amount_fen);

-- name: an invoice that was issued, less the red ones to it, says what was paid by its payment and not refunded
SELECT CAST(i.id AS text) FROM invoices i JOIN payments p ON p.id = i.payment_id
WHERE i.colour = 'BLUE' AND i.status = 'ISSUED'
  AND i.total_fen - (SELECT coalesce(sum(r.total_fen), 0) FROM invoices r WHERE r.blue_id = i.id)
   <> p.amount_fen - (SELECT coalesce(sum(f.amount_fen), 0) FROM refunds f WHERE f.payment_id = p.id AND f.status = 'PAID');

-- name: an invoice is of a payment that succeeded, of the same order and bill, and live for it alone
SELECT CAST(i.id AS text) FROM invoices i JOIN payments p ON p.id = i.payment_id
WHERE p.state <> 'SUCCEEDED' OR p.order_id <> i.order_id OR coalesce(CAST(p.bill_id AS text), '') <> coalesce(CAST(i.bill_id AS text), '') OR i.live_for <> i.payment_id;

-- name: a red invoice is to one that was issued, for a refund of the same order that is paid, and takes back no more than it gave
SELECT CAST(r.id AS text) FROM invoices r JOIN invoices b ON b.id = r.blue_id LEFT JOIN refunds f ON f.id = r.refund_id
WHERE b.colour <> 'BLUE' OR b.status <> 'ISSUED' OR b.order_id <> r.order_id OR b.buyer_id <> r.buyer_id OR f.id IS NULL OR f.status <> 'PAID' OR f.order_id <> r.order_id
   OR r.total_fen > f.amount_fen;

-- name: a statement opens with what the one before it closed
SELECT CAST(s.id AS text) FROM statements s
JOIN statements b ON b.contributor_id = s.contributor_id AND b.month = (SELECT max(c.month) FROM statements c WHERE c.contributor_id = s.contributor_id AND c.month < s.month)
WHERE s.status = 'FINAL' AND s.opening_fen <> b.closing_fen;

-- name: a final statement says what the ledger says of its month
SELECT CAST(s.id AS text) FROM statements s LEFT JOIN (
  SELECT p.contributor_id, {month of p} AS month,
    sum(CASE n.kind WHEN 'PAYMENT' THEN p.amount_fen ELSE 0 END) AS earned, sum(CASE n.kind WHEN 'REFUND' THEN p.amount_fen ELSE 0 END) AS reversed,
    sum(CASE n.kind WHEN 'PAYOUT' THEN p.amount_fen ELSE 0 END) AS paid
  FROM postings p JOIN entries n ON n.id = p.entry_id WHERE p.contributor_id IS NOT NULL GROUP BY 1, 2
) l ON l.contributor_id = s.contributor_id AND l.month = s.month
WHERE s.status = 'FINAL' AND (s.earned_fen <> coalesce(l.earned, 0) OR s.reversed_fen <> coalesce(l.reversed, 0) OR s.paid_fen <> coalesce(l.paid, 0));

-- name: a contributor that earned in a month with final statements has one of it
SELECT CAST(l.contributor_id AS text) FROM (SELECT DISTINCT p.contributor_id, {month of p} AS month FROM postings p WHERE p.contributor_id IS NOT NULL) l
WHERE EXISTS (SELECT 1 FROM statements s WHERE s.month = l.month AND s.status = 'FINAL')
  AND NOT EXISTS (SELECT 1 FROM statements s WHERE s.contributor_id = l.contributor_id AND s.month = l.month);

-- name: no batch pays more than its lines, and a line that was paid has its entry
SELECT CAST(b.id AS text) FROM payout_batches b
WHERE (SELECT coalesce(sum(t.amount_fen), 0) FROM entries n JOIN postings t ON t.entry_id = n.id WHERE n.payout_batch_id = b.id AND t.contributor_id IS NOT NULL)
      > CASE WHEN b.status IN ('APPROVED', 'DONE') THEN b.total_fen ELSE 0 END;

-- name: a line of a batch that was paid names the account into which it went, but for the treasury's
SELECT DISTINCT CAST(b.id AS text) FROM payout_batches b JOIN {lines of b} ON l.value ->> 'state' = 'CONFIRMED'
WHERE l.value ->> 'payee' <> 'TREASURY' AND coalesce(l.value -> 'account' ->> 'number', '') = '';

-- name: no two accounts are the same
SELECT min(CAST(a.id AS text)) FROM accounts a GROUP BY a.code HAVING count(*) > 1
UNION ALL
SELECT min(CAST(a.id AS text)) FROM accounts a WHERE a.organisation_id IS NOT NULL GROUP BY a.organisation_id HAVING count(*) > 1;

-- name: an entitlement's used calls are those of its uses
SELECT CAST(e.id AS text) FROM entitlements e WHERE e.used_calls <> (SELECT coalesce(sum(u.quantity), 0) FROM usages u WHERE u.entitlement_id = e.id);

-- name: an entitlement's used bytes are those of its uses
SELECT CAST(e.id AS text) FROM entitlements e WHERE e.used_bytes <> (SELECT coalesce(sum(u.bytes), 0) FROM usages u WHERE u.entitlement_id = e.id);

-- name: an entitlement is within its quota
SELECT CAST(e.id AS text) FROM entitlements e WHERE e.used_calls > e.quota_calls OR e.used_bytes > e.quota_bytes;

-- name: an entitlement's quota is what was bought, of a package at least its allowance, and none where each month is billed; less only where a refund was paid
SELECT CAST(q.id AS text) FROM (
  SELECT e.id, e.order_id, e.quota_calls, e.quota_bytes, CASE WHEN l.mode IN ('PER_CALL', 'PER_ITEM_PERIOD') AND l.settlement <> 'METERED' THEN 1 END AS by_calls,
    CASE WHEN l.mode = 'PER_VOLUME' AND l.settlement <> 'METERED' THEN 1000000 END AS by_bytes,
    CASE WHEN o.quantity < coalesce(CAST(l.tariff -> 'package' ->> 'allowance' AS bigint), 0) THEN CAST(l.tariff -> 'package' ->> 'allowance' AS bigint)
    ELSE o.quantity END AS bought
  FROM entitlements e JOIN orders o ON o.id = e.order_id JOIN plans l ON l.id = o.plan_id) q
WHERE (q.quota_calls IS NULL) <> (q.by_calls IS NULL) OR (q.quota_bytes IS NULL) <> (q.by_bytes IS NULL)
   OR q.quota_calls > q.bought * q.by_calls OR q.quota_bytes > q.bought * q.by_bytes
   OR (q.quota_calls < q.bought * q.by_calls OR q.quota_bytes < q.bought * q.by_bytes)
      AND NOT EXISTS (SELECT 1 FROM refunds r WHERE r.order_id = q.order_id AND r.status = 'PAID');

-- name: the right of an order that was given back whole is taken back
SELECT CAST(o.id AS text) FROM orders o JOIN entitlements e ON e.order_id = o.id
WHERE o.total_fen > 0 AND e.status <> 'REVOKED'
  AND o.total_fen = (SELECT coalesce(sum(r.amount_fen), 0) FROM refunds r WHERE r.order_id = o.id AND r.status = 'PAID');

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

-- name: a use is of its entitlement's product and purpose, and what was called of its credential
SELECT CAST(u.id AS text) FROM usages u JOIN entitlements e ON e.id = u.entitlement_id LEFT JOIN credentials c ON c.id = u.credential_id
WHERE u.product_id <> e.product_id OR u.purpose <> e.purpose OR c.entitlement_id <> e.id OR (u.kind IN ('ROWS', 'FILE')) <> (c.id IS NOT NULL);

-- name: a reversal takes back what its use took, and nothing else is below 0
SELECT CAST(u.id AS text) FROM usages u LEFT JOIN usages r ON r.id = u.reverses_id
WHERE (u.kind = 'REVERSAL') <> (r.id IS NOT NULL) OR r.id IS NULL AND (u.quantity < 1 OR u.row_count < 0 OR u.bytes < 0)
   OR r.entitlement_id <> u.entitlement_id OR r.used_at <> u.used_at OR r.channel <> u.channel
   OR r.quantity <> -u.quantity OR r.row_count <> -u.row_count OR r.bytes <> -u.bytes;

-- name: a download that was metered is a use of its entitlement
SELECT CAST(d.id AS text) FROM downloads d
WHERE d.usage_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM usages u WHERE u.id = d.usage_id AND u.entitlement_id = d.entitlement_id AND u.kind = 'FILE');

-- name: a credential ends with its entitlement at the latest
SELECT CAST(c.id AS text) FROM credentials c JOIN entitlements e ON e.id = c.entitlement_id WHERE c.expires_at > e.ends_at;

-- name: a listed product serves an accepted dataset of its own
SELECT CAST(p.id AS text) FROM products p
WHERE p.status = 'LISTED' AND NOT EXISTS (SELECT 1 FROM datasets d WHERE d.id = p.dataset_id AND d.product_id = p.id AND d.accepted);
