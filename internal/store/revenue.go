package store

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"entgo.io/ent/dialect"
	"github.com/google/uuid"

	"gongshu/ent/db"
	"gongshu/ent/db/organisation"
	"gongshu/ent/db/product"
	"gongshu/internal/access"
	"gongshu/pricing"
)

// RevenueQuery narrows a report to what was posted at From or later and before Until; Most bounds its lines.
type RevenueQuery struct {
	// ProductID is Nil for all products.
	ProductID   uuid.UUID
	From, Until time.Time
	Most        int
}

// ErrTooManyLines says that a report has more lines than its query allows.
var ErrTooManyLines = errors.New("store: the report has too many lines")

// RevenueRow is what one contributor received of one product in a month, on one ground.
type RevenueRow struct {
	Month                    string
	ProductID, ContributorID uuid.UUID
	// Payee is TREASURY or CONTRIBUTOR.
	Payee      pricing.AccountKind
	Channel    pricing.Channel
	Basis      string
	RuleNumber int
	AmountFen  pricing.Fen
}

// Revenue is what the ledger says: GrossFen = VATFen + NetFen, and NetFen is the sum of the rows.
type Revenue struct {
	GrossFen, VATFen, NetFen pricing.Fen
	Rows                     []RevenueRow
}

// shanghaiMonth is the month of a posting. The offset has not changed since 1991.
var shanghaiMonth = map[string]string{
	dialect.SQLite:   `strftime('%Y-%m', p.created_at, '+8 hours')`,
	dialect.Postgres: `to_char(p.created_at AT TIME ZONE INTERVAL '+08:00', 'YYYY-MM')`,
}

// Revenue sums the postings that the viewer may see: an operator those of its products with their VAT, a contributor its
// own shares. A refund takes back in the month in which it was paid. The statement is by hand, so it narrows by hand, as postings in scope.go does.
func (s *Store) Revenue(ctx context.Context, q RevenueQuery) (Revenue, error) {
	statement, args := s.revenueStatement(access.FromContext(ctx).OrganisationID, q)
	tell(ctx, Statement, statement)
	rows, err := s.reader.QueryContext(ctx, statement, args...)
	if err != nil {
		return Revenue{}, fmt.Errorf("sum postings: %w", err)
	}
	defer rows.Close()
	report := Revenue{Rows: []RevenueRow{}}
	for lines := 1; rows.Next(); lines++ {
		if lines > q.Most {
			return Revenue{}, ErrTooManyLines
		}
		var row RevenueRow
		var contributor uuid.NullUUID
		if err := rows.Scan(&row.Month, &row.ProductID, &contributor, &row.Payee, &row.Channel, &row.Basis, &row.RuleNumber, &row.AmountFen); err != nil {
			return Revenue{}, fmt.Errorf("sum postings: %w", err)
		}
		if !contributor.Valid {
			report.VATFen += row.AmountFen
			continue
		}
		row.ContributorID = contributor.UUID
		report.NetFen += row.AmountFen
		report.Rows = append(report.Rows, row)
	}
	if err := rows.Err(); err != nil {
		return Revenue{}, fmt.Errorf("sum postings: %w", err)
	}
	report.GrossFen = report.NetFen + report.VATFen
	return report, nil
}

