package server

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"gongshu/internal/payment"
	"gongshu/internal/payment/stripe"
	"gongshu/internal/payment/stripe/standin"
	"gongshu/internal/store"
)

// counted is how many deliveries were counted with an outcome.
func (f *fixture) counted(t *testing.T, outcome string) (n int) {
	t.Helper()
	_, all := f.do(t, http.MethodGet, "/metrics", "")
	for line := range strings.Lines(all) {
		if of, ok := strings.CutPrefix(line, fmt.Sprintf("gongshu_webhooks_total{outcome=%q} ", outcome)); ok {
			fmt.Sscan(of, &n)
		}
	}
	return n
}

// What a provider delivers is kept once and answered at once; what is not its own word is refused, counted by its reason and kept nowhere.
func TestDeliveriesOfAProvider(t *testing.T) {
	eachServer(t, func(t *testing.T, f *fixture) {
		cards := standin.New(standin.Options{Key: "sk_test_1"})
		cards.Deliver(standin.Delivery{Withhold: true})
		there := httptest.NewServer(cards)
		t.Cleanup(there.Close)
		provider, err := stripe.New(stripe.Config{SecretKey: "sk_test_1", WebhookSecrets: []string{"whsec_1"}, AccountID: "acct_ours", BaseURL: there.URL})
		if err != nil {
			t.Fatal(err)
		}
		f.Market.Payments = map[string]payment.Provider{stripe.Name: provider}
		paid, err := provider.Pay(t.Context(), payment.Request{Key: "secret-reference", OrderID: uuid.New(), AmountFen: 100, At: time.Now(), ReturnURL: f.address})
		if err != nil {
			t.Fatal(err)
		}
		cards.Pay(paid.Reference)
		events := cards.Events()
		told := string(events[slices.IndexFunc(events, func(e standin.Event) bool { return e.Type == "checkout.session.completed" })].Body)
		another := strings.Replace(told, `"evt_`, `"evt_another_`, 1)
		theirs := strings.Replace(another, "{", `{"account":"acct_theirs",`, 1)
		signed := func(body string) string { return standin.Sign([]byte(body), time.Now(), "whsec_1") }
		for _, row := range []struct {
			sentence, provider, body, signature string
			status                              int
			code, counted                       string
		}{
			{"its own word is taken", "stripe", told, signed(told), http.StatusOK, "", "taken"},
			{"and taken again", "stripe", told, signed(told), http.StatusOK, "", "taken"},
			{"not signed", "stripe", another, "", http.StatusBadRequest, "WEBHOOK_FORGED", "signature"},
			{"signed with another secret", "stripe", another, standin.Sign([]byte(another), time.Now(), "whsec_2"), http.StatusBadRequest, "WEBHOOK_FORGED", "signature"},
			{"signed an hour ago", "stripe", another, standin.Sign([]byte(another), time.Now().Add(-time.Hour), "whsec_1"), http.StatusBadRequest, "WEBHOOK_FORGED", "stale"},
			{"of another account", "stripe", theirs, signed(theirs), http.StatusBadRequest, "WEBHOOK_FORGED", "account"},
			{"no event", "stripe", "{}", signed("{}"), http.StatusBadRequest, "WEBHOOK_FORGED", "body"},
			{"too large", "stripe", strings.Repeat(" ", webhookLimit+1), "", http.StatusRequestEntityTooLarge, "BODY_TOO_LARGE", "body"},
			{"of a provider that tells nothing", "bank", another, "", http.StatusNotFound, "NOT_FOUND", "failed"},
		} {
			before := f.counted(t, row.counted)
			answer, said := f.do(t, http.MethodPost, "/webhooks/"+row.provider, row.body, "Stripe-Signature", row.signature)
			if answer.StatusCode != row.status || !strings.Contains(said, row.code) {
				t.Errorf("%s is answered %d %s", row.sentence, answer.StatusCode, said)
			}
			if got := f.counted(t, row.counted); got != before+1 {
				t.Errorf("%s: %q is counted %d times more", row.sentence, row.counted, got-before)
			}
		}
		if n, err := f.Market.Store.Read().PaymentEvent.Query().Count(store.AsSystem(context.Background())); err != nil || n != 1 {
			t.Errorf("%d events are kept, %v", n, err)
		}
		if log := f.log.String(); strings.Contains(log, "secret-reference") || strings.Contains(log, "whsec") {
			t.Error("the log says what was delivered")
		}
	})
}
