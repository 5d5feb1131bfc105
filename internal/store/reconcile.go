package store

import (
	"context"
	_ "embed"
	"fmt"
	"strings"
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

func (s *Store) breaking(ctx context.Context, i Invariant) ([]string, error) {
	rows, err := s.reader.QueryContext(ctx, fmt.Sprintf("SELECT * FROM (%s) AS breaking LIMIT %d", strings.ReplaceAll(i.statement, "{month of p}", shanghaiMonth[s.dialect]), maxBreachRows))
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
