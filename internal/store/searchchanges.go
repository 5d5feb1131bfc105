package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"gongshu/ent/db"
	"gongshu/ent/db/predicate"
	"gongshu/ent/db/product"
	"gongshu/ent/db/productinput"
	"gongshu/ent/db/resource"
	"gongshu/ent/db/searchchange"
	"gongshu/ent/db/synonymgroup"
	"gongshu/internal/authorisation"
)

// SearchChange is something that every search index has to look at again.
type SearchChange struct {
	Kind searchchange.Kind
	// Subject is the product or the resource; none for synonyms, all of which are read again.
	Subject uuid.UUID
	At      SearchPosition
}

// SearchPosition is how far an index has followed the changes. The zero value is before all of them.
//
// On Postgres a change is placed by its transaction and then its id: ids are given before commits and so do not follow
// their order, whereas of transactions it is known below which number all have ended. SQLite has one writer, whose ids do.
type SearchPosition struct {
	Txid int64 `json:"t,omitempty"`
	ID   int64 `json:"i"`
}

// Before reports whether p comes before another position.
func (p SearchPosition) Before(q SearchPosition) bool {
	return p.Txid < q.Txid || p.Txid == q.Txid && p.ID < q.ID
}

// ProductsChanged makes every search index look at products again once the transaction is committed, and not otherwise.
func (tx *Tx) ProductsChanged(ctx context.Context, ids ...uuid.UUID) error {
	return tx.searchChanged(ctx, searchchange.KindPRODUCT, ids)
}

// ResourcesChanged is ProductsChanged for resources.
func (tx *Tx) ResourcesChanged(ctx context.Context, ids ...uuid.UUID) error {
	return tx.searchChanged(ctx, searchchange.KindRESOURCE, ids)
}

// OrganisationChanged makes every search index look again at what is found by the names and the code of an organisation.
func (tx *Tx) OrganisationChanged(ctx context.Context, id uuid.UUID) error {
	return tx.namedAnew(ctx, product.Or(product.OperatorID(id), inSelect(product.FieldID, productinput.Table, productinput.FieldProductID, func(t *sql.SelectTable) *sql.Predicate {
		from := sql.Table(resource.Table)
		return sql.In(t.C(productinput.FieldResourceID), sql.Select(from.C(resource.FieldID)).From(from).Where(sql.EQ(from.C(resource.FieldSourceUnitID), id)))
	})), resource.SourceUnitID(id))
}

// DomainChanged is OrganisationChanged for the names of a domain.
func (tx *Tx) DomainChanged(ctx context.Context, id uuid.UUID) error {
	return tx.namedAnew(ctx, product.DomainID(id), resource.DomainID(id))
}

func (tx *Tx) namedAnew(ctx context.Context, products predicate.Product, resources predicate.Resource) error {
	ctx = AsSystem(ctx)
	listed, err := tx.Product.Query().Where(products, product.StatusEQ(authorisation.ProductListed)).Order(db.Asc(product.FieldID)).IDs(ctx)
	if err != nil {
		return fmt.Errorf("read products that are named anew: %w", err)
	}
	published, err := tx.Resource.Query().Where(resources, resource.StatusEQ(authorisation.ResourcePublished)).Order(db.Asc(resource.FieldID)).IDs(ctx)
	if err != nil {
		return fmt.Errorf("read resources that are named anew: %w", err)
	}
	return errors.Join(tx.ProductsChanged(ctx, listed...), tx.ResourcesChanged(ctx, published...))
}

// SynonymsChanged makes every search index read the synonyms again.
func (tx *Tx) SynonymsChanged(ctx context.Context) error {
	return tx.searchChanged(ctx, searchchange.KindSYNONYMS, []uuid.UUID{uuid.Nil})
}

// AskToRebuild makes whoever follows the changes build its indexes anew, and returns the id of the change.
func (tx *Tx) AskToRebuild(ctx context.Context) (id int64, err error) {
	if err := tx.searchChanged(ctx, searchchange.KindREBUILD, []uuid.UUID{uuid.Nil}); err != nil {
		return 0, err
	}
	// Of this kind: another one may have been committed meanwhile.
	return tx.SearchChange.Query().Where(searchchange.KindEQ(searchchange.KindREBUILD)).Order(db.Desc(searchchange.FieldID)).FirstID(AsSystem(ctx))
}

// changesAtOnce bounds the rows of one statement.
const changesAtOnce = 1000

