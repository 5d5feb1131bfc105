package market

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"gongshu/ent/db"
	"gongshu/ent/db/auditrecord"
	"gongshu/ent/db/invitation"
	"gongshu/ent/db/organisation"
	"gongshu/ent/db/person"
	"gongshu/ent/db/proceeding"
	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/blob"
	"gongshu/internal/fault"
	"gongshu/internal/store"
)

const password = "correct horse"

// creditCode is a valid credit code of a test.
func creditCode(t *testing.T, n int) string { return codeOfKind(t, "91", n) }

// codeOfKind is one of a kind of body: 91 an enterprise, 11 an administrative organ.
func codeOfKind(t *testing.T, kind string, n int) string {
	t.Helper()
	code, err := authorisation.NewCreditCode(fmt.Sprintf("%s510700MA6CGN%03d", kind, n))
	if err != nil {
		t.Fatal(err)
	}
	return string(code)
}

func signUp(t *testing.T, n int) SignUpInput {
	return SignUpInput{
		Name: fmt.Sprintf("甲公司%d", n), CreditCode: creditCode(t, n), LegalForm: access.Enterprise, Parties: []access.Party{access.Buyer},
		Email: fmt.Sprintf("Founder%d@Test.example", n), DisplayName: "甲", Password: password,
	}
}

// acts returns a context in which an identity acts, loaded as a request would.
func (w *world) acts(t *testing.T, id Identity) context.Context {
	t.Helper()
	v, err := w.Viewer(t.Context(), id.PersonID, id.OrganisationID)
	if err != nil || !v.SignedIn() {
		t.Fatalf("the viewer of %+v is %+v, %v", id, v, err)
	}
	return access.With(t.Context(), v)
}

// document lays a document of an organisation without its bytes.
func (w *world) document(t *testing.T, ctx context.Context) uuid.UUID {
	t.Helper()
	v, id := access.FromContext(ctx), uuid.Must(uuid.NewV7())
	w.tx(t, func(ctx context.Context, tx *store.Tx) error {
		return tx.AddDocument(ctx, store.Document{ID: id, OrganisationID: v.OrganisationID, UploaderID: v.PersonID, Name: "a.pdf", MediaType: "application/pdf", BlobKey: "documents/" + id.String()})
	})
	return id
}

func (w *world) status(t *testing.T, id uuid.UUID) access.OrganisationStatus {
	t.Helper()
	o, err := w.Store.Read().Organisation.Get(store.AsSystem(t.Context()), id)
	if err != nil {
		t.Fatal(err)
	}
	return o.Status
}

