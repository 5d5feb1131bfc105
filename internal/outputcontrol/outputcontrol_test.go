package outputcontrol

import (
	"encoding/json"
	"maps"
	"math"
	"math/big"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"gongshu/internal/fault"
)

func classes(sizes map[int64]int64) Classes {
	return Classes{QuasiIdentifiers: []string{"district", "birth_year"}, Sizes: sizes}
}

func TestEvaluate(t *testing.T) {
	halved := DefaultPolicy()
	halved.Environments[Controlled] = Setting{Tau: big.NewRat(1, 5), ContextRisk: big.NewRat(1, 2)}
	lenientPublic := DefaultPolicy()
	lenientPublic.Environments[Public] = Setting{Tau: big.NewRat(1, 20), ContextRisk: big.NewRat(1, 2)}

	for _, row := range []struct {
		sentence string
		policy   Policy
		env      Environment
		classes  Classes
		leaves   bool
		risk     string
		reason   Reason
	}{
		{"a public class of 20 passes τ but not R", DefaultPolicy(), Public, classes(map[int64]int64{20: 1}), false, "1/20", RiskTooHigh},
		{"a public class of 21 is the least that leaves", DefaultPolicy(), Public, classes(map[int64]int64{21: 1}), true, "1/21", RiskBelowLimit},
		{"a public class of 19 is under τ and makes the risk whole", DefaultPolicy(), Public, classes(map[int64]int64{19: 1, 1000: 50}), false, "1", ClassTooSmall},
		{"in public the smallest class counts, however many large ones there are", DefaultPolicy(), Public, classes(map[int64]int64{20: 1, 100000: 900}), false, "1/20", RiskTooHigh},
		{"a controlled class of 5 passes τ and leaves when the mean is low", DefaultPolicy(), Controlled, classes(map[int64]int64{5: 1, 100: 9}), true, "29/1000", RiskBelowLimit},
		{"a controlled class of 4 stays, however low the mean", DefaultPolicy(), Controlled, classes(map[int64]int64{4: 1, 100000: 900}), false, "1", ClassTooSmall},
		{"a controlled mean of exactly the limit stays", DefaultPolicy(), Controlled, classes(map[int64]int64{20: 7}), false, "1/20", RiskTooHigh},
		{"a context of half the risk halves R", halved, Controlled, classes(map[int64]int64{20: 7}), true, "1/40", RiskBelowLimit},
		{"an enclave class of 3 passes τ", DefaultPolicy(), Enclave, classes(map[int64]int64{3: 1, 1000: 19}), true, "1057/60000", RiskBelowLimit},
		{"an enclave class of 2 stays", DefaultPolicy(), Enclave, classes(map[int64]int64{2: 1, 1000: 19}), false, "1", ClassTooSmall},
		{"without quasi-identifiers nobody is singled out and the risk is nothing", DefaultPolicy(), Public, Classes{Sizes: map[int64]int64{1: 1}}, true, "0", NoQuasiIdentifiers},
		{"what is linked to persons without one marked stays", DefaultPolicy(), Public, Classes{Sizes: map[int64]int64{1000: 1}, PersonLinked: true}, false, "", NoQuasiIdentifiersMarked},
		{"what is linked to persons leaves by its classes", DefaultPolicy(), Public, Classes{QuasiIdentifiers: []string{"age"}, Sizes: map[int64]int64{21: 1}, PersonLinked: true}, true, "1/21", RiskBelowLimit},
		{"an empty dataset never leaves", DefaultPolicy(), Enclave, classes(nil), false, "", DatasetEmpty},
		{"an empty dataset without quasi-identifiers never leaves either", DefaultPolicy(), Public, Classes{}, false, "", DatasetEmpty},
		{"an unknown environment is refused", DefaultPolicy(), "MOON", classes(map[int64]int64{100: 1}), false, "", EnvironmentUnknown},
		{"no environment at all is refused", DefaultPolicy(), "", Classes{Sizes: map[int64]int64{100: 1}}, false, "", EnvironmentUnknown},
		{"a policy without numbers is refused", Policy{}, Public, classes(map[int64]int64{100: 1}), false, "", PolicyInvalid},
		{"a policy that discounts the public context is refused", lenientPublic, Public, classes(map[int64]int64{100: 1}), false, "", PolicyInvalid},
		{"a class of no rows is refused", DefaultPolicy(), Public, classes(map[int64]int64{0: 1, 100: 1}), false, "", ClassesInvalid},
		{"fewer than no classes are refused", DefaultPolicy(), Public, classes(map[int64]int64{100: -1}), false, "", ClassesInvalid},
		{"more rows than can be counted are refused", DefaultPolicy(), Public, classes(map[int64]int64{math.MaxInt64: 2}), false, "", ClassesInvalid},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			e := Evaluate(row.policy, row.env, row.classes)
			if e.Leaves != row.leaves || e.Risk != row.risk || e.Reason != row.reason {
				t.Errorf("leaves %v, risk %q, reason %s; want %v, %q, %s", e.Leaves, e.Risk, e.Reason, row.leaves, row.risk, row.reason)
			}
			if (e.Refusal() == nil) != row.leaves {
				t.Errorf("refusal %v", e.Refusal())
			}
			if !row.leaves && fault.CodeOf(e.Refusal()) != string(row.reason) {
				t.Errorf("refusal code %s", fault.CodeOf(e.Refusal()))
			}
		})
	}
}

