// Package purpose owns the four purposes for which public data may be used.
// The purpose, not the buyer, decides what is free (P65 §1, CITY 11.2).
package purpose

// Purpose is what a use of public data is for.
type Purpose string

// The four purposes, in two groups: the first two are always free, the last two pay the operation service fee.
const (
	Governance Purpose = "GOVERNANCE" // 公共治理
	Welfare    Purpose = "WELFARE"    // 公益事业
	Industry   Purpose = "INDUSTRY"   // 产业发展
	Sector     Purpose = "SECTOR"     // 行业发展
)

// All lists the purposes in the order in which they are shown.
var All = []Purpose{Governance, Welfare, Industry, Sector}

// Values lists the stored forms.
func (Purpose) Values() []string { return []string{"GOVERNANCE", "WELFARE", "INDUSTRY", "SECTOR"} }

// Known reports whether p is one of the four.
func (p Purpose) Known() bool {
	return p == Governance || p == Welfare || p == Industry || p == Sector
}

// Free reports whether use for p carries no fee (P65 §1: 用于公共治理、公益事业的，免费使用).
func (p Purpose) Free() bool { return p == Governance || p == Welfare }