func TestAnOrganisationSignsUpAndIsVerified(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		if err := w.PlatformFound(t.Context(), "平台", creditCode(t, 1), "root@test.example", "管理员", password); err != nil {
			t.Fatal(err)
		}
		refused(t, w.PlatformFound(t.Context(), "又一平台", creditCode(t, 2), "other@test.example", "乙", password), "PLATFORM_EXISTS")
		root, err := w.SignIn(t.Context(), SignInInput{Email: "root@test.example", Password: password})
		if err != nil {
			t.Fatal(err)
		}
		platform := w.acts(t, root)

		founder, err := w.OrganisationSignUp(t.Context(), signUp(t, 3))
		if err != nil {
			t.Fatal(err)
		}
		company := w.acts(t, founder)
		if v := access.FromContext(company); v.Verified || v.Is(access.Buyer) || !v.Has(access.Administrator) || !v.Has(access.BuyerRole) {
			t.Fatalf("the founder acts as %+v", v)
		}

		_, err = w.VerificationApply(company, VerificationInput{IdempotencyKey: "k"})
		refused(t, err, "EVIDENCE_MISSING")
		_, err = w.VerificationApply(company, VerificationInput{Evidence: []uuid.UUID{w.document(t, platform)}, IdempotencyKey: "k"})
		refused(t, err, "NOT_FOUND")

		in := VerificationInput{Evidence: []uuid.UUID{w.document(t, company)}, IdempotencyKey: "k"}
		first, err := w.VerificationApply(company, in)
		if err != nil {
			t.Fatal(err)
		}
		again, err := w.VerificationApply(company, in)
		if err != nil || again != first {
			t.Fatalf("the same application again is %v, %v", again, err)
		}
		in.Note = "other"
		_, err = w.VerificationApply(company, in)
		refused(t, err, "IDEMPOTENCY_KEY_REUSED")
		in.IdempotencyKey = "k2"
		_, err = w.VerificationApply(company, in)
		refused(t, err, "VERIFICATION_PENDING")

		refused(t, w.ProceedingDecide(company, first, DecisionInput{Step: authorisation.StepPlatform, Outcome: authorisation.OutcomeApprove, Reason: "me"}), "ORGANISATION_NOT_VERIFIED")
		if docs, err := w.Evidence(platform, first); err != nil || len(docs) != 1 {
			t.Fatalf("the platform sees the evidence %v, %v", docs, err)
		}
		stranger := w.person(t, w.organisation(t, "路人", access.Enterprise, access.Buyer), access.Administrator)
		_, err = w.Evidence(stranger, first)
		refused(t, err, "NOT_FOUND")

		decide := func(id uuid.UUID, outcome authorisation.Outcome) {
			t.Helper()
			if err := w.ProceedingDecide(platform, id, DecisionInput{Step: authorisation.StepPlatform, Outcome: outcome, Reason: "checked"}); err != nil {
				t.Fatal(err)
			}
		}
		decide(first, authorisation.OutcomeRefuse)
		if got := w.status(t, founder.OrganisationID); got != access.OrganisationRefused {
			t.Fatalf("after a refusal it is %s", got)
		}
		second, err := w.VerificationApply(company, in)
		if err != nil {
			t.Fatal(err)
		}
		if got := w.status(t, founder.OrganisationID); got != access.OrganisationSubmitted {
			t.Fatalf("after applying again it is %s", got)
		}
		decide(second, authorisation.OutcomeApprove)
		if v := access.FromContext(w.acts(t, founder)); !v.Is(access.Buyer) {
			t.Fatalf("after verification the founder acts as %+v", v)
		}
		in.IdempotencyKey = "k3"
		_, err = w.VerificationApply(company, in)
		refused(t, err, "ALREADY_VERIFIED")
	})
}

func TestOfTwoApplicationsAtOnceOneIsOpened(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.organisation(t, "平台", access.PublicInstitution, access.Platform)
		founder, err := w.OrganisationSignUp(t.Context(), signUp(t, 3))
		if err != nil {
			t.Fatal(err)
		}
		company := w.acts(t, founder)
		evidence := []uuid.UUID{w.document(t, company)}
		var all sync.WaitGroup
		answers := make([]error, 6)
		for i := range answers {
			all.Go(func() {
				_, answers[i] = w.VerificationApply(company, VerificationInput{Evidence: evidence, IdempotencyKey: fmt.Sprint("k", i%3)})
			})
		}
		all.Wait()
		n, err := w.Store.Read().Proceeding.Query().Where(proceeding.SubjectID(founder.OrganisationID)).Count(store.AsSystem(t.Context()))
		if err != nil || n != 1 {
			t.Fatalf("there are %d proceedings, %v: %v", n, err, answers)
		}
		for _, err := range answers {
			if err != nil && fault.CodeOf(err) != "VERIFICATION_PENDING" {
				t.Errorf("an application was answered %v", err)
			}
		}
	})
}

