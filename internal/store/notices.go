package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"gongshu/ent/db"
	"gongshu/ent/db/agreement"
	"gongshu/ent/db/bill"
	"gongshu/ent/db/credential"
	"gongshu/ent/db/entitlement"
	"gongshu/ent/db/grant"
	"gongshu/ent/db/membership"
	"gongshu/ent/db/notification"
	"gongshu/ent/db/predicate"
	"gongshu/ent/db/proceeding"
	"gongshu/ent/db/product"
	"gongshu/ent/db/productinput"
	"gongshu/ent/db/requirement"
	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/fault"
	"gongshu/internal/notice"
	"gongshu/internal/ordering"
	"gongshu/pricing"
)

// Notice is what is told to organisations.
type Notice struct {
	To        []uuid.UUID
	Kind      notice.Kind
	Subject   notice.Subject
	SubjectID uuid.UUID
	// Params hold names, days, amounts and codes, never personal data and never a secret.
	Params map[string]string
	// NearOn is the day that is near, where it is told because of that; each is told once.
	NearOn authorisation.Day
}

// noticesAtOnce bounds one statement.
const noticesAtOnce = 500

// Notify tells organisations of something in the transaction in which it happens; one that is named twice is told once.
func (tx *Tx) Notify(ctx context.Context, notices ...Notice) error {
	var creates []*db.NotificationCreate
	for _, n := range notices {
		if n.Params == nil {
			n.Params = map[string]string{}
		}
		told := map[uuid.UUID]bool{}
		for _, to := range n.To {
			if told[to] || to == uuid.Nil {
				continue
			}
			told[to] = true
			create := tx.Notification.Create().SetCreatedAt(tx.now).SetOrganisationID(to).SetKind(n.Kind).
				SetSubjectKind(n.Subject).SetSubjectID(n.SubjectID).SetParams(n.Params)
			if !n.NearOn.IsZero() {
				create.SetNearOn(n.NearOn.String())
			}
			creates = append(creates, create)
		}
	}
	for batch := range slices.Chunk(creates, noticesAtOnce) {
		if err := tx.Notification.CreateBulk(batch...).Exec(ctx); err != nil {
			return fmt.Errorf("notify: %w", err)
		}
	}
	tx.news = tx.news || len(creates) > 0
	return nil
}

// NotificationsSeen is up to where a person has marked the notifications of an organisation as read; until it did, up to
// where they were when it joined.
type NotificationsSeen struct {
	UpTo   uuid.UUID
	Joined time.Time
}

// Has reports whether a notification is marked as read.
func (s NotificationsSeen) Has(n *db.Notification) bool {
	if s.UpTo == uuid.Nil {
		return n.CreatedAt.Before(s.Joined)
	}
	return slices.Compare(n.ID[:], s.UpTo[:]) <= 0
}

// Unread matches what is not.
func (s NotificationsSeen) Unread() predicate.Notification {
	if s.UpTo == uuid.Nil {
		return notification.CreatedAtGTE(s.Joined)
	}
	return notification.IDGT(s.UpTo)
}

// NotificationsSeen reads it of the viewer; of who belongs nowhere, everything is read.
func (s *Store) NotificationsSeen(ctx context.Context) (NotificationsSeen, error) {
	return notificationsSeen(ctx, s.read)
}

func notificationsSeen(ctx context.Context, c *db.Client) (NotificationsSeen, error) {
	v := access.FromContext(ctx)
	row, err := c.Membership.Query().Where(membership.PersonID(v.PersonID), membership.OrganisationID(v.OrganisationID)).Only(ctx)
	if db.IsNotFound(err) {
		return NotificationsSeen{UpTo: uuid.Max}, nil
	}
	if err != nil {
		return NotificationsSeen{}, fmt.Errorf("read what was seen: %w", err)
	}
	seen := NotificationsSeen{Joined: row.CreatedAt}
	if row.NotificationsSeen != nil {
		seen.UpTo = *row.NotificationsSeen
	}
	return seen, nil
}

// UnreadMost is the most that is counted: whoever sees it knows that there may be more.
const UnreadMost = 100

