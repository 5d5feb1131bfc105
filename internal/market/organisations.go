package market

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"gongshu/ent/db/organisation"
	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/fault"
	"gongshu/internal/ordering"
	"gongshu/internal/store"
	"gongshu/pricing"
)

// SignUpInput is what a person states about an organisation and itself.
type SignUpInput struct {
	Name        string
	NameEn      string
	CreditCode  string
	LegalForm   access.LegalForm
	Parties     []access.Party
	Email       string
	DisplayName string
	Password    string
}

// OrganisationSignUp signs up an organisation, SUBMITTED until the platform verifies it, and the person who administers it.
// Who has an account already gives its e-mail address and password and keeps it.
//
// It refuses everything that is wrong with the input at once, LEGAL_FORM_MISMATCH among it where the credit code is another kind of body's. A credit code that is taken is CREDIT_CODE_TAKEN only where
// the organisation is public: who buys is nobody's business. Otherwise, and for an e-mail address with another password,
// the one answer is SIGN_UP_REFUSED, and TOO_MANY_ATTEMPTS to an address that tries on.
func (m *Market) OrganisationSignUp(ctx context.Context, in SignUpInput) (Identity, error) {
	o, who, wrong := in.parse()
	wrong = appendFault(wrong, checkLegalForm(in.LegalForm, o.CreditCode))
	wrong = appendFault(wrong, access.CheckAskedFor(in.Parties, "input.parties"))
	if len(wrong) > 0 {
		return Identity{}, wrong
	}
	if err := m.attempts.take(ctx, "sign-up "+who.email, m.Store.Now()); err != nil {
		return Identity{}, err
	}
	account, err := m.accountFor(ctx, who)
	if err != nil {
		return Identity{}, err
	}
	var id Identity
	err = m.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		released, err := creditCodeFor(ctx, tx, o.CreditCode)
		if err != nil {
			return err
		}
		if id.OrganisationID, err = tx.AddOrganisation(ctx, o); err != nil {
			return err
		}
		if id.PersonID, err = account.in(ctx, tx); err != nil {
			return err
		}
		if err := tx.AddMember(ctx, id.OrganisationID, id.PersonID, access.FounderRoles(o.Parties)); err != nil {
			return err
		}
		change := map[string]any{"status": o.Status, "creditCode": o.CreditCode, "legalForm": o.LegalForm, "parties": o.Parties}
		if released != uuid.Nil {
			change["creditCodeTakenFrom"] = released
		}
		return tx.Record(id.as(ctx), store.Act{Name: "organisationSignUp", Kind: "Organisation", ID: id.OrganisationID, Change: change})
	})
	if store.IsTaken(err) {
		return Identity{}, errSignUpRefused // by somebody who was faster
	}
	return id, err
}

var errSignUpRefused = fault.New(fault.Conflict, "SIGN_UP_REFUSED",
	"This credit code or e-mail address cannot be signed up. If the organisation is yours, ask its administrator or the platform for an invitation.")

// parse checks what is stated.
func (in SignUpInput) parse() (o store.Organisation, who newcomer, wrong fault.List) {
	var err error
	o.Status, o.LegalForm, o.Parties = access.OrganisationSubmitted, in.LegalForm, in.Parties
	o.Name = take(&wrong)(access.ParseName(in.Name, "input.name"))
	if in.NameEn != "" {
		o.NameEn = take(&wrong)(access.ParseName(in.NameEn, "input.nameEn"))
	}
	o.CreditCode, err = authorisation.ParseCreditCode(in.CreditCode, "input.creditCode")
	wrong = append(wrong, fault.All(err)...)
	who.email = take(&wrong)(access.ParseEmail(in.Email, "input.email"))
	who.displayName = take(&wrong)(access.ParseName(in.DisplayName, "input.displayName"))
	wrong = appendFault(wrong, access.CheckPassword(in.Password, "input.password"))
	who.password = in.Password
	return o, who, wrong
}

// take gives a parsed value and keeps what was wrong with it.
func take(wrong *fault.List) func(string, *fault.Error) string {
	return func(value string, f *fault.Error) string {
		*wrong = appendFault(*wrong, f)
		return value
	}
}

func appendFault(list fault.List, f *fault.Error) fault.List {
	if f == nil {
		return list
	}
	return append(list, f)
}