func TestWhatSigningUpTellsStrangers(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		one, err := w.OrganisationSignUp(t.Context(), signUp(t, 1))
		if err != nil {
			t.Fatal(err)
		}
		agencyID := w.organisation(t, "数据局", access.AdministrativeOrgan, access.ImplementingAgency)
		agency, err := w.Store.Read().Organisation.Get(t.Context(), agencyID)
		if err != nil {
			t.Fatal(err)
		}
		try := func(change func(*SignUpInput)) error {
			in := signUp(t, 2)
			change(&in)
			_, err := w.OrganisationSignUp(t.Context(), in)
			return err
		}
		refused(t, try(func(in *SignUpInput) { in.CreditCode = *agency.CreditCode }), "CREDIT_CODE_TAKEN")
		refused(t, try(func(in *SignUpInput) { in.CreditCode = creditCode(t, 1) }), "SIGN_UP_REFUSED")
		refused(t, try(func(in *SignUpInput) { in.Email, in.Password = "founder1@test.example", "wrong password" }), "SIGN_UP_REFUSED")
		err = try(func(in *SignUpInput) {
			in.CreditCode, in.Email, in.Password, in.Parties = "x", "y", "z", []access.Party{access.Platform}
		})
		for _, code := range []string{"CREDIT_CODE_INVALID", "EMAIL_INVALID", "PASSWORD_TOO_SHORT", "PARTY_NOT_ALLOWED"} {
			refused(t, err, code)
		}

		both, err := w.OrganisationSignUp(t.Context(), func() SignUpInput { in := signUp(t, 4); in.Email = "founder1@test.example"; return in }())
		if err != nil || both.PersonID != one.PersonID || both.OrganisationID == one.OrganisationID {
			t.Fatalf("a second organisation of one person is %+v, %v", both, err)
		}

		w.clock = w.clock.Add(unusedCodeDays * 24 * time.Hour)
		if _, err := w.OrganisationSignUp(t.Context(), func() SignUpInput { in := signUp(t, 5); in.CreditCode = creditCode(t, 1); return in }()); err != nil {
			t.Fatalf("a credit code that nobody proved is held for good: %v", err)
		}
		w.organisation(t, "平台", access.PublicInstitution, access.Platform)
		ctx := w.acts(t, one)
		_, err = w.VerificationApply(ctx, VerificationInput{Evidence: []uuid.UUID{w.document(t, ctx)}, IdempotencyKey: "k"})
		refused(t, err, "CREDIT_CODE_MISSING")
	})
}

func TestSigningIn(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		founder, err := w.OrganisationSignUp(t.Context(), signUp(t, 1))
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range []struct{ sentence, email, password, code string }{
			{"the right password, however the address is written", " FOUNDER1@test.example", password, ""},
			{"another password", "founder1@test.example", "wrong password", "CREDENTIALS_WRONG"},
			{"an unknown address", "nobody@test.example", password, "CREDENTIALS_WRONG"},
			{"no address at all", "", "", "CREDENTIALS_WRONG"},
			{"a password without end", "founder1@test.example", strings.Repeat("x", 10_000), "CREDENTIALS_WRONG"},
		} {
			id, err := w.SignIn(t.Context(), SignInInput{Email: row.email, Password: row.password})
			if row.code == "" && (err != nil || id != founder) {
				t.Errorf("%s: got %+v, %v", row.sentence, id, err)
			}
			if row.code != "" && fault.CodeOf(err) != row.code {
				t.Errorf("%s: got %v", row.sentence, err)
			}
		}
		other := w.organisation(t, "他人", access.Enterprise, access.Buyer)
		_, err = w.SignIn(t.Context(), SignInInput{Email: "founder1@test.example", Password: password, OrganisationID: &other})
		refused(t, err, "NOT_FOUND")
		refused(t, w.OrganisationSwitch(w.acts(t, founder), other), "NOT_FOUND")
		refused(t, w.OrganisationSwitch(t.Context(), other), "SIGN_IN_REQUIRED")

		w.tx(t, func(ctx context.Context, tx *store.Tx) error {
			return tx.Person.UpdateOneID(founder.PersonID).SetDisabledAt(tx.Now()).Exec(ctx)
		})
		_, err = w.SignIn(t.Context(), SignInInput{Email: "founder1@test.example", Password: password})
		refused(t, err, "CREDENTIALS_WRONG")
		if v, err := w.Viewer(t.Context(), founder.PersonID, founder.OrganisationID); err != nil || v.SignedIn() {
			t.Fatalf("a disabled person acts as %+v, %v", v, err)
		}
	})
}