// UnreadNotifications counts what the viewer has not read, up to UnreadMost.
func (s *Store) UnreadNotifications(ctx context.Context, seen NotificationsSeen) (int, error) {
	ids, err := s.read.Notification.Query().Where(notification.OrganisationID(access.FromContext(ctx).OrganisationID), seen.Unread()).
		Limit(UnreadMost).IDs(ctx)
	if err != nil {
		return 0, fmt.Errorf("count what is unread: %w", err)
	}
	return len(ids), nil
}

// SeeNotifications marks what the viewer may see up to a notification as read; what is marked already stays so.
func (tx *Tx) SeeNotifications(ctx context.Context, upTo uuid.UUID) error {
	v := access.FromContext(ctx)
	there, err := tx.Notification.Query().Where(notification.ID(upTo)).Exist(ctx)
	if err != nil {
		return fmt.Errorf("read a notification: %w", err)
	}
	if !there {
		return fault.Absent("notification")
	}
	_, err = tx.Membership.Update().Where(membership.PersonID(v.PersonID), membership.OrganisationID(v.OrganisationID),
		membership.Or(membership.NotificationsSeenIsNil(), membership.NotificationsSeenLT(upTo))).SetNotificationsSeen(upTo).Save(ctx)
	if err != nil {
		return fmt.Errorf("mark notifications as read: %w", err)
	}
	return nil
}

// DropNotifications forgets some of the notifications that were made before a moment, and returns how many.
func (tx *Tx) DropNotifications(ctx context.Context, before time.Time, most int) (int, error) {
	ids, err := tx.Notification.Query().Where(notification.CreatedAtLT(before), notOwed).Order(db.Asc(notification.FieldCreatedAt)).Limit(most).IDs(AsSystem(ctx))
	if err != nil {
		return 0, fmt.Errorf("read old notifications: %w", err)
	}
	n, err := tx.Notification.Delete().Where(notification.IDIn(ids...)).Exec(ctx)
	if err != nil {
		return 0, fmt.Errorf("forget old notifications: %w", err)
	}
	return n, nil
}

// notOwed leaves out what was told of bills that are overdue still: a right is suspended by it.
func notOwed(s *sql.Selector) {
	b := sql.Table(bill.Table)
	owed := sql.Dialect(s.Dialect()).Select(b.C(bill.FieldID)).From(b).Where(sql.EQ(b.C(bill.FieldStatus), ordering.BillIssued))
	s.Where(sql.Or(sql.NEQ(s.C(notification.FieldKind), notice.BillOverdue), sql.NotIn(s.C(notification.FieldSubjectID), owed)))
}

// DecidersOf are the organisations that have still to decide on a proceeding.
func (tx *Tx) DecidersOf(ctx context.Context, proceedingID uuid.UUID) ([]uuid.UUID, error) {
	deciders, err := tx.decidersOf(ctx, proceedingID)
	return deciders[proceedingID], err
}

// decidersOf are DecidersOf by proceeding, in one statement.
func (tx *Tx) decidersOf(ctx context.Context, proceedings ...uuid.UUID) (map[uuid.UUID][]uuid.UUID, error) {
	rows, err := tx.Requirement.Query().Where(requirement.ProceedingIDIn(proceedings...), requirement.Open(true)).
		Order(db.Asc(requirement.FieldID)).All(AsSystem(ctx))
	if err != nil {
		return nil, fmt.Errorf("read who decides: %w", err)
	}
	deciders := map[uuid.UUID][]uuid.UUID{}
	for _, row := range rows {
		deciders[row.ProceedingID] = append(deciders[row.ProceedingID], row.OrganisationID)
	}
	return deciders, nil
}

// ConcernedBy are the operator of a product and the organisations that hold a right to it which runs.
func (tx *Tx) ConcernedBy(ctx context.Context, productID uuid.UUID) ([]uuid.UUID, error) {
	operator, err := tx.OperatorOf(ctx, productID)
	if err != nil {
		return nil, err
	}
	var holders []uuid.UUID
	err = tx.Entitlement.Query().Where(entitlement.ProductID(productID), entitlement.StatusEQ(ordering.EntitlementActive), entitlement.EndsAtGT(tx.now)).
		Unique(true).Select(entitlement.FieldOrganisationID).Scan(AsSystem(ctx), &holders)
	if err != nil {
		return nil, fmt.Errorf("read who holds a right: %w", err)
	}
	return append([]uuid.UUID{operator}, holders...), nil
}