func (tx *Tx) searchChanged(ctx context.Context, kind searchchange.Kind, subjects []uuid.UUID) error {
	txid := "0"
	if tx.store.dialect == dialect.Postgres {
		txid = "CAST(CAST(pg_current_xact_id() AS text) AS bigint)"
	}
	for len(subjects) > 0 {
		tx.searched = true
		some := subjects[:min(len(subjects), changesAtOnce)]
		subjects = subjects[len(some):]
		args := []any{string(kind), tx.now}
		var rows strings.Builder
		for i, subject := range some {
			if i > 0 {
				rows.WriteString(", ")
			}
			args = append(args, uuid.NullUUID{UUID: subject, Valid: subject != uuid.Nil})
			fmt.Fprintf(&rows, "(%s, $1, $2, $%d)", txid, len(args))
		}
		statement := "INSERT INTO search_changes (txid, kind, created_at, subject_id) VALUES " + rows.String()
		tell(ctx, Statement, statement)
		if _, err := tx.sql.ExecContext(ctx, statement, args...); err != nil {
			return fmt.Errorf("tell the search of changes: %w", err)
		}
	}
	return nil
}

// SearchNews holds something when a transaction of this program told the search of changes, for whoever follows them.
func (s *Store) SearchNews() <-chan struct{} { return s.searchNews }

// ended is what a statement reads of the changes: those of transactions before which all have ended.
func (s *Store) ended() string {
	if s.dialect == dialect.Postgres {
		return "txid < CAST(CAST(pg_snapshot_xmin(pg_current_snapshot()) AS text) AS bigint)"
	}
	return "TRUE"
}