// unusedCodeDays is how long an organisation that signed up holds its credit code before it asks to be verified.
const unusedCodeDays = 7

// creditCodeFor makes sure that a new organisation may have a credit code.
//
// Anybody can state a credit code, so it is not held for good by whoever was first: what the platform refused, or what never
// asked to be verified, loses it to the next one, and its id is returned.
func creditCodeFor(ctx context.Context, tx *store.Tx, code authorisation.CreditCode) (released uuid.UUID, err error) {
	holder, err := tx.OrganisationByCode(ctx, code)
	if err != nil || holder.ID == uuid.Nil {
		return uuid.Nil, err
	}
	pending, err := tx.VerificationPending(ctx, holder.ID)
	if err != nil {
		return uuid.Nil, err
	}
	unused := holder.Status == access.OrganisationSubmitted && tx.Now().Sub(holder.CreatedAt) >= unusedCodeDays*24*time.Hour
	if (unused || holder.Status == access.OrganisationRefused) && !pending {
		return holder.ID, tx.ReleaseCreditCode(ctx, holder)
	}
	public, err := tx.Organisation.Query().Where(organisation.ID(holder.ID)).Exist(ctx)
	if err != nil {
		return uuid.Nil, fmt.Errorf("look for an organisation: %w", err)
	}
	if public {
		return uuid.Nil, creditCodeTaken()
	}
	return uuid.Nil, errSignUpRefused
}

func creditCodeTaken() error {
	return fault.New(fault.Conflict, "CREDIT_CODE_TAKEN", "An organisation with this credit code takes part already.").At("input.creditCode")
}

// VerificationInput is the evidence of an organisation's existence and of the person's power to act for it.
type VerificationInput struct {
	Evidence       []uuid.UUID
	Note           string
	IdempotencyKey string
}

// MaxNote is the greatest length of an applicant's note, in characters.
const MaxNote = 2000

// VerificationApply asks the platform to verify the viewer's organisation and returns the proceeding's id; its administrator may.
// The same key with the same content is the same application.
// Refused with EVIDENCE_MISSING, VERIFICATION_PENDING, ALREADY_VERIFIED, ORGANISATION_SUSPENDED and CREDIT_CODE_MISSING.
func (m *Market) VerificationApply(ctx context.Context, in VerificationInput) (uuid.UUID, error) {
	v := access.FromContext(ctx)
	if err := v.MayAdminister(v.OrganisationID); err != nil {
		return uuid.Nil, err
	}
	if err := in.check(); err != nil {
		return uuid.Nil, err
	}
	hash := requestHash(in)
	apply := func(ctx context.Context, tx *store.Tx) (uuid.UUID, error) {
		before, found, err := tx.ProceedingByKey(ctx, v.OrganisationID, in.IdempotencyKey)
		if err != nil || found {
			return before.ID, firstOf(err, inputKey(ordering.CheckIdempotency(before.RequestHash, hash)))
		}
		return m.openVerification(ctx, tx, in, hash)
	}
	return once(ctx, m.Store, apply)
}

func (in VerificationInput) check() error {
	var wrong fault.List
	if len(in.Evidence) == 0 {
		wrong = append(wrong, fault.New(fault.Invalid, "EVIDENCE_MISSING", "Evidence is required.").At("input.evidence"))
	}
	if len([]rune(in.Note)) > MaxNote {
		wrong = append(wrong, fault.New(fault.Invalid, "NOTE_TOO_LONG", "A note has at most %d characters.", MaxNote).At("input.note").With("max", MaxNote))
	}
	wrong = append(wrong, fault.All(inputKey(ordering.CheckIdempotencyKey(in.IdempotencyKey)))...)
	return wrong.OrNil()
}