// OperatorOf is the operator of a product.
func (tx *Tx) OperatorOf(ctx context.Context, productID uuid.UUID) (uuid.UUID, error) {
	row, err := tx.Product.Query().Where(product.ID(productID)).Select(product.FieldOperatorID).Only(AsSystem(ctx))
	if err != nil {
		return uuid.Nil, fmt.Errorf("read whose a product is: %w", err)
	}
	return row.OperatorID, nil
}

// OperatorsUsing are the operators whose products, those that are retired aside, are made of a resource.
func (tx *Tx) OperatorsUsing(ctx context.Context, resourceID uuid.UUID) ([]uuid.UUID, error) {
	var ids []uuid.UUID
	err := tx.Product.Query().Where(product.StatusNEQ(authorisation.ProductRetired),
		inSelect(product.FieldID, productinput.Table, productinput.FieldProductID, func(t *sql.SelectTable) *sql.Predicate {
			return sql.EQ(t.C(productinput.FieldResourceID), resourceID)
		})).Unique(true).Select(product.FieldOperatorID).Scan(AsSystem(ctx), &ids)
	if err != nil {
		return nil, fmt.Errorf("read who uses a resource: %w", err)
	}
	return ids, nil
}

// untold matches rows of which no notification of a kind was made, for the day in a column where there is one.
func untold(dayColumn string, kind notice.Kind) func(*sql.Selector) {
	return func(s *sql.Selector) {
		n := sql.Table(notification.Table)
		told := sql.Dialect(s.Dialect()).Select(n.C(notification.FieldID)).From(n).
			Where(sql.And(sql.ColumnsEQ(n.C(notification.FieldSubjectID), s.C("id")), sql.EQ(n.C(notification.FieldKind), kind)))
		if dayColumn != "" {
			told.Where(sql.ColumnsEQ(n.C(notification.FieldNearOn), s.C(dayColumn)))
		}
		s.Where(sql.Not(sql.Exists(told)))
	}
}

// NearEnds reads what ends between today and a day and was not told yet, so many of each sort at most; proceedings are those
// that are due until another, bills as policy says, and those that are overdue.
func (tx *Tx) NearEnds(ctx context.Context, policies Policies, until, due authorisation.Day, most int) ([]Notice, error) {
	ctx = AsSystem(ctx)
	today := tx.today()
	var all []Notice
	for _, read := range []func() ([]Notice, error){
		func() ([]Notice, error) { return tx.nearDeadlines(ctx, today, due, most) },
		func() ([]Notice, error) { return tx.nearGrants(ctx, today, until.String(), most) },
		func() ([]Notice, error) { return tx.nearAgreements(ctx, today, until.String(), most) },
		func() ([]Notice, error) { return tx.nearRegistrations(ctx, today, until.String(), most) },
		func() ([]Notice, error) { return tx.nearEntitlements(ctx, until, most) },
		func() ([]Notice, error) { return tx.nearCredentials(ctx, until, most) },
		func() ([]Notice, error) { return tx.nearBills(ctx, policies, most) },
		func() ([]Notice, error) { return tx.overdueBills(ctx, policies, most) },
	} {
		near, err := read()
		if err != nil {
			return nil, fmt.Errorf("read what ends soon: %w", err)
		}
		all = append(all, near...)
	}
	return all, nil
}