func TestGuessingIsSlowedDown(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		if _, err := w.OrganisationSignUp(WithAddress(t.Context(), "192.0.2.1"), signUp(t, 1)); err != nil {
			t.Fatal(err)
		}
		guesser, owner := WithAddress(t.Context(), "192.0.2.66"), WithAddress(t.Context(), "192.0.2.1")
		in := SignInInput{Email: "founder1@test.example", Password: "wrong password"}
		var all sync.WaitGroup
		codes := make([]string, 2*attemptsPerAccount)
		for i := range codes {
			all.Go(func() { _, err := w.SignIn(guesser, in); codes[i] = fault.CodeOf(err) })
		}
		all.Wait()
		guessed := 0
		for _, code := range codes {
			if code == "CREDENTIALS_WRONG" {
				guessed++
			}
		}
		if guessed != attemptsPerAccount {
			t.Fatalf("%d guesses at once were answered: %v", guessed, codes)
		}
		in.Password = password
		_, err := w.SignIn(guesser, in)
		refused(t, err, "TOO_MANY_ATTEMPTS")
		if _, err := w.SignIn(owner, in); err != nil {
			t.Fatalf("the owner is kept out by somebody else's guesses: %v", err)
		}
		w.clock = w.clock.Add(attemptWindow)
		if _, err := w.SignIn(guesser, in); err != nil {
			t.Fatalf("after the window: %v", err)
		}
	})
}

func TestGuessingFromManyAddressesIsSlowedDownAndKeepsNobodyOut(t *testing.T) {
	var attempts throttle
	now := today
	from := func(i int) context.Context { return WithAddress(t.Context(), fmt.Sprintf("192.0.2.%d", i)) }
	const account = "owner@test.example"
	owner := WithAddress(t.Context(), "198.51.100.1")
	if err := attempts.take(owner, account, now); err != nil {
		t.Fatal(err)
	}
	attempts.forgive(owner, account)
	let := 0
	for i := range 100 { // in three quarters of the window
		if attempts.take(from(i), account, now) == nil {
			let++
		}
		if err := attempts.take(owner, account, now); err != nil {
			t.Fatalf("the owner is kept out by strangers after %d guesses: %v", i, err)
		}
		attempts.forgive(owner, account)
		now = now.Add(7 * time.Second)
	}
	if most := attemptsOnOneAccount + int(700*time.Second/accountPause); let < attemptsOnOneAccount || let > most {
		t.Errorf("%d guesses were let through", let)
	}
	if err := attempts.take(from(200), account, now.Add(accountPause)); err != nil {
		t.Errorf("somebody new has to wait longer than %s: %v", accountPause, err)
	}
	if err := attempts.take(from(201), "other@test.example", now); err != nil {
		t.Errorf("another account: %v", err)
	}
}