func (m *Market) openVerification(ctx context.Context, tx *store.Tx, in VerificationInput, hash string) (uuid.UUID, error) {
	v := access.FromContext(ctx)
	o, err := tx.OrganisationByID(ctx, v.OrganisationID)
	if err != nil {
		return uuid.Nil, err
	}
	pending, err := tx.VerificationPending(ctx, o.ID)
	if err != nil {
		return uuid.Nil, err
	}
	if err := mayBeVerified(o, pending); err != nil {
		return uuid.Nil, err
	}
	// Saved though it may be SUBMITTED already: of two applications at once, one meets a changed organisation.
	if err := tx.MoveOrganisation(ctx, o, access.OrganisationSubmitted); err != nil {
		return uuid.Nil, err
	}
	id, err := m.open(ctx, tx, opening{
		kind: authorisation.ProceedingVerification, subjectID: o.ID, subjectName: o.Name,
		application: authorisation.Application{Note: in.Note}, evidence: in.Evidence, key: in.IdempotencyKey, hash: hash,
	})
	if err != nil {
		return uuid.Nil, err
	}
	return id, tx.Record(ctx, store.Act{
		Name: "verificationApply", Kind: "Organisation", ID: o.ID, Change: map[string]any{"proceeding": id, "evidence": in.Evidence},
	})
}

func mayBeVerified(o store.Organisation, pending bool) error {
	switch {
	case pending:
		return fault.New(fault.Conflict, "VERIFICATION_PENDING", "The platform is verifying this organisation already.")
	case o.Status == access.OrganisationVerified:
		return fault.New(fault.Conflict, "ALREADY_VERIFIED", "This organisation is verified.")
	case o.Status == access.OrganisationSuspended:
		return fault.New(fault.Conflict, "ORGANISATION_SUSPENDED", "This organisation is suspended.")
	case o.CreditCode == "":
		return fault.New(fault.Conflict, "CREDIT_CODE_MISSING", "Another organisation signed up with the credit code of this one. Sign up again, or ask the platform.")
	}
	return nil
}

// organisationDecided verifies or refuses the organisation; one whose application was taken back stays as it is.
func (m *Market) organisationDecided(ctx context.Context, tx *store.Tx, p store.Proceeding) error {
	var to access.OrganisationStatus
	switch p.State {
	case authorisation.StateApproved:
		to = access.OrganisationVerified
	case authorisation.StateRefused:
		to = access.OrganisationRefused
	default:
		return nil
	}
	o, err := tx.OrganisationByID(ctx, p.SubjectID)
	if err != nil {
		return err
	}
	return tx.MoveOrganisation(ctx, o, to)
}

// ConfirmInput is what the platform records of an organisation that a catalogue named.
type ConfirmInput struct {
	OrganisationID uuid.UUID
	CreditCode     string
	LegalForm      access.LegalForm
	Parties        []access.Party
	Reason         string
}

// OrganisationConfirm records credit code, legal form and capacities of an organisation that a catalogue named, and verifies it.
// The platform's approver may. Refused with ORGANISATION_NOT_RECORDED, CREDIT_CODE_TAKEN,
// LEGAL_FORM_MISMATCH, REASON_MISSING.
func (m *Market) OrganisationConfirm(ctx context.Context, in ConfirmInput) error {
	if err := keepsOrganisations(access.FromContext(ctx)); err != nil {
		return err
	}
	code, err := checkOffice(in.CreditCode, in.LegalForm, in.Parties, in.Reason)
	if err != nil {
		return err
	}
	err = m.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		o, err := tx.OrganisationByID(ctx, in.OrganisationID)
		if err != nil {
			return atField(err, "id")
		}
		if err := mayBeConfirmed(o.Status); err != nil {
			return err
		}
		o.CreditCode, o.LegalForm, o.Parties = code, in.LegalForm, in.Parties
		if err := tx.ConfirmOrganisation(ctx, o); err != nil {
			return err
		}
		return tx.Record(ctx, store.Act{Name: "organisationConfirm", Kind: "Organisation", ID: o.ID, Reason: in.Reason, Change: map[string]any{
			"status": access.OrganisationVerified, "creditCode": code, "legalForm": in.LegalForm, "parties": in.Parties,
		}})
	})
	if store.IsTaken(err) {
		return creditCodeTaken()
	}
	return err
}

// AppointInput is a public body that takes part by its office.
type AppointInput struct {
	Name       string
	NameEn     string
	CreditCode string
	LegalForm  access.LegalForm
	Parties    []access.Party
	Reason     string
}

