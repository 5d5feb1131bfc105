package market

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"time"
	"unicode"

	"entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"gongshu/ent/db/plan"
	"gongshu/ent/db/predicate"
	"gongshu/ent/db/product"
	"gongshu/ent/db/productinput"
	"gongshu/ent/db/resource"
	"gongshu/internal/authorisation"
	"gongshu/internal/fault"
	"gongshu/internal/store"
	"gongshu/search"
	"gongshu/search/lex"
)

// ProductsFind asks the search for listed products; ids only, which are the viewer's to read. Where the search does not
// answer the database does instead: every word of the text must be in a name or the description as it is written, and none
// that has a minus; what was listed last comes first whatever order is asked for, and nothing is counted. Refused as
// search.Query says; a cursor of the one is CURSOR_INVALID to the other.
func (m *Market) ProductsFind(ctx context.Context, q search.Query) (result search.Result, instead bool, err error) {
	return m.find(ctx, m.Search.Products, q, m.browseProducts)
}

// ResourcesFind asks the search for published resources, as ProductsFind does for products, whose cursors are CURSOR_INVALID to it.
func (m *Market) ResourcesFind(ctx context.Context, q search.Query) (result search.Result, instead bool, err error) {
	q.Of = "resources"
	return m.find(ctx, m.Search.Resources, q, m.browseResources)
}

func (m *Market) find(ctx context.Context, index search.Index, q search.Query,
	browse func(ctx context.Context, q search.Query, after browsed) (search.Result, error)) (search.Result, bool, error) {
	q.Operators = true
	if err := q.Check(); err != nil { // the same whoever answers
		return search.Result{}, false, err
	}
	if m.Search.ready.Load() {
		result, err := patiently(ctx, func(ctx context.Context) (search.Result, error) { return index.Search(ctx, q) })
		if err == nil || fault.Refused(err) || ctx.Err() != nil {
			return result, false, err
		}
		slog.ErrorContext(ctx, "the search does not answer, and the database does instead", "error", err)
	}
	q.Order = browsing
	var after browsed
	if _, err := q.Position(&after); err != nil {
		return search.Result{}, true, err
	}
	result, err := browse(ctx, q, after)
	return result, true, err
}

// patience is how long a search is waited for before the database answers instead: one that hangs must not hang the catalogue.
const patience = 3 * time.Second

func patiently[T any](ctx context.Context, ask func(ctx context.Context) (T, error)) (T, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return ask(ctx)
}

// browsing is the order in which the database lists: the newest first, as an index of it has them. No cursor of the search's
// fits it.
const browsing search.Order = "DATABASE"

// browsed is something that the database lists, and the place after which a page of it begins.
type browsed struct {
	ID   uuid.UUID `json:"i"`
	Came time.Time `json:"t"`
}

// next asks for what comes after, of a table whose column came says when.
func (b browsed) next(came string) func(*sql.Selector) {
	return func(s *sql.Selector) {
		id, at := s.C(product.FieldID), s.C(came)
		s.Where(sql.NotNull(at)).OrderBy(sql.Desc(at), id) // as the search has it
		if b.ID != uuid.Nil {
			s.Where(sql.LTE(at, b.Came)) // an index begins there
			s.Where(sql.Or(sql.LT(at, b.Came), sql.GT(id, b.ID)))
		}
	}
}

