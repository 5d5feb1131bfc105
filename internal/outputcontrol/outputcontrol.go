// Package outputcontrol owns the rule that decides whether a dataset may leave: its re-identification risk
// in the environment it leaves for (DOMAIN "Output control"; GB/T 42460, informative: our default policy,
// no claim of anonymisation).
//
// Counting the equivalence classes belongs to package dataset; which columns are quasi-identifiers, to the
// dictionary and those who review it. The rule compares exact fractions and refuses whatever it cannot judge.
package outputcontrol

import (
	"math/big"
	"slices"

	"gongshu/internal/fault"
)

// Environment is where data goes when it leaves.
type Environment string

// The environments of GB/T 42460, most open first.
const (
	Public     Environment = "PUBLIC"     // 完全公开共享
	Controlled Environment = "CONTROLLED" // 受控公开共享
	Enclave    Environment = "ENCLAVE"    // 领地公开共享
)

// Values lists the stored forms.
func (Environment) Values() []string { return []string{"PUBLIC", "CONTROLLED", "ENCLAVE"} }

// Reason is why a dataset leaves or stays.
type Reason string

// The first two leave; all others stay.
const (
	RiskBelowLimit     Reason = "RISK_BELOW_LIMIT"
	NoQuasiIdentifiers Reason = "NO_QUASI_IDENTIFIERS"
	// What comes of persons has to say which columns could single one out.
	NoQuasiIdentifiersMarked Reason = "NO_QUASI_IDENTIFIERS_MARKED"
	DatasetEmpty             Reason = "DATASET_EMPTY"
	ClassTooSmall            Reason = "CLASS_TOO_SMALL" // a class has θ > τ
	RiskTooHigh              Reason = "RISK_TOO_HIGH"   // every class passes τ, but R reaches the limit
	EnvironmentUnknown       Reason = "ENVIRONMENT_UNKNOWN"
	PolicyInvalid            Reason = "OUTPUT_POLICY_INVALID"
	ClassesInvalid           Reason = "CLASSES_INVALID"
)

// Values lists the stored forms.
func (Reason) Values() []string {
	return []string{"RISK_BELOW_LIMIT", "NO_QUASI_IDENTIFIERS", "NO_QUASI_IDENTIFIERS_MARKED", "DATASET_EMPTY", "CLASS_TOO_SMALL", "RISK_TOO_HIGH",
		"ENVIRONMENT_UNKNOWN", "OUTPUT_POLICY_INVALID", "CLASSES_INVALID"}
}

// Setting is what a policy says about one environment.
type Setting struct {
	// Tau is the threshold τ: the largest θ that a class may have.
	Tau *big.Rat `json:"tau"`
	// ContextRisk is the chance that somebody in the environment tries to re-identify; 1 when public.
	ContextRisk *big.Rat `json:"contextRisk"`
}

// Policy is the dated policy row that the rule receives. In JSON its fractions are exact text: "1/20".
type Policy struct {
	// Source names the document that the numbers come from.
	Source       string                  `json:"source"`
	Environments map[Environment]Setting `json:"environments"`
	// Limit is what the risk R must stay under.
	Limit *big.Rat `json:"limit"`
}

// DefaultPolicy is what the first policy row says: τ 1/20, 1/5, 1/3 and R < 1/20 (GB/T 42460, informative).
// The context risk of controlled environments is an assessment that nobody has made yet, so that it is 1 everywhere.
func DefaultPolicy() Policy {
	return Policy{
		Source: "GB/T 42460-2023",
		Environments: map[Environment]Setting{
			Public:     {Tau: big.NewRat(1, 20), ContextRisk: big.NewRat(1, 1)},
			Controlled: {Tau: big.NewRat(1, 5), ContextRisk: big.NewRat(1, 1)},
			Enclave:    {Tau: big.NewRat(1, 3), ContextRisk: big.NewRat(1, 1)},
		},
		Limit: big.NewRat(1, 20),
	}
}

// Check returns what is wrong with the policy under field: every number is above 0 and at most 1,
// a public context has risk 1, and no other environment is named.
func (p Policy) Check(field string) error {
	var wrong fault.List
	refuse := func(name string) {
		wrong = append(wrong, fault.New(fault.Invalid, string(PolicyInvalid), "An output policy has fractions above 0 and at most 1, and risk 1 in public.").At(field+"."+name))
	}
	if !isShare(p.Limit) {
		refuse("limit")
	}
	for _, e := range []Environment{Public, Controlled, Enclave} {
		s := p.Environments[e]
		if !isShare(s.Tau) {
			refuse("environments." + string(e) + ".tau")
		}
		if !isShare(s.ContextRisk) || e == Public && s.ContextRisk.Cmp(one) != 0 {
			refuse("environments." + string(e) + ".contextRisk")
		}
	}
	if len(p.Environments) > len(Environment("").Values()) {
		refuse("environments")
	}
	return wrong.OrNil()
}

var one = big.NewRat(1, 1)

// isShare reports 0 < r ≤ 1.
func isShare(r *big.Rat) bool { return r != nil && r.Sign() > 0 && r.Cmp(one) <= 0 }

// Classes are the equivalence classes of a dataset: the groups of rows that agree in all quasi-identifiers.
// The zero value is an empty dataset.
type Classes struct {
	// QuasiIdentifiers names the columns that the classes were formed by.
	QuasiIdentifiers []string `json:"quasiIdentifiers"`
	// Sizes gives, for a class size in rows, the number of classes of that size.
	// Without quasi-identifiers there is one class of all rows.
	Sizes map[int64]int64 `json:"sizes"`
	// PersonLinked says that the dataset is made from what is linked to persons.
	PersonLinked bool `json:"personLinked,omitempty"`
}

