package standin

import (
	"fmt"
	"html/template"
	"net/http"
	"strings"
)

// What a buyer can do on the page, as its form says it.
const (
	doPay       = "pay"
	doDecline   = "decline"
	doChallenge = "challenge"
	doConfirm   = "confirm"
	doLater     = "later"
	doCancel    = "cancel"
)

var hosted = template.Must(template.New("page").Parse(`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Payment (stand-in)</title>
<style>body{font:1rem/1.5 sans-serif;max-width:28rem;margin:3rem auto;padding:0 1rem}button{display:block;width:100%;margin:.5rem 0;padding:.6rem}</style>
<h1>{{.Product}}</h1>
<p id="amount">{{.Amount}}</p>
{{with .Message}}<p role="alert">{{.}}</p>{{end}}
{{if .Open}}<form method="post">
{{if .Challenged}}<p>3-D Secure: does your bank know you?</p>
<button name="do" value="confirm">Confirm 确认</button>
<button name="do" value="decline">Fail 拒绝</button>
{{else}}<button name="do" value="pay">Pay 支付</button>
<button name="do" value="challenge">Pay with 3-D Secure 验证后支付</button>
<button name="do" value="later">Pay by bank, in days 数日后到账</button>
<button name="do" value="decline">Declined card 卡被拒</button>
{{end}}<button name="do" value="cancel" formnovalidate>Back 返回</button>
</form>{{else}}<p><a href="{{.Back}}">Back 返回</a></p>{{end}}
</html>
`))

func (s *Server) page(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.expire()
	if one := s.session(r.PathValue("id")); one != nil {
		one.page(w, "")
		return
	}
	http.NotFound(w, r)
}

func (s *Server) act(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, formLimit)
	do := r.PostFormValue("do")
	s.mu.Lock()
	defer s.mu.Unlock()
	s.expire()
	one := s.session(r.PathValue("id"))
	switch {
	case one == nil:
		http.NotFound(w, r)
		return
	case one.status != "open":
		one.page(w, "")
		return
	}
	challenged := one.intent != nil && one.intent.status == "requires_action"
	switch {
	case do == doPay && !challenged, do == doConfirm && challenged:
		s.settle(one)
	case do == doLater && !challenged:
		s.later(one)
	case do == doChallenge && !challenged:
		s.challenge(one)
		one.page(w, "")
		return
	case do == doDecline:
		s.decline(one)
		one.page(w, "Your card was declined. 您的卡被拒绝。")
		return
	case do == doCancel && one.cancel != "":
		http.Redirect(w, r, one.cancel, http.StatusSeeOther)
		return
	default:
		http.Error(w, "no such thing to do", http.StatusBadRequest)
		return
	}
	http.Redirect(w, r, one.back(), http.StatusSeeOther)
}

func (one *session) page(w http.ResponseWriter, message string) {
	if one.status != "open" {
		message = "This session is " + one.status + "."
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	hosted.Execute(w, struct {
		Product, Amount, Message, Back string
		Open, Challenged               bool
	}{
		one.product, fmt.Sprintf("%s %d.%02d", strings.ToUpper(one.currency), one.amount/100, one.amount%100), message, one.back(),
		one.status == "open", one.intent != nil && one.intent.status == "requires_action",
	})
}

// back is where the buyer goes from here.
func (one *session) back() string {
	if one.status == "expired" && one.cancel != "" {
		return one.cancel
	}
	return strings.ReplaceAll(one.success, "{CHECKOUT_SESSION_ID}", one.id)
}