// browseProducts lists products from the database.
func (m *Market) browseProducts(ctx context.Context, q search.Query, after browsed) (search.Result, error) {
	where := []predicate.Product{product.StatusEQ(authorisation.ProductListed)}
	words, none := wordsOf(q.Text)
	for _, word := range words {
		where = append(where, unless(word, product.Not, product.Or(product.NameContainsFold(word.text), product.NameEnContainsFold(word.text),
			product.DescriptionContainsFold(word.text), product.DescriptionEnContainsFold(word.text))))
	}
	f := q.Filter
	if len(f.DomainIDs) > 0 {
		where = append(where, product.DomainIDIn(idsIn(f.DomainIDs)...))
	}
	if len(f.OperatorIDs) > 0 {
		where = append(where, product.OperatorIDIn(f.OperatorIDs...))
	}
	if len(f.Deliveries) > 0 {
		where = append(where, product.DeliveryIn(as[authorisation.Delivery](f.Deliveries)...))
	}
	if len(f.UpdateFrequencies) > 0 {
		where = append(where, product.UpdateFrequencyIn(as[authorisation.UpdateFrequency](f.UpdateFrequencies)...))
	}
	if len(f.SourceUnitIDs) > 0 {
		where = append(where, func(s *sql.Selector) {
			input, from := sql.Table(productinput.Table), sql.Table(resource.Table)
			s.Where(sql.In(s.C(product.FieldID), sql.Select(input.C(productinput.FieldProductID)).From(input).
				Join(from).On(input.C(productinput.FieldResourceID), from.C(resource.FieldID)).
				Where(sql.In(from.C(resource.FieldSourceUnitID), store.Anys(f.SourceUnitIDs)...))))
		})
	}
	if len(f.ChargingModes) > 0 {
		where = append(where, func(s *sql.Selector) {
			of := sql.Table(plan.Table)
			s.Where(sql.In(s.C(product.FieldID), sql.Select(of.C(plan.FieldProductID)).From(of).
				Where(sql.And(sql.IsNull(of.C(plan.FieldWithdrawnAt)), sql.In(of.C(plan.FieldMode), store.Anys(f.ChargingModes)...)))))
		})
	}
	var passes func(ids []uuid.UUID) (func(uuid.UUID) bool, error)
	if len(f.Priced) > 0 {
		passes = func(ids []uuid.UUID) (func(uuid.UUID) bool, error) {
			facts, err := m.Store.GateProducts(store.AsSystem(ctx), ids...)
			today := authorisation.DayOf(m.Store.Now())
			return func(id uuid.UUID) bool {
				return slices.ContainsFunc(priced(facts[id], today), func(way search.Priced) bool { return slices.Contains(f.Priced, way) })
			}, err
		}
	}
	return browsePage(q, after, passes, func(after browsed, limit int) (page []browsed, _ error) {
		if none {
			return nil, nil
		}
		rows, err := m.Store.Read().Product.Query().Where(where...).Where(after.next(product.FieldListedAt)).Limit(limit).
			Select(product.FieldID, product.FieldListedAt).All(ctx)
		for _, row := range rows {
			page = append(page, browsedAt(row.ID, row.ListedAt))
		}
		return page, err
	})
}

func browsedAt(id uuid.UUID, came *time.Time) browsed {
	if came == nil {
		return browsed{ID: id}
	}
	return browsed{id, came.UTC()}
}

// browseResources lists resources from the database.
func (m *Market) browseResources(ctx context.Context, q search.Query, after browsed) (search.Result, error) {
	where := []predicate.Resource{resource.StatusEQ(authorisation.ResourcePublished)}
	words, none := wordsOf(q.Text)
	for _, word := range words {
		where = append(where, unless(word, resource.Not,
			resource.Or(resource.NameContainsFold(word.text), resource.NameEnContainsFold(word.text), resource.NoteContainsFold(word.text))))
	}
	f := q.Filter
	if len(f.DomainIDs) > 0 {
		where = append(where, resource.DomainIDIn(idsIn(f.DomainIDs)...))
	}
	if len(f.SourceUnitIDs) > 0 {
		where = append(where, resource.SourceUnitIDIn(f.SourceUnitIDs...))
	}
	if len(f.UpdateFrequencies) > 0 {
		where = append(where, resource.UpdateFrequencyIn(as[authorisation.UpdateFrequency](f.UpdateFrequencies)...))
	}
	return browsePage(q, after, nil, func(after browsed, limit int) (page []browsed, _ error) {
		if none {
			return nil, nil
		}
		rows, err := m.Store.Read().Resource.Query().Where(where...).Where(after.next(resource.FieldPublishedAt)).Limit(limit).
			Select(resource.FieldID, resource.FieldPublishedAt).All(ctx)
		for _, row := range rows {
			page = append(page, browsedAt(row.ID, row.PublishedAt))
		}
		return page, err
	})
}

// word is a word that must be there, or must not.
type word struct {
	text string
	not  bool
}

// wordsOf are the words of a text, as the database can look for them; what is quoted or excluded stays in one piece. none
// says that a text without any asks for something all the same. Words stay as they are written and signs do not: a minus and
// a quotation mark are what they are however wide.
func wordsOf(text string) (words []word, none bool) {
	rest, quoted, excluded := lex.ReadOperators(strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r) || unicode.IsControl(r):
			return ' '
		case !unicode.IsLetter(r) && !unicode.IsNumber(r):
			if sign := []rune(lex.Fold(string(r))); len(sign) == 1 && sign[0] != ' ' {
				return sign[0]
			}
		}
		return r
	}, strings.ToValidUTF8(text, " ")))
	add := func(part string, not bool) {
		part = strings.Join(strings.Fields(part), " ")
		if bare := strings.TrimFunc(part, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) }); bare != "" {
			words = append(words, word{bare, not})
		}
	}
	for _, part := range strings.Fields(rest) {
		add(part, false)
	}
	for _, q := range quoted {
		add(q.Text, false)
	}
	for _, e := range excluded {
		add(e.Text, true)
	}
	return words, len(words) == 0 && strings.TrimSpace(text) != ""
}