func TestPeopleJoinByInvitation(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		founder, err := w.OrganisationSignUp(t.Context(), signUp(t, 1))
		if err != nil {
			t.Fatal(err)
		}
		admin, own := w.acts(t, founder), founder.OrganisationID
		agency := w.organisation(t, "数据局", access.AdministrativeOrgan, access.ImplementingAgency)
		platform := w.person(t, w.organisation(t, "平台", access.PublicInstitution, access.Platform), access.Administrator)
		member := w.person(t, own, access.Member)
		for _, row := range []struct {
			sentence string
			as       context.Context
			into     uuid.UUID
			roles    []access.Role
			code     string
		}{
			{"nobody invites nobody", t.Context(), own, []access.Role{access.Member}, "SIGN_IN_REQUIRED"},
			{"a member does not invite", member, own, []access.Role{access.Member}, "ROLE_REQUIRED"},
			{"an administrator invites into no other organisation", admin, agency, []access.Role{access.Administrator}, "NOT_FOUND"},
			{"the platform invites into none that has members", platform, own, []access.Role{access.Administrator}, "ORGANISATION_HAS_MEMBERS"},
			{"the first member is an administrator", platform, agency, []access.Role{access.Approver}, "ADMINISTRATOR_MISSING"},
			{"an invitation has a role", admin, own, nil, "ROLE_MISSING"},
		} {
			if _, _, err := w.MemberInvite(row.as, InviteInput{OrganisationID: row.into, Email: "x@test.example", Roles: row.roles}); fault.CodeOf(err) != row.code {
				t.Errorf("%s: got %v", row.sentence, err)
			}
		}
		invite := func(as context.Context, into uuid.UUID, email string, roles ...access.Role) string {
			t.Helper()
			token, _, err := w.MemberInvite(as, InviteInput{OrganisationID: into, Email: email, Roles: roles})
			if err != nil {
				t.Fatal(err)
			}
			return token
		}
		accept := func(as context.Context, token string) (Identity, error) {
			return w.InvitationAccept(as, AcceptInput{Token: token, DisplayName: "乙", Password: password})
		}

		token := invite(platform, agency, "chief@test.example", access.Administrator)
		stored, err := w.Store.Read().Invitation.Query().Where(invitation.TokenHash(secretHash(token))).Exist(store.AsSystem(t.Context()))
		if err != nil || !stored {
			t.Fatalf("the token is not stored as its hash: %v", err)
		}
		if asked, err := w.Invitation(t.Context(), token); err != nil || asked.OrganisationID != agency || asked.OrganisationName == "" || !slices.Equal(asked.Roles, []access.Role{access.Administrator}) {
			t.Fatalf("who holds the token is told %+v, %v", asked, err)
		}
		_, err = accept(admin, token)
		refused(t, err, "INVITATION_FOR_ANOTHER")
		var all sync.WaitGroup
		answers := make([]error, 4)
		for i := range answers {
			all.Go(func() { _, answers[i] = accept(t.Context(), token) })
		}
		all.Wait()
		joined := 0
		for _, err := range answers {
			if err == nil {
				joined++
			}
		}
		if joined != 1 {
			t.Fatalf("one invitation was accepted %d times: %v", joined, answers)
		}
		chief, err := w.SignIn(t.Context(), SignInInput{Email: "chief@test.example", Password: password})
		if err != nil || chief.OrganisationID != agency {
			t.Fatalf("the first member signs in as %+v, %v", chief, err)
		}

		token = invite(admin, own, "chief@test.example", access.Member)
		_, err = accept(t.Context(), token)
		refused(t, err, "SIGN_IN_TO_ACCEPT")
		if _, err := accept(w.acts(t, chief), token); err != nil {
			t.Fatal(err)
		}
		_, err = accept(w.acts(t, chief), token)
		refused(t, err, "INVITATION_INVALID")
		_, err = w.Invitation(t.Context(), token)
		refused(t, err, "INVITATION_INVALID")
		if _, err := accept(w.acts(t, chief), invite(admin, own, "chief@test.example", access.Finance)); err != nil {
			t.Fatal(err)
		}
		if v, _ := w.Viewer(t.Context(), chief.PersonID, own); !v.Has(access.Member) || !v.Has(access.Finance) || v.Has(access.Administrator) {
			t.Fatalf("invited twice, the person acts as %+v", v)
		}
		token = invite(admin, own, "late@test.example", access.Member)
		w.clock = w.clock.Add(invitationLasts)
		_, err = accept(t.Context(), token)
		refused(t, err, "INVITATION_INVALID")
		_, err = accept(t.Context(), "")
		refused(t, err, "INVITATION_INVALID")
	})
}