// SearchChanges reads the changes after a position that are certain to have no other before them that is yet to be
// committed, at most limit and the first first.
func (s *Store) SearchChanges(ctx context.Context, after SearchPosition, limit int) (changes []SearchChange, err error) {
	statement := `SELECT txid, id, kind, subject_id FROM search_changes WHERE (txid, id) > ($1, $2) AND ` + s.ended() + ` ORDER BY txid, id LIMIT $3`
	tell(ctx, Statement, statement)
	rows, err := s.reader.QueryContext(ctx, statement, after.Txid, after.ID, limit)
	if err != nil {
		return nil, fmt.Errorf("read changes for the search: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var c SearchChange
		var subject uuid.NullUUID
		if err := rows.Scan(&c.At.Txid, &c.At.ID, &c.Kind, &subject); err != nil {
			return nil, fmt.Errorf("read a change for the search: %w", err)
		}
		c.Subject = subject.UUID
		changes = append(changes, c)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read changes for the search: %w", err)
	}
	return changes, nil
}

// SearchChangesWait reports whether there are changes after a position, those among them that SearchChanges does not give yet.
func (s *Store) SearchChangesWait(ctx context.Context, after SearchPosition) (wait bool, err error) {
	const statement = `SELECT EXISTS (SELECT 1 FROM search_changes WHERE (txid, id) > ($1, $2))`
	tell(ctx, Statement, statement)
	if err := s.reader.QueryRowContext(ctx, statement, after.Txid, after.ID).Scan(&wait); err != nil {
		return false, fmt.Errorf("look for changes for the search: %w", err)
	}
	return wait, nil
}

// SearchNow is a position of which all changes up to it are seen by whoever reads the database from now on.
func (s *Store) SearchNow(ctx context.Context) (p SearchPosition, err error) {
	// The greatest id there ever was, though its row may be gone.
	statement := "SELECT 0, COALESCE((SELECT seq FROM sqlite_sequence WHERE name = 'search_changes'), 0)"
	if s.dialect == dialect.Postgres {
		// The ids of the transactions below it are all below this number, whatever they are.
		statement = fmt.Sprintf("SELECT CAST(CAST(pg_snapshot_xmin(pg_current_snapshot()) AS text) AS bigint) - 1, CAST(%d AS bigint)", int64(math.MaxInt64))
	}
	if err := s.reader.QueryRowContext(ctx, statement).Scan(&p.Txid, &p.ID); err != nil {
		return p, fmt.Errorf("read how far the changes for the search are: %w", err)
	}
	return p, nil
}

// SearchChangesKept is how long a change stays to be followed: an index that did not follow for as long is built anew.
const SearchChangesKept = 7 * 24 * time.Hour

// SearchChangesCopied reports whether there are changes that were copied from another server of databases, whose
// transactions have numbers of their own: nobody can follow them here.
func (s *Store) SearchChangesCopied(ctx context.Context) (copied bool, err error) {
	if s.dialect != dialect.Postgres {
		return false, nil
	}
	const statement = "SELECT EXISTS (SELECT 1 FROM search_changes WHERE " + ahead + ")"
	tell(ctx, Statement, statement)
	if err := s.reader.QueryRowContext(ctx, statement).Scan(&copied); err != nil {
		return false, fmt.Errorf("look for changes of another server: %w", err)
	}
	return copied, nil
}

// ahead is what is true of changes that no transaction of this server can have made yet.
const ahead = "txid >= CAST(CAST(pg_snapshot_xmax(pg_current_snapshot()) AS text) AS bigint)"

// SearchChangesSweep removes changes that were kept long enough, and those that SearchChangesCopied tells of.
// It returns how many.
func (s *Store) SearchChangesSweep(ctx context.Context) (removed int, err error) {
	err = s.InTx(ctx, func(ctx context.Context, tx *Tx) error {
		statement := "DELETE FROM search_changes WHERE created_at < $1"
		if s.dialect == dialect.Postgres {
			statement += " OR " + ahead
		}
		tell(ctx, Statement, statement)
		result, err := tx.sql.ExecContext(ctx, statement, tx.now.Add(-SearchChangesKept))
		if err != nil {
			return fmt.Errorf("remove old changes for the search: %w", err)
		}
		n, err := result.RowsAffected()
		removed = int(n)
		return err
	})
	return removed, err
}

// AddSynonyms saves groups of words that mean the same, and returns the id of the last.
func (tx *Tx) AddSynonyms(ctx context.Context, groups ...[]string) (id uuid.UUID, err error) {
	for _, words := range groups {
		row, err := tx.SynonymGroup.Create().SetCreatedAt(tx.now).SetWords(words).Save(ctx)
		if err != nil {
			return uuid.Nil, fmt.Errorf("add synonyms: %w", err)
		}
		id = row.ID
	}
	return id, nil
}

// ReplaceSynonyms replaces the words of a group of that version.
func (tx *Tx) ReplaceSynonyms(ctx context.Context, id uuid.UUID, version int, words []string) error {
	return changedOne(tx.SynonymGroup.Update().Where(synonymgroup.ID(id), synonymgroup.Version(version)).SetWords(words).AddVersion(1).Save(ctx))
}

// RemoveSynonyms removes a group of that version.
func (tx *Tx) RemoveSynonyms(ctx context.Context, id uuid.UUID, version int) error {
	return changedOne(tx.SynonymGroup.Delete().Where(synonymgroup.ID(id), synonymgroup.Version(version)).Exec(ctx))
}

// HasSynonym asks for groups with a word that has a part, in whatever case. What stands between words, brackets and commas,
// is in all of them.
func HasSynonym(part string) predicate.SynonymGroup {
	kept, err := json.Marshal(part) // as words are kept
	if err != nil {
		panic(err) // a text can always be encoded
	}
	like := "%" + strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(strings.ToLower(string(kept[1:len(kept)-1]))) + "%"
	return func(s *sql.Selector) {
		s.Where(sql.P(func(b *sql.Builder) {
			b.WriteString("LOWER(CAST(").Ident(s.C(synonymgroup.FieldWords)).WriteString(" AS text)) LIKE ").Arg(like).WriteString(` ESCAPE '\'`)
		}))
	}
}

// Uses are how many rights there were to a product, as they are saved and as they are.
type Uses struct {
	ProductID uuid.UUID
	Was, Is   int
}

// CountUses counts the rights to listed products after one, at most limit of these.
func (s *Store) CountUses(ctx context.Context, after uuid.UUID, limit int) (counted []Uses, err error) {
	const statement = `SELECT p.id, p.uses, (SELECT count(*) FROM entitlements AS e WHERE e.product_id = p.id) FROM products AS p
		WHERE p.status = 'LISTED' AND p.id > $1 ORDER BY p.id LIMIT $2`
	tell(ctx, Statement, statement)
	rows, err := s.reader.QueryContext(ctx, statement, after, limit)
	if err != nil {
		return nil, fmt.Errorf("count uses: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var u Uses
		if err := rows.Scan(&u.ProductID, &u.Was, &u.Is); err != nil {
			return nil, fmt.Errorf("count uses: %w", err)
		}
		counted = append(counted, u)
	}
	return counted, rows.Err()
}

// SaveUses counts and saves the rights to products, in one statement, and has the search look at them again.
func (tx *Tx) SaveUses(ctx context.Context, products []uuid.UUID) error {
	marks := make([]string, len(products))
	for i := range products {
		marks[i] = fmt.Sprintf("$%d", i+1)
	}
	statement := "UPDATE products SET uses = (SELECT count(*) FROM entitlements AS e WHERE e.product_id = products.id) WHERE id IN (" + strings.Join(marks, ", ") + ")"
	tell(ctx, Statement, statement)
	if _, err := tx.sql.ExecContext(ctx, statement, Anys(products)...); err != nil {
		return fmt.Errorf("save uses: %w", err)
	}
	return tx.ProductsChanged(ctx, products...)
}