// Evidence is the egress evidence that is kept with a dataset version: what was measured, by which numbers, with which
// outcome. Fractions are exact text ("1/21"); what was not measured is left out.
type Evidence struct {
	Environment      Environment `json:"environment"`
	PolicySource     string      `json:"policySource"`
	QuasiIdentifiers []string    `json:"quasiIdentifiers"`
	Rows             int64       `json:"rows"`
	Classes          int64       `json:"classes"`
	SmallestClass    int64       `json:"smallestClass"`
	Tau              string      `json:"tau,omitempty"`
	MaxTheta         string      `json:"maxTheta,omitempty"`
	// MeanTheta is the mean over classes; a public environment counts by MaxTheta and has none.
	MeanTheta   string `json:"meanTheta,omitempty"`
	ContextRisk string `json:"contextRisk,omitempty"`
	Risk        string `json:"risk,omitempty"`
	Limit       string `json:"limit,omitempty"`
	Leaves      bool   `json:"leaves"`
	Reason      Reason `json:"reason"`
}

// Evaluate decides whether a dataset with these classes may leave for the environment.
//
// θ of a class is 1/size. A class with θ > τ makes R = 1; else R is the data risk (the largest θ in public, the mean
// θ over classes otherwise) times the context risk. The dataset leaves only if R < the policy's limit (DOMAIN
// "Output control"). So a public class of 20 passes τ but not R, and 21 is the least.
//
// Without quasi-identifiers no combination of columns singles a person out, so that R is 0 and the evidence says
// NO_QUASI_IDENTIFIERS; that nothing needed marking is for the product's review to judge. Of what is linked to persons
// nobody has claimed that, and it stays: NO_QUASI_IDENTIFIERS_MARKED. An empty dataset never
// leaves, nor does one whose environment, policy or classes make no sense.
func Evaluate(policy Policy, environment Environment, classes Classes) Evidence {
	e := Evidence{Environment: environment, PolicySource: policy.Source, QuasiIdentifiers: slices.Clone(classes.QuasiIdentifiers)}
	if policy.Check("policy") != nil {
		e.Reason = PolicyInvalid
		return e
	}
	setting, ok := policy.Environments[environment]
	if !ok {
		e.Reason = EnvironmentUnknown
		return e
	}
	e.Tau, e.ContextRisk, e.Limit = setting.Tau.RatString(), setting.ContextRisk.RatString(), policy.Limit.RatString()
	if !e.count(classes.Sizes) {
		e.Reason = ClassesInvalid
		return e
	}
	if e.Rows == 0 {
		e.Reason = DatasetEmpty
		return e
	}
	if len(classes.QuasiIdentifiers) == 0 && classes.PersonLinked {
		e.Reason = NoQuasiIdentifiersMarked
		return e
	}
	if len(classes.QuasiIdentifiers) == 0 {
		e.Risk, e.Leaves, e.Reason = "0", true, NoQuasiIdentifiers
		return e
	}

	maxTheta := big.NewRat(1, e.SmallestClass)
	e.MaxTheta = maxTheta.RatString()
	data := maxTheta
	if environment != Public {
		data = mean(classes.Sizes, e.Classes)
		e.MeanTheta = data.RatString()
	}
	if maxTheta.Cmp(setting.Tau) > 0 {
		e.Risk, e.Reason = "1", ClassTooSmall
		return e
	}
	risk := new(big.Rat).Mul(data, setting.ContextRisk)
	e.Risk = risk.RatString()
	e.Reason = RiskTooHigh
	if risk.Cmp(policy.Limit) < 0 {
		e.Leaves, e.Reason = true, RiskBelowLimit
	}
	return e
}

// count fills in rows, classes and the smallest class; false when the sizes cannot be those of a dataset.
func (e *Evidence) count(sizes map[int64]int64) bool {
	rows, classes := new(big.Int), new(big.Int)
	var smallest int64
	for size, n := range sizes {
		if size <= 0 || n <= 0 {
			return false
		}
		rows.Add(rows, new(big.Int).Mul(big.NewInt(size), big.NewInt(n)))
		classes.Add(classes, big.NewInt(n))
		if smallest == 0 || size < smallest {
			smallest = size
		}
	}
	if !rows.IsInt64() {
		return false
	}
	e.Rows, e.Classes, e.SmallestClass = rows.Int64(), classes.Int64(), smallest
	return true
}

// mean is the mean of θ over the classes. Its denominator can have hundreds of digits; it stays exact all the same.
func mean(sizes map[int64]int64, classes int64) *big.Rat {
	sum := new(big.Rat)
	for size, n := range sizes {
		sum.Add(sum, big.NewRat(n, size))
	}
	return sum.Quo(sum, new(big.Rat).SetInt64(classes))
}

var refusals = map[Reason]string{
	NoQuasiIdentifiersMarked: "The product is made from data linked to persons, and its dictionary marks no quasi-identifier.",
	DatasetEmpty:             "The dataset has no rows, so that nothing can leave.",
	ClassTooSmall:            "Too few rows agree in their quasi-identifiers: a class is smaller than the threshold allows.",
	RiskTooHigh:              "The re-identification risk is too high for the dataset to leave.",
	EnvironmentUnknown:       "There is no such environment.",
	PolicyInvalid:            "The output policy in force cannot be applied.",
	ClassesInvalid:           "The equivalence classes are not those of a dataset.",
}

// Refusal returns nil when the dataset leaves, else a Conflict whose code is the reason.
func (e Evidence) Refusal() error {
	if e.Leaves {
		return nil
	}
	return fault.New(fault.Conflict, string(e.Reason), "%s", refusals[e.Reason]).
		With("environment", string(e.Environment)).With("smallestClass", e.SmallestClass).With("risk", e.Risk).With("limit", e.Limit)
}