func TestEvidenceIsExactText(t *testing.T) {
	e := Evaluate(DefaultPolicy(), Controlled, classes(map[int64]int64{30: 2, 60: 1}))
	got, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"environment":"CONTROLLED","policySource":"GB/T 42460-2023","quasiIdentifiers":["district","birth_year"],` +
		`"rows":120,"classes":3,"smallestClass":30,"tau":"1/5","maxTheta":"1/30","meanTheta":"1/36","contextRisk":"1",` +
		`"risk":"1/36","limit":"1/20","leaves":true,"reason":"RISK_BELOW_LIMIT"}`
	if string(got) != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	var back Evidence
	if err := json.Unmarshal(got, &back); err != nil || !reflect.DeepEqual(back, e) {
		t.Errorf("comes back as %+v, %v", back, err)
	}
}

func TestPolicyIsKeptAsJSON(t *testing.T) {
	text, err := json.Marshal(DefaultPolicy())
	if err != nil {
		t.Fatal(err)
	}
	var back Policy
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	if err := back.Check("policy"); err != nil {
		t.Error(err)
	}
	for _, e := range []Environment{Public, Controlled, Enclave} {
		if back.Environments[e].Tau.Cmp(DefaultPolicy().Environments[e].Tau) != 0 {
			t.Errorf("τ of %s comes back as %s", e, back.Environments[e].Tau)
		}
	}
}

func TestPolicyCheckNamesEveryNumber(t *testing.T) {
	p := DefaultPolicy()
	p.Limit = big.NewRat(0, 1)
	p.Environments[Public] = Setting{Tau: big.NewRat(3, 2), ContextRisk: big.NewRat(1, 2)}
	delete(p.Environments, Enclave)
	p.Environments["MOON"] = p.Environments[Controlled]
	p.Environments["MARS"] = p.Environments[Controlled]
	var fields []string
	for _, f := range fault.All(p.Check("policy")) {
		fields = append(fields, f.Field)
	}
	want := []string{"policy.limit", "policy.environments.PUBLIC.tau", "policy.environments.PUBLIC.contextRisk",
		"policy.environments.ENCLAVE.tau", "policy.environments.ENCLAVE.contextRisk", "policy.environments"}
	if !slices.Equal(fields, want) {
		t.Errorf("got %q\nwant %q", fields, want)
	}
}

func drawSizes(t *rapid.T) map[int64]int64 {
	return rapid.MapOfN(rapid.Int64Range(1, 200), rapid.Int64Range(1, 30), 1, 12).Draw(t, "sizes")
}

// grow moves one class of the size to the next size: somebody joins it.
func grow(sizes map[int64]int64, size int64) map[int64]int64 {
	grown := maps.Clone(sizes)
	if grown[size]--; grown[size] == 0 {
		delete(grown, size)
	}
	grown[size+1]++
	return grown
}

func fraction(t *rapid.T, text string) *big.Rat {
	r, ok := new(big.Rat).SetString(text)
	if !ok {
		t.Fatalf("%q is no fraction", text)
	}
	return r
}

func TestAddingARowToTheSmallestClassNeverRaisesMaxTheta(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sizes := drawSizes(t)
		before := Evaluate(DefaultPolicy(), Public, classes(sizes))
		after := Evaluate(DefaultPolicy(), Public, classes(grow(sizes, before.SmallestClass)))
		if fraction(t, after.MaxTheta).Cmp(fraction(t, before.MaxTheta)) > 0 {
			t.Fatalf("max θ rises from %s to %s", before.MaxTheta, after.MaxTheta)
		}
	})
}

func TestAddingARowToAnyClassNeverRaisesTheRisk(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sizes := drawSizes(t)
		env := rapid.SampledFrom([]Environment{Public, Controlled, Enclave}).Draw(t, "environment")
		size := rapid.SampledFrom(slices.Sorted(maps.Keys(sizes))).Draw(t, "class")
		before := Evaluate(DefaultPolicy(), env, classes(sizes))
		after := Evaluate(DefaultPolicy(), env, classes(grow(sizes, size)))
		if fraction(t, after.Risk).Cmp(fraction(t, before.Risk)) > 0 || before.Leaves && !after.Leaves {
			t.Fatalf("from %+v to %+v", before, after)
		}
		if after.Rows != before.Rows+1 || after.Classes != before.Classes {
			t.Fatalf("rows %d → %d, classes %d → %d", before.Rows, after.Rows, before.Classes, after.Classes)
		}
	})
}

func TestPublicLeavesExactlyWhenEveryClassHas21(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sizes := drawSizes(t)
		e := Evaluate(DefaultPolicy(), Public, classes(sizes))
		if want := slices.Min(slices.Collect(maps.Keys(sizes))) >= 21; e.Leaves != want {
			t.Fatalf("leaves %v, want %v", e.Leaves, want)
		}
	})
}

func TestWhatLeavesInPublicLeavesEverywhere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := classes(drawSizes(t))
		if !Evaluate(DefaultPolicy(), Public, c).Leaves {
			return
		}
		for _, env := range []Environment{Controlled, Enclave} {
			if e := Evaluate(DefaultPolicy(), env, c); !e.Leaves {
				t.Fatalf("stays in %s: %+v", env, e)
			}
		}
	})
}