func unless[P any](w word, not func(P) P, has P) P {
	if w.not {
		return not(has)
	}
	return has
}

// Where what the database gives is looked through, browsedReads bounds the statements for one page and browsedAtOnce is
// what each of them reads.
const (
	browsedReads  = 20
	browsedAtOnce = 200
)

// browsePage takes what passes, everything where that is nil, from what next gives after a place, until a page is full.
// A page that found something but took too long ends early, and the next goes on after it.
func browsePage(q search.Query, after browsed, passes func(ids []uuid.UUID) (func(uuid.UUID) bool, error),
	next func(after browsed, limit int) ([]browsed, error)) (result search.Result, err error) {
	cursor, atOnce := q.Cursors(), q.First+1
	if passes != nil {
		atOnce = max(atOnce, browsedAtOnce)
	}
	for range browsedReads {
		rows, err := next(after, atOnce)
		if err != nil || len(rows) == 0 {
			return result, err
		}
		pass := func(uuid.UUID) bool { return true }
		if passes != nil {
			ids := make([]uuid.UUID, len(rows))
			for i, row := range rows {
				ids[i] = row.ID
			}
			if pass, err = passes(ids); err != nil {
				return result, err
			}
		}
		for _, row := range rows {
			switch {
			case !pass(row.ID):
			case len(result.Hits) == q.First:
				result.HasMore = true
				return result, nil
			default:
				result.Hits = append(result.Hits, search.Hit{ID: row.ID, Cursor: cursor(row)})
			}
		}
		if len(rows) < atOnce {
			return result, nil
		}
		after = rows[len(rows)-1]
	}
	result.HasMore = len(result.Hits) > 0
	return result, nil
}

// Suggest completes what somebody types, from the names of listed products, their data items and source units. Where the
// search does not answer there is nothing to suggest. Refused as search.Suggester says.
func (m *Market) Suggest(ctx context.Context, prefix string, limit int) ([]search.Suggestion, error) {
	index, ok := m.Search.Products.(search.Suggester)
	if err := search.CheckText(prefix, "prefix"); err != nil || !ok || !m.Search.ready.Load() {
		return nil, err
	}
	suggestions, err := patiently(ctx, func(ctx context.Context) ([]search.Suggestion, error) { return index.Suggest(ctx, prefix, limit) })
	if err != nil && !fault.Refused(err) && ctx.Err() == nil {
		slog.ErrorContext(ctx, "the search suggests nothing", "error", err)
		return nil, nil
	}
	return suggestions, err
}

// ProductMatches says, by id, where a text matches in listed products, the most telling place first.
func (m *Market) ProductMatches(ctx context.Context, text string, ids []uuid.UUID) (map[uuid.UUID][]search.Match, error) {
	return m.matches(ctx, m.Search.Products, text, ids, m.productTexts)
}

// ResourceMatches says, by id, where a text matches in published resources.
func (m *Market) ResourceMatches(ctx context.Context, text string, ids []uuid.UUID) (map[uuid.UUID][]search.Match, error) {
	return m.matches(ctx, m.Search.Resources, text, ids, m.resourceDocuments)
}

func (m *Market) matches(ctx context.Context, index search.Index, text string, ids []uuid.UUID,
	documents func(ctx context.Context, ids []uuid.UUID) ([]search.Document, error)) (map[uuid.UUID][]search.Match, error) {
	highlighter, ok := index.(search.Highlighter)
	if !ok || strings.TrimSpace(text) == "" || len(ids) == 0 {
		return nil, nil
	}
	all, err := documents(store.AsSystem(ctx), ids)
	if err != nil {
		return nil, err
	}
	found := make(map[uuid.UUID][]search.Match, len(all))
	for _, d := range all {
		found[d.ID] = highlighter.Highlight(search.Query{Text: text, Operators: true}, d)
	}
	return found, nil
}

// idsIn reads ids, passing over what is none.
func idsIn(texts []string) (ids []uuid.UUID) {
	for _, text := range texts {
		if id, err := uuid.Parse(text); err == nil {
			ids = append(ids, id)
		}
	}
	return ids
}

func as[T ~string](texts []string) []T {
	values := make([]T, len(texts))
	for i, text := range texts {
		values[i] = T(text)
	}
	return values
}
