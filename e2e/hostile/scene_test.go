package hostile

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"gongshu/e2e/program"
	"gongshu/internal/demo"
)

// canary is in bodies and variables of the corpus. No answer and no line of the log may hold it.
const canary = "kanarienvogel-4711"

// scene is the demo market with a buyer who bought something, and who the corpus sends as.
type scene struct {
	t       *testing.T
	program *program.Program
	client  *http.Client
	// headers are what each sender adds to a request.
	headers map[string]http.Header
	// names are what the corpus calls things by: << .product >>.
	names map[string]string
	sent  atomic.Int64
}

// sending stands in the corpus for a number that is another each time an entry is sent: who tries to sign in as the same
// again and again is refused for that alone.
const sending = "number-of-the-sending"

func lay(t *testing.T, p *program.Program) *scene {
	t.Helper()
	s := &scene{
		t: t, program: p, client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 32, DisableCompression: true}, Timeout: 20 * time.Second,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }},
		headers: map[string]http.Header{"nobody": {}}, names: map[string]string{"canary": canary, "sending": sending},
	}
	for part, email := range map[string]string{
		"buyer": "bank.buyer", "operator": "operator.publisher", "agency": "agency.approver", "platform": "platform.admin",
	} {
		s.headers[part] = http.Header{"Cookie": {s.signIn(email + "@demo.gongshu.example")}}
	}
	s.names["product"], s.names["plan"] = s.offer("API")
	s.names["fileProduct"], s.names["filePlan"] = s.offer("FILE")
	s.names["resource"] = s.widest()
	s.names["licence"] = s.ask("nobody", `{ licence { version } }`, nil, "licence", "version")
	secret, order, entitlement := s.buy(s.names["product"], s.names["plan"], 100_000)
	s.names["order"], s.names["entitlement"] = order, entitlement
	s.headers["credential"] = http.Header{"Authorization": {"Bearer " + secret}, "Gongshu-Purpose": {"INDUSTRY"}}
	fileSecret, _, _ := s.buy(s.names["fileProduct"], s.names["filePlan"], 1)
	s.headers["fileCredential"] = http.Header{"Authorization": {"Bearer " + fileSecret}, "Gongshu-Purpose": {"INDUSTRY"}}
	s.names["download"] = s.link()
	return s
}