// NetByMonth sums the same shares by month, without a bound: months are few.
func (s *Store) NetByMonth(ctx context.Context, q RevenueQuery) (map[string]pricing.Fen, error) {
	args := []any{access.FromContext(ctx).OrganisationID, q.From, q.Until}
	one := ""
	if q.ProductID != uuid.Nil {
		args = append(args, q.ProductID)
		one = " AND p.product_id = $4"
	}
	statement := `SELECT ` + shanghaiMonth[s.dialect] + ` AS month, CAST(sum(` + earnedFen + `) AS bigint) FROM postings p JOIN entries e ON e.id = p.entry_id AND e.kind <> 'PAYOUT' ` + ofViewer +
		` AND p.product_id IS NOT NULL AND p.contributor_id IS NOT NULL AND p.created_at >= $2 AND p.created_at < $3` + one + ` GROUP BY 1`
	tell(ctx, Statement, statement)
	rows, err := s.reader.QueryContext(ctx, statement, args...)
	if err != nil {
		return nil, fmt.Errorf("sum postings by month: %w", err)
	}
	defer rows.Close()
	net := map[string]pricing.Fen{}
	for rows.Next() {
		var month string
		var amount pricing.Fen
		if err := rows.Scan(&month, &amount); err != nil {
			return nil, fmt.Errorf("sum postings by month: %w", err)
		}
		net[month] = amount
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("sum postings by month: %w", err)
	}
	return net, nil
}

// earnedFen is what a posting, p, of an entry, e, that is no payout adds to what was earned: a refund takes back.
const earnedFen = `CASE e.kind WHEN 'REFUND' THEN -p.amount_fen ELSE p.amount_fen END`

// ofViewer narrows postings, p, to those that are the viewer's own, $1: it shares in them, or operates their product.
const ofViewer = `WHERE (p.contributor_id = $1 OR p.product_id IN (SELECT id FROM products WHERE operator_id = $1))`

// RevenueNames reads what a report names. A viewer that sees a posting sees whom and what it names, though the product
// may be off the market by now.
func (s *Store) RevenueNames(ctx context.Context, report Revenue) (map[uuid.UUID]*db.Product, map[uuid.UUID]*db.Organisation, error) {
	products, contributors := map[uuid.UUID]bool{}, map[uuid.UUID]bool{}
	for _, row := range report.Rows {
		products[row.ProductID], contributors[row.ContributorID] = true, true
	}
	found, err := s.read.Product.Query().Where(product.IDIn(slices.Collect(maps.Keys(products))...)).All(AsSystem(ctx))
	if err != nil {
		return nil, nil, fmt.Errorf("read the products of a report: %w", err)
	}
	named, err := s.read.Organisation.Query().Where(organisation.IDIn(slices.Collect(maps.Keys(contributors))...)).All(AsSystem(ctx))
	if err != nil {
		return nil, nil, fmt.Errorf("read the contributors of a report: %w", err)
	}
	return indexed(found, func(p *db.Product) uuid.UUID { return p.ID }), indexed(named, func(o *db.Organisation) uuid.UUID { return o.ID }), nil
}

// revenueStatement finds postings by their contributor, or their product, and their time, as both indexes are laid.
func (s *Store) revenueStatement(viewer uuid.UUID, q RevenueQuery) (statement string, args []any) {
	args = []any{viewer, string(pricing.AccountVAT), q.From, q.Until, q.Most + 1}
	one := ""
	if q.ProductID != uuid.Nil {
		args = append(args, q.ProductID)
		one = " AND p.product_id = $6"
	}
	return strings.Join([]string{
		`SELECT ` + shanghaiMonth[s.dialect] + ` AS month, p.product_id, p.contributor_id, a.kind, coalesce(p.channel, ''), p.basis, coalesce(r.number, 0), CAST(sum(` + earnedFen + `) AS bigint)`,
		`FROM postings p JOIN entries e ON e.id = p.entry_id AND e.kind <> 'PAYOUT'`,
		`JOIN accounts a ON a.id = CASE e.kind WHEN 'REFUND' THEN p.from_account_id ELSE p.to_account_id END`,
		`LEFT JOIN allocation_rules r ON r.id = p.allocation_rule_id`,
		ofViewer,
		`AND p.product_id IS NOT NULL AND (p.contributor_id IS NOT NULL OR a.kind = $2)`,
		`AND p.created_at >= $3 AND p.created_at < $4` + one,
		`GROUP BY 1, 2, 3, 4, 5, 6, 7 ORDER BY 1 DESC, 2, 7, 3, 5, 6 LIMIT $5`,
	}, " "), args
}
