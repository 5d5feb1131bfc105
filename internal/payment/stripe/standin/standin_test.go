package standin_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"gongshu/internal/payment/stripe/standin"
)

const session = "mode=payment&success_url=http%3A%2F%2F127.0.0.1%2F%3Fs%3D{CHECKOUT_SESSION_ID}&cancel_url=http%3A%2F%2F127.0.0.1%2Fback" +
	"&line_items[0][price_data][currency]=cny&line_items[0][price_data][unit_amount]=100&line_items[0][price_data][product_data][name]=n&line_items[0][quantity]=2"

// ask makes a request as a client of one's own would, without the library.
func ask(t *testing.T, h http.Handler, method, path, form string, change func(http.Header)) (status int, answer map[string]any, header http.Header) {
	t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(form))
	r.Header = http.Header{"Authorization": {"Bearer sk_test_1"}, "Stripe-Version": {standin.Version}}
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if change != nil {
		change(r.Header)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil {
		t.Fatalf("%s: %v", w.Body, err)
	}
	return w.Code, answer, w.Header()
}

func TestItIsStrict(t *testing.T) {
	for _, c := range []struct {
		sentence, method, path, form string
		change                       func(http.Header)
		status                       int
		code                         string
	}{
		{"what is right is taken", "POST", "/v1/checkout/sessions", session, nil, 200, ""},
		{"another key is refused", "POST", "/v1/checkout/sessions", session, func(h http.Header) { h.Set("Authorization", "Bearer sk_test_2") }, 401, ""},
		{"no key is refused", "POST", "/v1/checkout/sessions", session, func(h http.Header) { h.Del("Authorization") }, 401, ""},
		{"another version is refused", "POST", "/v1/checkout/sessions", session, func(h http.Header) { h.Set("Stripe-Version", "2020-01-01") }, 400, ""},
		{"what is not a form is refused", "POST", "/v1/checkout/sessions", "{}", func(h http.Header) { h.Set("Content-Type", "application/json") }, 400, ""},
		{"an unknown parameter is refused", "POST", "/v1/checkout/sessions", session + "&amount=1", nil, 400, "parameter_unknown"},
		{"an unknown parameter of a list is refused", "GET", "/v1/refunds?key=1", "", nil, 400, "parameter_unknown"},
		{"a missing parameter is refused", "POST", "/v1/checkout/sessions", strings.Replace(session, "mode=payment&", "", 1), nil, 400, "parameter_missing"},
		{"a parameter given twice is refused", "POST", "/v1/checkout/sessions", session + "&mode=payment", nil, 400, ""},
		{"no amount is refused", "POST", "/v1/checkout/sessions", strings.Replace(session, "=100", "=0", 1), nil, 400, ""},
		{"what is no number is refused", "POST", "/v1/checkout/sessions", strings.Replace(session, "=100", "=1.5", 1), nil, 400, "parameter_invalid_integer"},
		{"a page that is no page is refused", "POST", "/v1/checkout/sessions", strings.Replace(session, "http%3A%2F%2F127.0.0.1%2F%3F", "", 1), nil, 400, "url_invalid"},
		{"a life that is too short is refused", "POST", "/v1/checkout/sessions", session + "&expires_at=1", nil, 400, ""},
		{"a session that is not there is missing", "GET", "/v1/checkout/sessions/cs_1", "", nil, 404, "resource_missing"},
		{"a refund that is not there is missing", "GET", "/v1/refunds/re_1", "", nil, 404, "resource_missing"},
		{"a payment that is not there is missing", "POST", "/v1/refunds", "payment_intent=pi_1", nil, 404, "resource_missing"},
		{"a page of too many is refused", "GET", "/v1/refunds?limit=101", "", nil, 400, ""},
		{"a page after nothing is refused", "GET", "/v1/refunds?starting_after=re_1", "", nil, 404, "resource_missing"},
		{"what it does not have is missing", "GET", "/v1/customers", "", nil, 404, ""},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			status, answer, header := ask(t, standin.New(standin.Options{Key: "sk_test_1"}), c.method, c.path, c.form, c.change)
			said, _ := answer["error"].(map[string]any)
			code, _ := said["code"].(string)
			if status != c.status || code != c.code || (status != 200) != (said["type"] == "invalid_request_error") {
				t.Errorf("%d %v", status, answer)
			}
			if header.Get("Request-Id") == "" && c.path != "/v1/customers" {
				t.Error("the request has no number")
			}
		})
	}
}