// OrganisationAppoint signs up a public body that takes part by its office, verified at once, and returns its id.
// The platform's approver may. Refused with CREDIT_CODE_TAKEN, LEGAL_FORM_MISMATCH, REASON_MISSING, and with
// ORGANISATION_RECORDED when a catalogue named it: then it is confirmed.
func (m *Market) OrganisationAppoint(ctx context.Context, in AppointInput) (id uuid.UUID, err error) {
	if err := keepsOrganisations(access.FromContext(ctx)); err != nil {
		return uuid.Nil, err
	}
	var wrong fault.List
	o := store.Organisation{Status: access.OrganisationVerified, LegalForm: in.LegalForm, Parties: in.Parties}
	o.Name = take(&wrong)(access.ParseName(in.Name, "input.name"))
	if in.NameEn != "" {
		o.NameEn = take(&wrong)(access.ParseName(in.NameEn, "input.nameEn"))
	}
	o.CreditCode, err = checkOffice(in.CreditCode, in.LegalForm, in.Parties, in.Reason)
	if wrong = append(wrong, fault.All(err)...); len(wrong) > 0 {
		return uuid.Nil, wrong
	}
	err = m.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		recorded, err := tx.Organisation.Query().Where(organisation.Name(o.Name), organisation.StatusEQ(access.OrganisationRecorded)).Exist(ctx)
		if err != nil {
			return fmt.Errorf("look for an organisation: %w", err)
		}
		if recorded {
			return fault.New(fault.Conflict, "ORGANISATION_RECORDED", "A catalogue named this organisation: confirm that one.").At("input.name")
		}
		if id, err = tx.AddOrganisation(ctx, o); err != nil {
			return err
		}
		return tx.Record(ctx, store.Act{Name: "organisationAppoint", Kind: "Organisation", ID: id, Reason: in.Reason, Change: map[string]any{
			"status": o.Status, "creditCode": o.CreditCode, "legalForm": o.LegalForm, "parties": o.Parties,
		}})
	})
	if store.IsTaken(err) {
		return uuid.Nil, creditCodeTaken()
	}
	return id, err
}

// OrganisationSuspend keeps an organisation from taking part: its people act no more, its credentials are refused, and an
// operator's products leave the market in the same transaction. The platform's APPROVER may. Refused with MOVE_NOT_ALLOWED
// for one that is not verified, OWN_ORGANISATION, and REASON_MISSING.
func (m *Market) OrganisationSuspend(ctx context.Context, id uuid.UUID, reason string) error {
	return m.moveOrganisation(ctx, "organisationSuspend", id, access.OrganisationVerified, access.OrganisationSuspended, reason)
}

// OrganisationReinstate lets a suspended organisation take part again; an operator lists its products again.
// The platform's APPROVER may. Refused with MOVE_NOT_ALLOWED for one that is not suspended, and with REASON_MISSING.
func (m *Market) OrganisationReinstate(ctx context.Context, id uuid.UUID, reason string) error {
	return m.moveOrganisation(ctx, "organisationReinstate", id, access.OrganisationSuspended, access.OrganisationVerified, reason)
}

func (m *Market) moveOrganisation(ctx context.Context, act string, id uuid.UUID, from, to access.OrganisationStatus, reason string) error {
	v := access.FromContext(ctx)
	if err := keepsOrganisations(v); err != nil {
		return err
	}
	if err := checkReason(&reason); err != nil {
		return err
	}
	if err := notItself(v, id); err != nil {
		return err
	}
	return m.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		o, err := tx.OrganisationByID(ctx, id)
		if err != nil {
			return atField(err, "id")
		}
		if err := mayMoveOrganisation(v, o, from, to); err != nil {
			return err
		}
		if err := tx.MoveOrganisation(ctx, o, to); err != nil {
			return err
		}
		err = tx.Record(ctx, store.Act{Name: act, Kind: "Organisation", ID: id, Reason: reason,
			Change: map[string]any{"status": []access.OrganisationStatus{from, to}}})
		if err != nil {
			return err
		}
		return m.recheckOperator(ctx, tx, id)
	})
}