func (tx *Tx) nearDeadlines(ctx context.Context, today string, due authorisation.Day, most int) ([]Notice, error) {
	if due.IsZero() { // the calendar does not say
		return nil, nil
	}
	rows, err := tx.Proceeding.Query().Where(isOpen(), proceeding.DueOnGTE(today), proceeding.DueOnLTE(due.String()),
		untold(proceeding.FieldDueOn, notice.ProceedingDueSoon)).Order(db.Asc(proceeding.FieldID)).Limit(most).All(ctx)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	ids := make([]uuid.UUID, len(rows))
	for i, row := range rows {
		ids[i] = row.ID
	}
	deciders, err := tx.decidersOf(ctx, ids...)
	if err != nil {
		return nil, err
	}
	near := make([]Notice, len(rows))
	for i, row := range rows {
		near[i] = Notice{To: deciders[row.ID], Kind: notice.ProceedingDueSoon, Subject: notice.Proceeding, SubjectID: row.ID, NearOn: storedDay(row.DueOn),
			Params: map[string]string{"proceedingKind": string(row.Kind), "subjectName": row.SubjectName, "dueOn": *row.DueOn}}
	}
	return near, nil
}

func (tx *Tx) nearGrants(ctx context.Context, today, until string, most int) ([]Notice, error) {
	rows, err := tx.Grant.Query().Where(grant.StatusEQ(authorisation.GrantActive), grant.EndsOnGTE(today), grant.EndsOnLTE(until),
		untold("", notice.GrantEnding)).Order(db.Asc(grant.FieldID)).Limit(most).All(ctx)
	if err != nil {
		return nil, err
	}
	near := make([]Notice, len(rows))
	for i, row := range rows {
		near[i] = Notice{To: []uuid.UUID{row.OperatorID}, Kind: notice.GrantEnding, Subject: notice.Grant, SubjectID: row.ID,
			NearOn: storedDay(&row.EndsOn), Params: map[string]string{"endsOn": row.EndsOn}}
	}
	return near, nil
}

func (tx *Tx) nearAgreements(ctx context.Context, today, until string, most int) ([]Notice, error) {
	rows, err := tx.Agreement.Query().Where(agreement.StatusIn(authorisation.AgreementOperating, authorisation.AgreementRectifying),
		agreement.EndsOnGTE(today), agreement.EndsOnLTE(until), untold("", notice.AgreementEnding)).
		Order(db.Asc(agreement.FieldID)).Limit(most).All(ctx)
	if err != nil {
		return nil, err
	}
	near := make([]Notice, len(rows))
	for i, row := range rows {
		near[i] = Notice{To: []uuid.UUID{row.OperatorID, row.AgencyID}, Kind: notice.AgreementEnding, Subject: notice.Agreement, SubjectID: row.ID,
			NearOn: storedDay(row.EndsOn), Params: map[string]string{"number": row.Number, "endsOn": *row.EndsOn}}
	}
	return near, nil
}

func (tx *Tx) nearRegistrations(ctx context.Context, today, until string, most int) ([]Notice, error) {
	rows, err := tx.Product.Query().Where(product.StatusNotIn(authorisation.ProductDraft, authorisation.ProductRetired),
		product.RegistrationExpiresOnGTE(today), product.RegistrationExpiresOnLTE(until),
		untold(product.FieldRegistrationExpiresOn, notice.RegistrationEnding)).Order(db.Asc(product.FieldID)).Limit(most).All(ctx)
	if err != nil {
		return nil, err
	}
	near := make([]Notice, len(rows))
	for i, row := range rows {
		near[i] = Notice{To: []uuid.UUID{row.OperatorID}, Kind: notice.RegistrationEnding, Subject: notice.Product, SubjectID: row.ID,
			NearOn: storedDay(row.RegistrationExpiresOn), Params: ProductParams(row, "endsOn", *row.RegistrationExpiresOn)}
	}
	return near, nil
}

func (tx *Tx) nearEntitlements(ctx context.Context, until authorisation.Day, most int) ([]Notice, error) {
	rows, err := tx.Entitlement.Query().Where(entitlement.StatusEQ(ordering.EntitlementActive), entitlement.EndsAtGT(tx.now),
		entitlement.EndsAtLT(until.AddDays(1).Start()), untold("", notice.EntitlementEnding)).
		WithProduct().Order(db.Asc(entitlement.FieldID)).Limit(most).All(ctx)
	if err != nil {
		return nil, err
	}
	near := make([]Notice, len(rows))
	for i, row := range rows {
		day := authorisation.DayOf(row.EndsAt)
		near[i] = Notice{To: []uuid.UUID{row.OrganisationID}, Kind: notice.EntitlementEnding, Subject: notice.Entitlement, SubjectID: row.ID,
			NearOn: day, Params: ProductParams(row.Edges.Product, "endsOn", day.String())}
	}
	return near, nil
}