func TestThePlatformConfirmsAndAppoints(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		platform := w.person(t, w.organisation(t, "平台", access.PublicInstitution, access.Platform), access.Approver)
		buyer := w.person(t, w.organisation(t, "银行", access.Enterprise, access.Buyer), access.Approver)
		var recorded uuid.UUID
		w.tx(t, func(ctx context.Context, tx *store.Tx) error {
			o, err := tx.Organisation.Create().SetCreatedAt(tx.Now()).SetName("市发展改革委").SetLegalForm(access.AdministrativeOrgan).SetStatus(access.OrganisationRecorded).Save(ctx)
			if err != nil {
				return err
			}
			recorded = o.ID
			return tx.Party.Create().SetCreatedAt(tx.Now()).SetOrganisationID(o.ID).SetKind(access.SourceUnit).Exec(ctx)
		})
		confirm := ConfirmInput{
			OrganisationID: recorded, CreditCode: codeOfKind(t, "11", 1), LegalForm: access.AdministrativeOrgan,
			Parties: []access.Party{access.SourceUnit, access.IndustryAuthority}, Reason: "by office",
		}
		appoint := AppointInput{Name: "市发展改革委", CreditCode: codeOfKind(t, "11", 2), LegalForm: access.AdministrativeOrgan, Parties: []access.Party{access.PriceAuthority}, Reason: "by office"}
		refused(t, w.OrganisationConfirm(buyer, confirm), "PARTY_REQUIRED")
		_, err := w.OrganisationAppoint(buyer, appoint)
		refused(t, err, "PARTY_REQUIRED")
		_, err = w.OrganisationAppoint(platform, appoint)
		refused(t, err, "ORGANISATION_RECORDED")
		if err := w.OrganisationConfirm(platform, confirm); err != nil {
			t.Fatal(err)
		}
		refused(t, w.OrganisationConfirm(platform, confirm), "ORGANISATION_NOT_RECORDED")
		appoint.Name, appoint.CreditCode = "登记中心", codeOfKind(t, "11", 1)
		_, err = w.OrganisationAppoint(platform, appoint)
		refused(t, err, "CREDIT_CODE_TAKEN")
		appoint.CreditCode, appoint.Reason = codeOfKind(t, "11", 3), " "
		_, err = w.OrganisationAppoint(platform, appoint)
		refused(t, err, "REASON_MISSING")
		appoint.Reason = "by office"
		if _, err := w.OrganisationAppoint(platform, appoint); err != nil {
			t.Fatal(err)
		}
		o, err := w.Store.Read().Organisation.Query().Where(organisation.ID(recorded)).Only(t.Context())
		if err != nil || o.Status != access.OrganisationVerified || *o.CreditCode != codeOfKind(t, "11", 1) {
			t.Fatalf("confirmed it is %+v, %v", o, err)
		}
	})
}

func TestOfPlatformsFoundedAtOnceThereIsOne(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		errs := make([]error, 4)
		var group sync.WaitGroup
		for i := range errs {
			code := creditCode(t, i)
			group.Go(func() {
				errs[i] = w.PlatformFound(t.Context(), "平台", code, fmt.Sprintf("root%d@test.example", i), "管理员", password)
			})
		}
		group.Wait()
		founded := 0
		for _, err := range errs {
			if err == nil {
				founded++
			} else {
				refused(t, err, "PLATFORM_EXISTS")
			}
		}
		if founded != 1 {
			t.Errorf("there are %d platforms", founded)
		}
	})
}