// OrganisationClassify says as which class of users official price lists count an organisation, "" for none; orders keep the
// one they were placed under. The platform's APPROVER may. Refused with USER_CLASS_INVALID and REASON_MISSING.
func (m *Market) OrganisationClassify(ctx context.Context, id uuid.UUID, class pricing.UserClass, reason string) error {
	if err := keepsOrganisations(access.FromContext(ctx)); err != nil {
		return err
	}
	if err := firstOf(at(class.Validate("userClass"), nil), checkReason(&reason)); err != nil {
		return err
	}
	return m.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		o, err := tx.OrganisationByID(ctx, id)
		if err != nil {
			return atField(err, "id")
		}
		if err := tx.ClassifyOrganisation(ctx, o, class); err != nil {
			return err
		}
		return tx.Record(ctx, store.Act{Name: "organisationClassify", Kind: "Organisation", ID: id, Reason: reason, Change: map[string]any{"userClass": class}})
	})
}

// checkOffice checks what the platform states of a public body.
func checkOffice(creditCode string, form access.LegalForm, parties []access.Party, reason string) (authorisation.CreditCode, error) {
	var wrong fault.List
	code, err := authorisation.ParseCreditCode(creditCode, "input.creditCode")
	wrong = append(wrong, fault.All(err)...)
	wrong = appendFault(wrong, checkLegalForm(form, code))
	wrong = appendFault(wrong, access.CheckByOffice(parties, "input.parties"))
	wrong = append(wrong, authorisation.CheckReason(reason)...)
	return code, wrong.OrNil()
}

// atField names the place in the input of a refusal that names none.
func atField(err error, field string) error { return at(err, map[string]string{"": field}) }

// PlatformFound makes the organisation that runs this market and its first person: administrator, approver and member.
// It is a command's, not a person's. Refused with PLATFORM_EXISTS once there is one, and as a sign-up is.
func (m *Market) PlatformFound(ctx context.Context, name, creditCode, email, displayName, password string) error {
	o, who, wrong := SignUpInput{Name: name, CreditCode: creditCode, Email: email, DisplayName: displayName, Password: password}.parse()
	if len(wrong) > 0 {
		return wrong
	}
	o.Status, o.LegalForm, o.Parties = access.OrganisationVerified, legalFormOf(o.CreditCode), []access.Party{access.Platform}
	account, err := m.accountFor(ctx, who)
	if err != nil {
		return err
	}
	err = m.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		if err := tx.Alone(ctx, "platform"); err != nil {
			return err
		}
		there, err := tx.PlatformExists(ctx)
		if err != nil {
			return err
		}
		if there {
			return fault.New(fault.Conflict, "PLATFORM_EXISTS", "This market has its platform already.")
		}
		id, err := tx.AddOrganisation(ctx, o)
		if err != nil {
			return err
		}
		founder, err := account.in(ctx, tx)
		if err != nil {
			return err
		}
		if err := tx.AddMember(ctx, id, founder, []access.Role{access.Administrator, access.Approver, access.Member}); err != nil {
			return err
		}
		return tx.Record(ctx, store.Act{Name: "platformFound", Kind: "Organisation", ID: id, Change: map[string]any{"creditCode": o.CreditCode}})
	})
	if store.IsTaken(err) {
		return creditCodeTaken()
	}
	return err
}

// formOfKind is what kind of body a credit code was given to: its first character is the office that registers it, the
// second the kind of body there (GB 32100). The kinds that are absent may be of any legal form.
var formOfKind = map[string]access.LegalForm{
	"11": access.AdministrativeOrgan, "12": access.PublicInstitution,
	"51": access.SocialOrganisation, "52": access.SocialOrganisation, "53": access.SocialOrganisation, "59": access.SocialOrganisation,
	"91": access.Enterprise, "92": access.Enterprise, "93": access.Enterprise,
}

// checkLegalForm refuses with LEGAL_FORM_MISMATCH a legal form that a credit code contradicts: whose share goes to the
// treasury is not for a statement to decide. A code that could not be read is refused elsewhere.
func checkLegalForm(stated access.LegalForm, code authorisation.CreditCode) *fault.Error {
	if code == "" {
		return nil
	}
	if form, known := formOfKind[string(code[:2])]; known && form != stated {
		return fault.New(fault.Invalid, "LEGAL_FORM_MISMATCH", "This credit code is of the legal form %s.", form).
			At("input.legalForm").With("legalForm", string(form))
	}
	return nil
}

// legalFormOf is the legal form that a credit code says, an enterprise's where it says none.
func legalFormOf(code authorisation.CreditCode) access.LegalForm {
	if form, known := formOfKind[string(code[:2])]; known {
		return form
	}
	return access.Enterprise
}