func (s *scene) signIn(email string) (cookie string) {
	s.t.Helper()
	body := fmt.Sprintf(`{"query":"mutation { signIn(input: {email: \"%s\", password: \"%s\"}) { errors { code } } }"}`, email, demo.Password)
	answer, err := s.client.Post(s.program.Base+"/graphql", "application/json", strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	defer answer.Body.Close()
	for _, c := range answer.Cookies() {
		cookie = c.Name + "=" + c.Value
	}
	if cookie == "" {
		s.t.Fatalf("%s is not signed in: %d", email, answer.StatusCode)
	}
	return cookie
}

// ask asks a question that must be answered.
func (s *scene) ask(as, document string, variables map[string]any, path ...any) string {
	s.t.Helper()
	text, err := s.answer(as, document, variables, path...)
	if err != nil {
		s.t.Fatal(err)
	}
	return text
}

// answer asks a question and follows a path into the answer, to a text.
func (s *scene) answer(as, document string, variables map[string]any, path ...any) (string, error) {
	body, err := json.Marshal(map[string]any{"query": document, "variables": variables})
	if err != nil {
		return "", err
	}
	r, err := s.send(entry{as: as, method: http.MethodPost, path: "/graphql", header: http.Header{"Content-Type": {"application/json"}}, body: body})
	if err != nil {
		return "", err
	}
	var answer struct{ Data any }
	if err := json.Unmarshal(r.body, &answer); err != nil {
		return "", fmt.Errorf("%s\nwas answered %d %.300s", document, r.status, r.body)
	}
	here := answer.Data
	for _, step := range path {
		switch v := here.(type) {
		case map[string]any:
			here = v[step.(string)]
		case []any:
			if here = nil; step.(int) < len(v) {
				here = v[step.(int)]
			}
		}
	}
	text, ok := here.(string)
	if !ok {
		return "", fmt.Errorf("%s\nwas answered %d %.300s", document, r.status, r.body)
	}
	return text, nil
}

// offer is a listed product of a delivery and a plan of it.
func (s *scene) offer(delivery string) (product, plan string) {
	s.t.Helper()
	const document = `query($d: Delivery!) { products(filter: {deliveries: [$d]}, first: 1) { edges { node { id plans { id } } } } }`
	at := []any{"products", "edges", 0, "node"}
	variables := map[string]any{"d": delivery}
	return s.ask("nobody", document, variables, append(at, "id")...), s.ask("nobody", document, variables, append(at, "plans", 0, "id")...)
}

// widest is the resource with the most items.
func (s *scene) widest() (id string) {
	s.t.Helper()
	r, err := s.send(entry{as: "nobody", method: http.MethodPost, path: "/graphql", header: http.Header{"Content-Type": {"application/json"}},
		body: []byte(`{"query":"{ products(first: 70) { edges { node { resources { id items { id } } } } } }"}`)})
	if err != nil {
		s.t.Fatal(err)
	}
	var answer struct {
		Data struct {
			Products struct {
				Edges []struct {
					Node struct {
						Resources []struct {
							ID    string
							Items []struct{ ID string }
						}
					}
				}
			}
		}
	}
	if err := json.Unmarshal(r.body, &answer); err != nil {
		s.t.Fatal(err)
	}
	most := 0
	for _, edge := range answer.Data.Products.Edges {
		for _, resource := range edge.Node.Resources {
			if len(resource.Items) > most {
				id, most = resource.ID, len(resource.Items)
			}
		}
	}
	if most < 8 { // 8 to the fourth are too many for one answer, three times over
		s.t.Fatalf("the widest resource has %d items", most)
	}
	return id
}

func (s *scene) buy(product, plan string, quantity int) (secret, order, entitlement string) {
	s.t.Helper()
	order = s.ask("buyer", `mutation($i: OrderPlaceInput!) { orderPlace(input: $i) { order { id } errors { code message } } }`, map[string]any{"i": map[string]any{
		"productId": product, "planId": plan, "purpose": "INDUSTRY", "quantity": quantity, "licenceVersion": s.names["licence"], "idempotencyKey": "buy-" + product,
	}}, "orderPlace", "order", "id")
	entitlement = s.ask("buyer", `mutation($id: ID!, $key: String!) { orderPay(id: $id, input: {provider: "test", idempotencyKey: $key}) { entitlement { id } errors { code message } } }`,
		map[string]any{"id": order, "key": "pay-" + product}, "orderPay", "entitlement", "id")
	secret = s.ask("buyer", `mutation($e: ID!) { credentialIssue(entitlementId: $e, input: {idempotencyKey: "issue"}) { secret errors { code message } } }`,
		map[string]any{"e": entitlement}, "credentialIssue", "secret")
	return secret, order, entitlement
}

// link makes a download and is its address.
func (s *scene) link() string {
	s.t.Helper()
	r, err := s.send(entry{as: "fileCredential", method: http.MethodPost, path: "/data/v1/products/" + s.names["fileProduct"] + "/download-link"})
	if err != nil {
		s.t.Fatal(err)
	}
	var made struct{ URL string }
	if err := json.Unmarshal(r.body, &made); err != nil || made.URL == "" {
		s.t.Fatalf("no link: %d %s", r.status, r.body)
	}
	return made.URL
}

// send sends an entry and reads the whole answer.
func (s *scene) send(e entry) (reply, error) {
	if e.raw {
		return s.sendByHand(e)
	}
	body := bytes.ReplaceAll(e.body, []byte(sending), fmt.Append(nil, s.sent.Add(1)))
	request, err := http.NewRequest(e.method, s.program.Base+e.path, bytes.NewReader(body))
	if err != nil {
		return reply{}, err
	}
	headers, known := s.headers[e.as]
	if !known {
		return reply{}, fmt.Errorf("who is %s?", e.as)
	}
	for _, from := range []http.Header{headers, e.header} {
		for name, values := range from {
			for _, value := range values {
				request.Header.Add(name, value)
			}
		}
	}
	started := time.Now()
	answer, err := s.client.Do(request)
	if err != nil {
		return reply{}, err
	}
	return readReply(answer, started)
}

// sendByHand sends what no client of HTTP would, says that nothing more comes, and reads the first answer.
func (s *scene) sendByHand(e entry) (reply, error) {
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.program.Base, "http://"))
	if err != nil {
		return reply{}, err
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(20 * time.Second)); err != nil {
		return reply{}, err
	}
	started := time.Now()
	_, unsent := conn.Write(e.body) // the server may have seen enough, answered and hung up before it is all sent
	unsent = errors.Join(unsent, conn.(*net.TCPConn).CloseWrite())
	answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		return reply{}, errors.Join(unsent, err)
	}
	return readReply(answer, started)
}

func readReply(answer *http.Response, started time.Time) (reply, error) {
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		return reply{}, err
	}
	return reply{status: answer.StatusCode, code: codeOf(body), header: answer.Header, body: body, took: time.Since(started)}, nil
}