func TestTheLegalFormIsThatOfTheCreditCode(t *testing.T) {
	for _, c := range []struct {
		kind string
		form access.LegalForm
		ok   bool
	}{
		{"91", access.Enterprise, true}, {"93", access.Enterprise, true}, {"91", access.AdministrativeOrgan, false},
		{"11", access.Enterprise, false}, {"11", access.AdministrativeOrgan, true}, {"12", access.AdministrativeOrgan, false},
		{"12", access.PublicInstitution, true}, {"52", access.SocialOrganisation, true}, {"53", access.Enterprise, false},
		{"13", access.PublicInstitution, true}, {"81", access.SocialOrganisation, true},
	} {
		if f := checkLegalForm(c.form, authorisation.CreditCode(codeOfKind(t, c.kind, 1))); (f == nil) != c.ok {
			t.Errorf("%s as %s: %v", c.kind, c.form, f)
		}
	}
	eachWorld(t, func(t *testing.T, w *world) {
		in := signUp(t, 1)
		in.CreditCode = codeOfKind(t, "11", 1)
		_, err := w.OrganisationSignUp(t.Context(), in)
		if faults := fault.All(err); len(faults) != 1 || faults[0].Code != "LEGAL_FORM_MISMATCH" || faults[0].Field != "input.legalForm" {
			t.Errorf("an organ that signs up as an enterprise is answered %v", err)
		}
		platform := w.person(t, w.organisation(t, "平台", access.Enterprise, access.Platform), access.Approver)
		_, err = w.OrganisationAppoint(platform, AppointInput{Name: "登记中心", CreditCode: codeOfKind(t, "12", 2), LegalForm: access.AdministrativeOrgan,
			Parties: []access.Party{access.Registrar}, Reason: "by office"})
		refused(t, err, "LEGAL_FORM_MISMATCH")
		refused(t, w.OrganisationConfirm(platform, ConfirmInput{CreditCode: codeOfKind(t, "91", 3), LegalForm: access.AdministrativeOrgan,
			Parties: []access.Party{access.SourceUnit}, Reason: "by office"}), "LEGAL_FORM_MISMATCH")
	})
}

func TestRecordsHoldNoPersonalData(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		founder, err := w.OrganisationSignUp(t.Context(), signUp(t, 1))
		if err != nil {
			t.Fatal(err)
		}
		token, _, err := w.MemberInvite(w.acts(t, founder), InviteInput{OrganisationID: founder.OrganisationID, Email: "secret@test.example", Roles: []access.Role{access.Member}})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.InvitationAccept(t.Context(), AcceptInput{Token: token, DisplayName: "秘密", Password: password}); err != nil {
			t.Fatal(err)
		}
		_, _ = w.SignIn(t.Context(), SignInInput{Email: "secret@test.example", Password: "wrong password"})
		rows, err := w.Store.Read().AuditRecord.Query().Order(db.Asc(auditrecord.FieldID)).All(store.AsSystem(t.Context()))
		if err != nil {
			t.Fatal(err)
		}
		var acts []string
		for _, r := range rows {
			acts = append(acts, r.Action)
			if text := fmt.Sprint(r.Change, r.Reason); strings.Contains(text, "@") || strings.Contains(text, "秘密") || strings.Contains(text, token) {
				t.Errorf("%s records %s", r.Action, text)
			}
		}
		if got := strings.Join(acts, " "); !strings.HasSuffix(got, "organisationSignUp memberInvite invitationAccept signInRefused") {
			t.Fatalf("recorded was %s", got)
		}
		hash, err := w.Store.Read().Person.Query().Where(person.ID(founder.PersonID)).Only(store.AsSystem(t.Context()))
		if err != nil || !strings.HasPrefix(hash.PasswordHash, "$argon2id$v=19$m=19456,t=2,p=1$") {
			t.Fatalf("the password is stored otherwise: %v", err)
		}
	})
}