func TestAKeyStandsForOneAnswer(t *testing.T) {
	s := standin.New(standin.Options{})
	under := func(h http.Header) { h.Set("Idempotency-Key", "k") }
	_, first, header := ask(t, s, "POST", "/v1/checkout/sessions", session, under)
	if header.Get("Idempotent-Replayed") != "" {
		t.Error("the first answer is a replay")
	}
	s.Pay(first["id"].(string))
	_, again, header := ask(t, s, "POST", "/v1/checkout/sessions", session, under)
	if again["id"] != first["id"] || again["status"] != "open" || header.Get("Idempotent-Replayed") != "true" {
		t.Errorf("the same answered %v", again)
	}
	for path, form := range map[string]string{"/v1/checkout/sessions": session + "&client_reference_id=1", "/v1/refunds": "payment_intent=pi_1"} {
		if status, answer, _ := ask(t, s, "POST", path, form, under); status != 400 || answer["error"].(map[string]any)["type"] != "idempotency_error" {
			t.Errorf("something else answered %d %v", status, answer)
		}
	}
	s.Advance(24 * time.Hour)
	if _, another, _ := ask(t, s, "POST", "/v1/checkout/sessions", session, under); another["id"] == first["id"] {
		t.Error("after a day the key is not forgotten")
	}
}

func TestListsHavePages(t *testing.T) {
	s := standin.New(standin.Options{})
	var made []string
	for range 5 {
		_, one, _ := ask(t, s, "POST", "/v1/checkout/sessions", session, nil)
		made = append(made, one["id"].(string))
		s.Advance(time.Minute)
	}
	var got []string
	after := ""
	for more := true; more; {
		_, page, _ := ask(t, s, "GET", "/v1/checkout/sessions?limit=2"+after, "", nil)
		data := page["data"].([]any)
		for _, one := range data {
			got = append(got, one.(map[string]any)["id"].(string))
		}
		if more = page["has_more"].(bool); more {
			after = "&starting_after=" + got[len(got)-1]
		}
	}
	for i := range made {
		if len(got) != 5 || got[i] != made[4-i] {
			t.Fatalf("%q, of %q", got, made)
		}
	}
	_, page, _ := ask(t, s, "GET", fmt.Sprintf("/v1/checkout/sessions?created[gte]=%d", time.Now().Add(150*time.Second).Unix()), "", nil)
	if data := page["data"].([]any); len(data) != 2 {
		t.Errorf("of the last two minutes are %d", len(data))
	}
}

// Serve is what a test in another process has: the page, the controls and what there is to see.
func TestServe(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	address, ended := make(chan string), make(chan error)
	go func() {
		ended <- standin.Serve(ctx, "127.0.0.1:0", standin.Options{Key: "sk_test_1"}, func(a string) { address <- a })
	}()
	base := "http://" + <-address
	form := func(path string, values url.Values) (int, string) {
		t.Helper()
		answer, err := http.PostForm(base+path, values)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		body, _ := io.ReadAll(answer.Body)
		return answer.StatusCode, string(body)
	}
	r, _ := http.NewRequest("POST", base+"/v1/checkout/sessions", strings.NewReader(session))
	r.Header = http.Header{"Authorization": {"Bearer sk_test_1"}, "Stripe-Version": {standin.Version}, "Content-Type": {"application/x-www-form-urlencoded"}}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	var made struct{ ID, URL string }
	if err := json.NewDecoder(answer.Body).Decode(&made); err != nil || !strings.HasPrefix(made.URL, base) {
		t.Fatalf("%+v, %v", made, err)
	}
	answer.Body.Close()
	page, err := http.Get(made.URL)
	if err != nil {
		t.Fatal(err)
	}
	text, _ := io.ReadAll(page.Body)
	page.Body.Close()
	if !strings.Contains(string(text), "CNY 2.00") || !strings.Contains(string(text), `value="pay"`) {
		t.Fatalf("%s", text)
	}
	for control, values := range map[string]url.Values{
		"fault": {"operation": {"sessions.list"}, "fault": {"server error"}}, "advance": {"by": {"25h"}}, "refunds-pend": {"pend": {"true"}},
		"settle-refund": {"id": {"re_1"}, "status": {"failed"}}, "close-dispute": {"id": {"dp_1"}, "status": {"won"}}, "settle-later": {"session": {made.ID}, "came": {"true"}},
		"deliver": {"copies": {"1"}, "delay": {"1s"}, "withhold": {"true"}}, "send": {},
	} {
		if status, said := form("/standin/"+control, values); status != http.StatusNoContent {
			t.Errorf("%s answered %d %s", control, status, said)
		}
	}
	for control, values := range map[string]url.Values{"advance": {}, "dispute": {"session": {made.ID}, "amount": {"1"}}, "send": {"id": {"evt_1"}}, "none": {}} {
		if status, _ := form("/standin/"+control, values); status != http.StatusBadRequest {
			t.Errorf("%s answered %d", control, status)
		}
	}
	state, err := http.Get(base + "/standin/state")
	if err != nil {
		t.Fatal(err)
	}
	var seen struct{ Sessions []standin.Session }
	if err := json.NewDecoder(state.Body).Decode(&seen); err != nil || len(seen.Sessions) != 1 || seen.Sessions[0].Status != "expired" {
		t.Fatalf("%+v, %v", seen, err)
	}
	state.Body.Close()
	stop()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	if err := standin.Serve(t.Context(), "0.0.0.0:0", standin.Options{}, nil); err == nil {
		t.Error("it serves to everybody")
	}
}
