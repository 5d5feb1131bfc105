package eval

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"unicode"

	"github.com/google/uuid"

	"gongshu/search"
)

// Postgres is a baseline: full text of the dictionary "simple" on words and pairs of Chinese characters,
// weighted by field, all of them needed, ranked by ts_rank.
type Postgres struct{ DB *sql.DB }

// weights are those of a tsvector; Postgres has four.
var weights = map[search.Field]string{
	search.FieldName: "A", search.FieldItem: "B", search.FieldColumn: "B", search.FieldOrigin: "C", search.FieldDomain: "C", search.FieldDescription: "D",
}

// Load fills a table with an index.
func (p *Postgres) Load(ctx context.Context, documents []search.Document) (err error) {
	tx, err := p.DB.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin in Postgres: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, tx.Rollback())
		}
	}()
	if _, err := tx.ExecContext(ctx, "DROP TABLE IF EXISTS eval_products; CREATE TABLE eval_products (id uuid, a text, b text, c text, d text)"); err != nil {
		return fmt.Errorf("make the table: %w", err)
	}
	copying, err := tx.PrepareContext(ctx, "COPY eval_products (id, a, b, c, d) FROM STDIN")
	if err != nil {
		return fmt.Errorf("copy into Postgres: %w", err)
	}
	for _, d := range documents {
		texts := map[string]string{"B": strings.Join(pairs(strings.Join(d.Codes, "\n")), " ")}
		for _, field := range search.Fields {
			texts[weights[field]] += " " + strings.Join(pairs(strings.Join(d.Texts(field), "\n")), " ")
		}
		if _, err := copying.ExecContext(ctx, d.ID.String(), texts["A"], texts["B"], texts["C"], texts["D"]); err != nil {
			return fmt.Errorf("copy into Postgres: %w", err)
		}
	}
	if _, err := copying.ExecContext(ctx); err != nil {
		return fmt.Errorf("copy into Postgres: %w", err)
	}
	if err := copying.Close(); err != nil {
		return fmt.Errorf("copy into Postgres: %w", err)
	}
	if _, err := tx.ExecContext(ctx, `
		ALTER TABLE eval_products ADD words tsvector;
		UPDATE eval_products SET words = setweight(to_tsvector('simple', a), 'A') || setweight(to_tsvector('simple', b), 'B')
			|| setweight(to_tsvector('simple', c), 'C') || setweight(to_tsvector('simple', d), 'D');
		CREATE INDEX ON eval_products USING gin (words)`); err != nil {
		return fmt.Errorf("index in Postgres: %w", err)
	}
	return tx.Commit()
}

// Find answers by a query of all words and pairs of the text.
func (p *Postgres) Find(ctx context.Context, text string) (ids []uuid.UUID, err error) {
	rows, err := p.DB.QueryContext(ctx, `
		SELECT id FROM eval_products, plainto_tsquery('simple', $1) asked WHERE words @@ asked ORDER BY ts_rank(words, asked) DESC, id LIMIT $2`,
		strings.Join(pairs(text), " "), shown)
	if err != nil {
		return nil, fmt.Errorf("search Postgres: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var id uuid.UUID
		if err := rows.Scan(&id); err != nil {
			return nil, fmt.Errorf("read from Postgres: %w", err)
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}

// pairs cuts text into words of letters and digits, and runs of Chinese into pairs of characters (a single one stays alone).
func pairs(text string) []string {
	var list []string
	var run []rune
	han := false
	flush := func() {
		if !han || len(run) == 1 {
			if len(run) > 0 {
				list = append(list, string(run))
			}
		} else {
			for i := range len(run) - 1 {
				list = append(list, string(run[i:i+2]))
			}
		}
		run = run[:0]
	}
	for _, r := range strings.ToLower(text) {
		isHan := unicode.Is(unicode.Han, r)
		if isHan != han || !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			flush()
		}
		if han = isHan; unicode.IsLetter(r) || unicode.IsDigit(r) {
			run = append(run, r)
		}
	}
	flush()
	return list
}
