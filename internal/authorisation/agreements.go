package authorisation

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"gongshu/internal/fault"
)

// Clause is one of the thirteen matters that an operation agreement settles (A27 art. 14).
type Clause string

// The clauses, in the order of the article.
const (
	ClauseScope          Clause = "SCOPE"           // 授权运营范围及资源目录
	ClauseTerm           Clause = "TERM"            // 运营期限
	ClauseProducts       Clause = "PRODUCTS"        // 产品和服务、技术标准、安全审查与合规审查
	ClausePlatform       Clause = "PLATFORM"        // 运营平台
	ClauseAssetOwnership Clause = "ASSET_OWNERSHIP" // 资产权属
	ClauseDisclosure     Clause = "DISCLOSURE"      // 信息披露；不得对已交付的自有产品再开发
	ClauseRevenue        Clause = "REVENUE"         // 成本、收入与收益分配
	ClauseSecurity       Clause = "SECURITY"        // 安全、个人信息保护与应急
	ClauseEvaluation     Clause = "EVALUATION"      // 评估、续约与退出
	ClauseBreach         Clause = "BREACH"          // 违约责任
	ClauseDisputes       Clause = "DISPUTES"        // 争议解决
	ClauseChange         Clause = "CHANGE"          // 变更与终止
	ClauseOther          Clause = "OTHER"           // 其他
)

// Values lists the stored forms, in the order of the article.
func (Clause) Values() []string {
	return []string{"SCOPE", "TERM", "PRODUCTS", "PLATFORM", "ASSET_OWNERSHIP", "DISCLOSURE", "REVENUE",
		"SECURITY", "EVALUATION", "BREACH", "DISPUTES", "CHANGE", "OTHER"}
}

// Agreement is an operation agreement (授权运营协议) as far as rules look at it.
type Agreement struct {
	ID         uuid.UUID
	OperatorID uuid.UUID
	// OperatorName is shown where the agreement is named.
	OperatorName string
	Status       AgreementStatus
	Clauses      map[Clause]string
	// PublicisedOn is the day on which the publicity of the selection began.
	PublicisedOn Day
	// StartsOn and EndsOn are the first and the last day of the term; no days before it is signed.
	StartsOn, EndsOn Day
}

// InForce reports whether the operator may work under the agreement on a day: it is OPERATING and the day is in its term.
func (a Agreement) InForce(day Day) bool {
	return a.Status == AgreementOperating && Term{a.StartsOn, a.EndsOn}.Contains(day)
}

// Lasts reports whether the agreement is not over on a day, be its operator under rectification: beside it no other is signed.
func (a Agreement) Lasts(day Day) bool {
	return (a.Status == AgreementOperating || a.Status == AgreementRectifying) && !a.EndsOn.Before(day)
}

// Ended reports whether the agreement came to its end by a day, by expiry or exit: neither terminated nor in rectification.
func (a Agreement) Ended(day Day) bool {
	ranOut := a.Status == AgreementOperating && !a.EndsOn.IsZero() && day.After(a.EndsOn)
	return ranOut || a.Status == AgreementExpired || a.Status == AgreementExited
}

// Term is a period of whole days, the first and the last included.
type Term struct{ StartsOn, EndsOn Day }

// Months returns how many whole months the term has, 0 when it is no number of them.
func (t Term) Months() int {
	n := (t.EndsOn.year-t.StartsOn.year)*12 + int(t.EndsOn.month-t.StartsOn.month)
	for _, months := range []int{n, n + 1} {
		if months > 0 && t.StartsOn.TermEnd(months) == t.EndsOn {
			return months
		}
	}
	return 0
}

// Contains reports whether the day is in the term; a term without a first or last day contains none.
func (t Term) Contains(day Day) bool {
	return !t.StartsOn.IsZero() && !t.EndsOn.IsZero() && !day.Before(t.StartsOn) && !day.After(t.EndsOn)
}

// CheckClauses returns one AGREEMENT_CLAUSE_MISSING (param clause) at clauses.<CLAUSE> for every clause without text,
// in the order of A27 art. 14, then one AGREEMENT_CLAUSE_UNKNOWN for every clause that is not in the article.
func CheckClauses(clauses map[Clause]string) fault.List {
	var wrong fault.List
	for _, name := range Clause("").Values() {
		if strings.TrimSpace(clauses[Clause(name)]) == "" {
			wrong = append(wrong, fault.New(fault.Invalid, "AGREEMENT_CLAUSE_MISSING",
				"The agreement lacks its clause %s.", name).At("clauses."+name).With("clause", name))
		}
	}
	for _, clause := range slices.Sorted(maps.Keys(clauses)) {
		if !known(clause) {
			wrong = append(wrong, fault.New(fault.Invalid, "AGREEMENT_CLAUSE_UNKNOWN",
				"An agreement has no clause of that name.").At("clauses").With("clause", string(clause)))
		}
	}
	return wrong
}

// AgreementPolicy is what policy says about agreements.
type AgreementPolicy struct {
	// TermMonths is the term to agree on, MaxTermMonths the longest that is allowed (A27: 5 years; CITY: 3).
	TermMonths    int `json:"termMonths"`
	MaxTermMonths int `json:"maxTermMonths"`
	// PublicityDays is the least publicity of a selection, in working days (CITY: 5).
	PublicityDays int `json:"publicityDays"`
}

// Sign decides whether a filed agreement may be signed now and returns its term, which begins on the day of signing.
// Refused while a clause of A27 art. 14 is missing (AGREEMENT_CLAUSE_MISSING), while the publicity of the selection has
// not begun or is not over (PUBLICITY_NOT_OVER), or cannot be known to be over (CALENDAR_MISSING), when the term is not
// within the longest allowed (AGREEMENT_TERM_INVALID), all at once; and with MOVE_NOT_ALLOWED alone when it is not filed.
func Sign(draft Agreement, calendar Calendar, policy AgreementPolicy, now time.Time) (Term, error) {
	if err := Move(draft.Status, AgreementSigned); err != nil {
		return Term{}, err
	}
	today := DayOf(now)
	wrong := CheckClauses(draft.Clauses)
	if policy.TermMonths < 1 || policy.TermMonths > policy.MaxTermMonths {
		wrong = append(wrong, fault.New(fault.Invalid, "AGREEMENT_TERM_INVALID",
			"The term of an agreement is from 1 to %d months.", policy.MaxTermMonths).
			At("termMonths").With("max", policy.MaxTermMonths))
	}
	wrong = append(wrong, publicity(draft.PublicisedOn, calendar, policy.PublicityDays, today)...)
	if err := wrong.OrNil(); err != nil {
		return Term{}, err
	}
	return Term{today, today.TermEnd(policy.TermMonths)}, nil
}

func publicity(start Day, calendar Calendar, days int, today Day) fault.List {
	over := false
	if !start.IsZero() {
		var err error
		if over, err = calendar.NoticeOver(start, days, today); err != nil {
			return fault.All(err)
		}
	}
	if over {
		return nil
	}
	return fault.List{fault.New(fault.Conflict, "PUBLICITY_NOT_OVER",
		"The selection must be publicised for at least %d whole working days first.", days).With("days", days)}
}

// known reports whether a value is one of its closed set.
func known[E interface {
	~string
	Values() []string
}](value E) bool {
	return slices.Contains(value.Values(), string(value))
}