func (tx *Tx) nearBills(ctx context.Context, policies Policies, most int) ([]Notice, error) {
	until := authorisation.DayOf(tx.now).AddDays(policies.BillRemindDays).String()
	rows, err := tx.unpaidBills(ctx, most, bill.DueOnGTE(tx.today()), bill.DueOnLTE(until), untold("", notice.BillDueSoon))
	if err != nil || policies.BillRemindDays == 0 {
		return nil, err
	}
	near := make([]Notice, len(rows))
	for i, row := range rows {
		near[i] = billNotice(row, notice.BillDueSoon)
		near[i].NearOn = storedDay(&row.DueOn)
	}
	return near, nil
}

func (tx *Tx) overdueBills(ctx context.Context, policies Policies, most int) ([]Notice, error) {
	rows, err := tx.unpaidBills(ctx, most, bill.DueOnLT(tx.today()), untold("", notice.BillOverdue))
	if err != nil {
		return nil, err
	}
	overdue := make([]Notice, len(rows))
	for i, row := range rows {
		overdue[i] = billNotice(row, notice.BillOverdue)
		if policies.BillSuspendDays > 0 {
			overdue[i].NearOn = authorisation.DayOf(tx.now).AddDays(policies.BillSuspendDays)
			overdue[i].Params["suspendedOn"] = overdue[i].NearOn.String()
		}
	}
	return overdue, nil
}

func (tx *Tx) unpaidBills(ctx context.Context, most int, where ...predicate.Bill) ([]*db.Bill, error) {
	return tx.Bill.Query().Where(bill.StatusEQ(ordering.BillIssued)).Where(where...).WithOrder().Order(db.Asc(bill.FieldID)).Limit(most).All(ctx)
}

func billNotice(row *db.Bill, kind notice.Kind) Notice {
	terms := row.Edges.Order.Terms
	return Notice{To: []uuid.UUID{row.BuyerID}, Kind: kind, Subject: notice.Bill, SubjectID: row.ID, Params: map[string]string{
		"productName": terms.ProductName, "productNameEn": terms.ProductNameEn, "month": row.Month, "dueOn": row.DueOn,
		"amount": pricing.Fen(row.OwedFen).Yuan().String(), "currency": "CNY",
	}}
}

func (tx *Tx) nearCredentials(ctx context.Context, until authorisation.Day, most int) ([]Notice, error) {
	rows, err := tx.Credential.Query().Where(credential.StatusEQ(ordering.CredentialActive), credential.ExpiresAtGT(tx.now),
		credential.ExpiresAtLT(until.AddDays(1).Start()), untold("", notice.CredentialEnding)).
		WithEntitlement(func(q *db.EntitlementQuery) { q.WithProduct() }).Order(db.Asc(credential.FieldID)).Limit(most).All(ctx)
	if err != nil {
		return nil, err
	}
	near := make([]Notice, len(rows))
	for i, row := range rows {
		day := authorisation.DayOf(row.ExpiresAt)
		params := ProductParams(row.Edges.Entitlement.Edges.Product, "endsOn", day.String())
		params["credentialName"] = row.Name
		near[i] = Notice{To: []uuid.UUID{row.Edges.Entitlement.OrganisationID}, Kind: notice.CredentialEnding, Subject: notice.Credential, SubjectID: row.ID,
			NearOn: day, Params: params}
	}
	return near, nil
}

// ProductParams are the parameters of a notification about a product, and pairs of a name and a value besides.
func ProductParams(p *db.Product, pairs ...string) map[string]string {
	params := map[string]string{"productName": p.Name, "productNameEn": p.NameEn}
	for i := 0; i+1 < len(pairs); i += 2 {
		params[pairs[i]] = pairs[i+1]
	}
	return params
}
