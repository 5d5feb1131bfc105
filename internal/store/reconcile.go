package store

import (
	"context"
	_ "embed"
	"fmt"
	"regexp"
	"strings"

	"entgo.io/ent/dialect"
)

//go:embed invariants.sql
var invariants string

// Invariant is one statement of invariants.sql.
type Invariant struct {
	Name      string
	statement string
}

// Invariants are what must hold of money and rights at every moment.
func Invariants() []Invariant {
	var all []Invariant
	for _, part := range strings.Split(invariants, "-- name: ")[1:] {
		name, statement, _ := strings.Cut(part, "\n")
		all = append(all, Invariant{Name: name, statement: strings.TrimSuffix(strings.TrimSpace(statement), ";")})
	}
	return all
}

var selected = regexp.MustCompile(`CAST\((\w+)\.id AS text\)`)

// Table is whose rows the statement names: orders, say.
func (i Invariant) Table() string {
	row := selected.FindStringSubmatch(i.statement)
	if row == nil {
		return ""
	}
	table := regexp.MustCompile(`(?:FROM|JOIN) (\w+) ` + row[1] + `\b`).FindStringSubmatch(i.statement)
	if table == nil {
		return ""
	}
	return table[1]
}

// Breach is an invariant that does not hold, and the first rows that break it.
type Breach struct {
	Name string
	Rows []string
}

// maxBreachRows is how many rows a breach names.
const maxBreachRows = 20

// Reconcile checks every invariant, whoever looks; no breach is the only good answer.
func (s *Store) Reconcile(ctx context.Context) ([]Breach, error) {
	var breaches []Breach
	for _, invariant := range Invariants() {
		rows, err := s.breaking(ctx, invariant)
		if err != nil {
			return nil, fmt.Errorf("check that %s: %w", invariant.Name, err)
		}
		if len(rows) > 0 {
			breaches = append(breaches, Breach{Name: invariant.Name, Rows: rows})
		}
	}
	return breaches, nil
}

// linesOfBatch are the lines of a payout batch, b, as a table l with a column value.
var linesOfBatch = map[string]string{
	dialect.SQLite:   `json_each(b.lines) AS l`,
	dialect.Postgres: `json_array_elements(b.lines) AS l(value)`,
}

func (s *Store) breaking(ctx context.Context, i Invariant) ([]string, error) {
	words := strings.NewReplacer("{month of p}", shanghaiMonth[s.dialect], "{lines of b}", linesOfBatch[s.dialect])
	rows, err := s.reader.QueryContext(ctx, fmt.Sprintf("SELECT * FROM (%s) AS breaking LIMIT %d", words.Replace(i.statement), maxBreachRows))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var found []string
	for rows.Next() {
		var row string
		if err := rows.Scan(&row); err != nil {
			return nil, err
		}
		found = append(found, row)
	}
	return found, rows.Err()
}