func TestDocuments(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		var err error
		if w.Blobs, err = blob.Open(t.TempDir()); err != nil {
			t.Fatal(err)
		}
		archive := func(names ...string) string {
			var b bytes.Buffer
			z := zip.NewWriter(&b)
			for _, name := range names {
				if _, err := z.Create(name); err != nil {
					t.Fatal(err)
				}
			}
			if err := z.Close(); err != nil {
				t.Fatal(err)
			}
			return b.String()
		}
		long := strings.Repeat("以此证明 this is what it is\n", 4000) // more than is read at once
		many := func(form string, names ...string) []string {
			for i := range 200 {
				names = append(names, fmt.Sprintf(form, i))
			}
			return names
		}
		own := w.person(t, w.organisation(t, "银行", access.Enterprise, access.Buyer), access.Member)
		other := w.person(t, w.organisation(t, "保险", access.Enterprise, access.Buyer), access.Member)
		for _, row := range []struct{ sentence, name, stated, content, want, code string }{
			{"a PDF under any name", "../../etc/执照.html", "text/html", "%PDF-1.7\n", "执照.pdf application/pdf", ""},
			{"a CSV is a text that is called one", "数据.CSV", "", "a,b\n1,2\n", "数据.csv text/csv", ""},
			{"a text", "C:\\temp\\note", "text/plain", "以此证明", "note.txt text/plain", ""},
			{"a Word file", "合同.docx", "", archive("[Content_Types].xml", "word/document.xml"), "合同.docx application/vnd.openxmlformats-officedocument.wordprocessingml.document", ""},
			{"an OFD file", "发票.ofd", "", archive("OFD.xml", "Doc_0/Document.xml"), "发票.ofd application/ofd", ""},
			{"an XML file", "发票.xml", "", "<?xml version=\"1.0\" encoding=\"UTF-8\"?><EInvoice/>", "发票.xml text/xml", ""},
			{"one with a byte-order mark", "发票.xml", "", "\xef\xbb\xbf<?xml version=\"1.0\"?><EInvoice/>", "发票.xml text/xml", ""},
			{"a Word file with macros", "合同.docx", "", archive("word/document.xml", "word/vbaProject.bin"), "", "MEDIA_TYPE_REFUSED"},
			{"another archive", "a.docx", "", archive("a.exe"), "", "MEDIA_TYPE_REFUSED"},
			{"a page that would run", "a.pdf", "application/pdf", "<html><script>1</script>", "", "MEDIA_TYPE_REFUSED"},
			{"a program", "a.pdf", "application/pdf", "\x7fELF\x02\x01\x01\x00", "", "MEDIA_TYPE_REFUSED"},
			{"a long PDF", "执照.pdf", "", "%PDF-1.7\n" + long, "执照.pdf application/pdf", ""},
			{"a long picture", "执照.png", "", "\x89PNG\x0D\x0A\x1A\x0A" + long, "执照.png image/png", ""},
			{"a long photograph", "执照.jpg", "", "\xFF\xD8\xFF\xE0" + long, "执照.jpg image/jpeg", ""},
			{"a long Excel file", "表.xlsx", "", archive(many("xl/worksheets/sheet%d.xml", "xl/workbook.xml")...), "表.xlsx application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ""},
			{"a long page that would run", "a.pdf", "application/pdf", "<html><script>1</script>" + long, "", "MEDIA_TYPE_REFUSED"},
			{"nothing", "a.pdf", "", "", "", "DOCUMENT_EMPTY"},
			{"over the limit", "a.txt", "", strings.Repeat("x", MaxDocument+1), "", "DOCUMENT_TOO_LARGE"},
		} {
			id, err := w.DocumentStore(own, row.name, row.stated, strings.NewReader(row.content))
			if row.code != "" {
				if fault.CodeOf(err) != row.code {
					t.Errorf("%s: got %v", row.sentence, err)
				}
				continue
			}
			if err != nil {
				t.Errorf("%s: got %v", row.sentence, err)
				continue
			}
			d, err := w.DocumentOpen(own, id)
			if err != nil {
				t.Fatalf("%s: %v", row.sentence, err)
			}
			if got := d.Name + " " + d.MediaType; got != row.want || d.Size != int64(len(row.content)) {
				t.Errorf("%s: got %s, %d bytes", row.sentence, got, d.Size)
			}
			d.Close()
			_, err = w.DocumentOpen(other, id)
			refused(t, err, "NOT_FOUND")
			_, err = w.DocumentOpen(t.Context(), id)
			refused(t, err, "SIGN_IN_REQUIRED")
		}
		_, err = w.DocumentStore(t.Context(), "a.txt", "", strings.NewReader("x"))
		refused(t, err, "SIGN_IN_REQUIRED")
	})
}
