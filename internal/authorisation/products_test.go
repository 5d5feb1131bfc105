package authorisation

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"gongshu/internal/fault"
	"gongshu/internal/purpose"
)

// ready is a product that nothing stands in the way of on 2026-01-05.
func ready() Product {
	name, rating := plain(11, "企业名称"), plain(12, "信用评级")
	resource := published(1, "企业信用信息库", name, rating)
	grant := Grant{ID: id(60), AgreementID: operating.ID, Status: GrantActive, ItemIDs: []uuid.UUID{name.ID, rating.ID},
		Purposes: []purpose.Purpose{purpose.Industry, purpose.Welfare}, StartsOn: on("2025-10-01"), EndsOn: on("2028-09-28")}
	return Product{
		ID: id(70), Name: "企业信用核验", Description: "核验企业信用。", Status: ProductRegistered,
		Agreement: operating, OperatorVerified: true,
		Purposes: []purpose.Purpose{purpose.Industry, purpose.Welfare},
		Inputs:   []Input{{Item: name, Resource: resource, Grants: []Grant{grant}}, {Item: rating, Resource: resource, Grants: []Grant{grant}}},
		Columns:  4, HasSample: true, Dataset: DatasetAccepted, Reviewed: true,
		Registration:      Registration{"51-2026-1", Term{on("2025-12-01"), on("2028-09-28")}},
		Plans:             []Plan{{ID: id(80), Name: "按次", HasCap: true, WithinCap: true}},
		HasAllocationRule: true,
	}
}

func TestObstacles(t *testing.T) {
	everyInput := func(p *Product, change func(*Input)) {
		p.Inputs = slices.Clone(p.Inputs)
		for i := range p.Inputs {
			p.Inputs[i].Grants = slices.Clone(p.Inputs[i].Grants)
			change(&p.Inputs[i])
		}
	}
	free := func(p *Product) { p.Purposes = []purpose.Purpose{purpose.Welfare} }
	const product, agreement, operator = "PRODUCT 企业信用核验", "AGREEMENT 运营公司", "OPERATOR 运营公司"
	const resource, name, rating, plan = "RESOURCE 企业信用信息库", "ITEM 企业名称", "ITEM 信用评级", "PLAN 按次"

	for _, row := range []struct {
		sentence string
		change   func(*Product)
		want     []string // code and subject
	}{
		{"nothing stands in the way of what is in order", func(*Product) {}, nil},
		{"an agreement under rectification is not in force", func(p *Product) { p.Agreement.Status = AgreementRectifying }, []string{"AGREEMENT_NOT_IN_FORCE " + agreement}},
		{"an agreement that has run out came to its end", func(p *Product) { p.Agreement.EndsOn = on("2026-01-04") }, []string{"AGREEMENT_ENDED " + agreement}},
		{"so did one that its operator left", func(p *Product) { p.Agreement.Status = AgreementExited }, []string{"AGREEMENT_ENDED " + agreement}},
		{"a terminated one is not in force", func(p *Product) { p.Agreement.Status = AgreementTerminated }, []string{"AGREEMENT_NOT_IN_FORCE " + agreement}},
		{"a grant that ended with its agreement says so", func(p *Product) {
			everyInput(p, func(in *Input) { in.Grants, in.GrantEnded = nil, true })
		}, []string{"GRANT_ENDED " + name, "GRANT_ENDED " + rating}},
		{"an operator that is not verified may not sell", func(p *Product) { p.OperatorVerified = false }, []string{"OPERATOR_NOT_VERIFIED " + operator}},
		{"a product describes itself", func(p *Product) { p.Description = " " }, []string{"DESCRIPTION_MISSING " + product}},
		{"a product is made from something", func(p *Product) { p.Inputs = nil }, []string{"NO_INPUTS " + product}},
		{"a suspended resource stops what is made from it, once", func(p *Product) {
			everyInput(p, func(in *Input) { in.Resource.Status = ResourceSuspended })
		}, []string{"RESOURCE_NOT_PUBLISHED " + resource}},
		{"shared data needs its provider's consent", func(p *Product) {
			everyInput(p, func(in *Input) { in.Resource.FromSharing = true })
		}, []string{"PROVIDER_CONSENT_MISSING " + resource}},
		{"a frequency without a code does not do", func(p *Product) {
			everyInput(p, func(in *Input) { in.Resource.UpdateFrequency = "" })
		}, []string{"UPDATE_FREQUENCY_MISSING " + resource}},
		{"a revoked grant is none", func(p *Product) {
			everyInput(p, func(in *Input) { in.Grants[0].Status = GrantRevoked })
		}, []string{"ITEM_NOT_GRANTED " + name, "ITEM_NOT_GRANTED " + rating}},
		{"a grant that has run out is none", func(p *Product) {
			everyInput(p, func(in *Input) { in.Grants[0].EndsOn = on("2026-01-04") })
		}, []string{"ITEM_NOT_GRANTED " + name, "ITEM_NOT_GRANTED " + rating}},
		{"a grant of other items does not cover this one", func(p *Product) {
			everyInput(p, func(in *Input) { in.Grants[0].ItemIDs = []uuid.UUID{id(11)} })
		}, []string{"ITEM_NOT_GRANTED " + rating}},
		{"a grant under another agreement covers nothing here", func(p *Product) {
			everyInput(p, func(in *Input) { in.Grants[0].AgreementID = id(59) })
		}, []string{"ITEM_NOT_GRANTED " + name, "ITEM_NOT_GRANTED " + rating}},
		{"a second grant may cover what the first does not", func(p *Product) {
			everyInput(p, func(in *Input) {
				second := in.Grants[0]
				in.Grants[0].Status = GrantExpired
				in.Grants = append(in.Grants, second)
			})
		}, nil},
		{"a grant for welfare does not sell", func(p *Product) {
			everyInput(p, func(in *Input) { in.Grants[0].Purposes = []purpose.Purpose{purpose.Welfare} })
		}, []string{"PURPOSE_NOT_GRANTED " + name, "PURPOSE_NOT_GRANTED " + rating}},
		{"every purpose that is not granted is told", func(p *Product) {
			p.Purposes = []purpose.Purpose{purpose.Sector, purpose.Governance}
			p.Inputs = p.Inputs[:1]
		}, []string{"PURPOSE_NOT_GRANTED " + name, "PURPOSE_NOT_GRANTED " + name}},
		{"an item whose marks were taken away is not classified", func(p *Product) {
			p.Inputs[0].Item.Grade = ""
		}, []string{"ITEM_NOT_CLASSIFIED " + name}},
		{"an item that became core data leaves", func(p *Product) {
			p.Inputs[1].Item.Grade = GradeCore
		}, []string{"ITEM_CORE_NEVER_GRANTED " + rating}},
		{"a linked item is protected and leaves as an aggregate", func(p *Product) {
			p.Inputs[0].Item.Linkage = LinkageLinked
		}, []string{"ITEM_UNPROTECTED " + name, "LINKED_ITEM_NOT_AGGREGATED " + name}},
		{"aggregating alone does not protect", func(p *Product) {
			p.Inputs[0].Item.Linkage = LinkageHigh
			p.RowsAggregated = true
		}, []string{"ITEM_UNPROTECTED " + name}},
		{"protecting alone does not aggregate", func(p *Product) {
			p.Inputs[0].Item.Linkage = LinkageLinked
			p.Inputs[0].Item.Protections = []Protection{ProtectionConsent}
		}, []string{"LINKED_ITEM_NOT_AGGREGATED " + name}},
		{"protected and aggregated a linked item may leave", func(p *Product) {
			p.Inputs[0].Item.Linkage = LinkageLinked
			p.Inputs[0].Item.Protections = []Protection{ProtectionAnonymised}
			p.RowsAggregated = true
		}, nil},
		{"a product has a dictionary", func(p *Product) { p.Columns = 0 }, []string{"DICTIONARY_MISSING " + product}},
		{"a product has a sample", func(p *Product) { p.HasSample = false }, []string{"SAMPLE_MISSING " + product}},
		{"a product has a dataset", func(p *Product) { p.Dataset = DatasetNone }, []string{"DATASET_MISSING " + product}},
		{"a state that was never set is no dataset", func(p *Product) { p.Dataset = "" }, []string{"DATASET_MISSING " + product}},
		{"a refused dataset is none", func(p *Product) { p.Dataset = DatasetRefused }, []string{"DATASET_REFUSED " + product}},
		{"a product is reviewed", func(p *Product) { p.Reviewed = false }, []string{"NOT_REVIEWED " + product}},
		{"a draft is not, whatever was reviewed before", func(p *Product) { p.Status = ProductDraft }, []string{"NOT_REVIEWED " + product}},
		{"a product is registered", func(p *Product) { p.Registration = Registration{} }, []string{"REGISTRATION_CODE_MISSING " + product}},
		{"on its last day a registration is valid", func(p *Product) { p.Registration.EndsOn = on("2026-01-05") }, nil},
		{"the day after it is not", func(p *Product) { p.Registration.EndsOn = on("2026-01-04") }, []string{"REGISTRATION_EXPIRED " + product}},
		{"a code without days is not valid", func(p *Product) { p.Registration.Term = Term{} }, []string{"REGISTRATION_EXPIRED " + product}},
		{"what is sold has a plan", func(p *Product) { p.Plans = nil }, []string{"NO_PLAN " + product}},
		{"what is free needs no plan", func(p *Product) { free(p); p.Plans = nil }, nil},
		{"what is free has nothing to share", func(p *Product) { free(p); p.HasAllocationRule = false }, nil},
		{"a price needs a cap", func(p *Product) { p.Plans[0].HasCap = false }, []string{"CAP_MISSING " + plan}},
		{"a price keeps within its cap", func(p *Product) { p.Plans[0].WithinCap = false }, []string{"PRICE_OVER_CAP " + plan}},
		{"a trial price needs no cap", func(p *Product) { p.Plans[0] = Plan{Trial: true} }, nil},
		{"in its operator's first year, to its last day", func(p *Product) {
			p.Plans[0].Trial, p.Plans[0].HasCap, p.OperatesSince = true, false, on("2025-01-06")
		}, nil},
		{"afterwards it may not be asked, within a cap or not", func(p *Product) {
			p.Plans[0].Trial, p.OperatesSince = true, on("2025-01-05")
		}, []string{"TRIAL_OVER " + plan}},
		{"a plan over its cap stops alone beside one that is within", func(p *Product) {
			p.Plans = append(p.Plans, Plan{ID: id(81), Name: "包年", HasCap: true})
		}, nil},
		{"of plans that are all stopped each is named", func(p *Product) {
			p.Plans = []Plan{{ID: id(80), Name: "按次", HasCap: true}, {ID: id(81), Name: "包年"}}
		}, []string{"CAP_MISSING PLAN 包年", "PRICE_OVER_CAP " + plan}},
		{"revenue is shared by a rule", func(p *Product) { p.HasAllocationRule = false }, []string{"ALLOCATION_RULE_MISSING " + product}},
		{"an empty product lacks nearly everything, in order", func(p *Product) { *p = Product{Name: "x"} }, []string{
			"AGREEMENT_NOT_IN_FORCE AGREEMENT ", "OPERATOR_NOT_VERIFIED OPERATOR ", "DESCRIPTION_MISSING PRODUCT x", "NO_INPUTS PRODUCT x",
			"DICTIONARY_MISSING PRODUCT x", "SAMPLE_MISSING PRODUCT x", "DATASET_MISSING PRODUCT x", "NOT_REVIEWED PRODUCT x",
			"REGISTRATION_CODE_MISSING PRODUCT x", "NO_PLAN PRODUCT x", "ALLOCATION_RULE_MISSING PRODUCT x"}},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			p := ready()
			row.change(&p)
			var got []string
			for _, o := range Obstacles(p, DefaultListingPolicy(), on("2026-01-05")) {
				got = append(got, string(o.Code)+" "+string(o.Subject.Kind)+" "+o.Subject.Name)
				if o.Message == "" {
					t.Errorf("%s says nothing", o.Code)
				}
			}
			if !slices.Equal(got, row.want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(row.want, "\n"))
			}
		})
	}
}

func TestRegistrationCodeByPolicy(t *testing.T) {
	p := ready()
	p.Status, p.Registration = ProductReviewed, Registration{}
	if to, err := List(p, ListingPolicy{}, on("2026-01-05")); to != ProductListed || err != nil {
		t.Errorf("where policy asks for no code it becomes %s, %v", to, err)
	}
	_, err := List(p, DefaultListingPolicy(), on("2026-01-05"))
	refusedWith(t, err, "PRODUCT_NOT_LISTABLE REGISTRATION_CODE_MISSING")
}

func TestList(t *testing.T) {
	for _, status := range ProductStatus("").Values() {
		p := ready()
		p.Status = ProductStatus(status)
		want := map[string]string{
			"DRAFT": "PRODUCT_NOT_LISTABLE NOT_REVIEWED", "SUBMITTED": "PRODUCT_NOT_LISTABLE NOT_REVIEWED",
			"LISTED": "MOVE_NOT_ALLOWED", "RETIRED": "MOVE_NOT_ALLOWED"}[status]
		to, err := List(p, DefaultListingPolicy(), on("2026-01-05"))
		refusedWith(t, err, want)
		if err == nil && to != ProductListed {
			t.Errorf("%s becomes %s", status, to)
		}
	}
	p := ready()
	p.Inputs[0].Item.Linkage = LinkageHigh
	_, err := List(p, DefaultListingPolicy(), on("2026-01-05"))
	refusedWith(t, err, "PRODUCT_NOT_LISTABLE ITEM_UNPROTECTED LINKED_ITEM_NOT_AGGREGATED")
	all := fault.All(err)
	if all[0].Params["obstacles"] != 2 {
		t.Errorf("params %v", all[0].Params)
	}
	if params := all[1].Params; params["subjectKind"] != "ITEM" || params["subjectId"] != id(11).String() ||
		params["subjectName"] != "企业名称" || namesIn(all[1], "missing") != "MASKED ANONYMISED ENCRYPTED" {
		t.Errorf("params %v", params)
	}
}

// productList refuses with the list that obstacles shows, whatever is wrong.
func TestListRefusesWithTheObstacles(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := ready()
		flag := func(name string) bool { return rapid.Bool().Draw(t, name) }
		p.OperatorVerified, p.HasSample, p.Reviewed, p.HasAllocationRule = flag("verified"), flag("sample"), flag("reviewed"), flag("allocation")
		p.Plans[0].HasCap, p.Plans[0].WithinCap = flag("cap"), flag("within")
		p.Inputs[0].Item.Linkage = Linkage(rapid.SampledFrom(Linkage("").Values()).Draw(t, "linkage"))
		p.Inputs[1].Resource.Status = ResourceStatus(rapid.SampledFrom(ResourceStatus("").Values()).Draw(t, "resource"))
		p.Status = rapid.SampledFrom([]ProductStatus{ProductDraft, ProductSubmitted, ProductReviewed, ProductRegistered, ProductSuspended}).Draw(t, "status")

		shown := Obstacles(p, DefaultListingPolicy(), on("2026-01-05"))
		_, err := List(p, DefaultListingPolicy(), on("2026-01-05"))
		if (err == nil) != (len(shown) == 0) {
			t.Fatalf("%d obstacles are shown and listing says %v", len(shown), err)
		}
		if err == nil {
			return
		}
		refused := fault.All(err)[1:]
		if len(refused) != len(shown) {
			t.Fatalf("%d refusals for %d obstacles", len(refused), len(shown))
		}
		for i, o := range shown {
			if refused[i].Code != string(o.Code) || refused[i].Message != o.Message || refused[i].Params["subjectId"] != o.Subject.ID.String() {
				t.Fatalf("refusal %v is not obstacle %v", refused[i], o)
			}
		}
	})
}

func TestSubmit(t *testing.T) {
	for _, row := range []struct {
		sentence string
		change   func(*Product)
		codes    string
	}{
		{"a complete draft is submitted", func(*Product) {}, ""},
		{"review, grants and registration may still be missing", func(p *Product) {
			p.Reviewed, p.Registration, p.Dataset = false, Registration{}, DatasetNone
			p.Inputs[0].Grants = nil
		}, ""},
		{"everything missing is told at once", func(p *Product) { *p = Product{Status: ProductDraft} },
			"PRODUCT_NOT_SUBMITTABLE DESCRIPTION_MISSING NO_INPUTS DICTIONARY_MISSING SAMPLE_MISSING NO_PLAN"},
		{"what is free needs no plan", func(p *Product) { p.Purposes, p.Plans = []purpose.Purpose{purpose.Governance}, nil }, ""},
		{"only a draft is submitted", func(p *Product) { p.Status = ProductListed }, "MOVE_NOT_ALLOWED"},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			p := ready()
			p.Status = ProductDraft
			row.change(&p)
			to, err := Submit(p)
			refusedWith(t, err, row.codes)
			if err == nil && to != ProductSubmitted {
				t.Errorf("becomes %s", to)
			}
		})
	}
}

func TestRegistrationTerm(t *testing.T) {
	for _, row := range []struct {
		sentence, codedOn, agreementEndsOn, want string
	}{
		{"three years from coding", "2025-10-01", "2030-09-30", "2028-09-30"},
		{"but not past the agreement's end", "2026-01-05", "2028-09-28", "2028-09-28"},
		{"ending together is fine", "2025-09-29", "2028-09-28", "2028-09-28"},
		{"without an agreement the three years hold", "2026-01-05", "", "2029-01-04"},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			if got := RegistrationTerm(on(row.codedOn), 36, Agreement{EndsOn: on(row.agreementEndsOn)}); got != (Term{on(row.codedOn), on(row.want)}) {
				t.Errorf("valid %s to %s, want until %s", got.StartsOn, got.EndsOn, row.want)
			}
		})
	}
}

func TestOffered(t *testing.T) {
	p := ready()
	today := p.Inputs[0].Grants[0].StartsOn
	for _, row := range []struct {
		sentence string
		change   func(*Grant)
		codes    string
	}{
		{"what is granted for a purpose is used for it", func(g *Grant) { g.Purposes = []purpose.Purpose{purpose.Welfare} }, ""},
		{"and for no other", func(g *Grant) { g.Purposes = []purpose.Purpose{purpose.Governance} }, "PURPOSE_NOT_GRANTED"},
		{"nor once the grant is revoked", func(g *Grant) {
			g.Purposes, g.Status = []purpose.Purpose{purpose.Welfare}, GrantRevoked
		}, "PURPOSE_NOT_GRANTED"},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			p := ready()
			for i := range p.Inputs {
				for j := range p.Inputs[i].Grants {
					row.change(&p.Inputs[i].Grants[j])
				}
			}
			refusedWith(t, Offered(p, purpose.Welfare, today), row.codes)
		})
	}
}

// A floor keeps what is not listed off the market; it takes nothing off it.
func TestTheFloorOfQualityIsForWhatIsToBeListed(t *testing.T) {
	policy := DefaultListingPolicy()
	policy.QualityFloor = 60
	for _, row := range []struct {
		sentence string
		status   ProductStatus
		quality  int
		below    bool
	}{
		{"one that is registered needs the floor", ProductRegistered, 59, true},
		{"the floor is enough", ProductRegistered, 60, false},
		{"one that was taken off needs it to come back", ProductSuspended, 59, true},
		{"one that is listed stays", ProductListed, 0, false},
	} {
		p := ready()
		p.Status, p.Quality = row.status, row.quality
		found := Obstacles(p, policy, on("2026-01-05"))
		if below := len(found) == 1 && found[0].Code == QualityBelowFloor && found[0].Params["floor"] == 60; below != row.below || !row.below && len(found) > 0 {
			t.Errorf("%s: %v", row.sentence, found)
		}
		if _, change := Suspension(p, found); change {
			t.Errorf("%s: it is taken off", row.sentence)
		}
		if !MayBeServed(ProductSuspended, QualityBelowFloor, false) {
			t.Error("rights that run are not served for how a product is described")
		}
	}
}

// What the client binds as enums lists every constant.
func TestObstacleCodesAreListedOnce(t *testing.T) {
	codes := ObstacleCode("").Values()
	if len(codes) != 29 {
		t.Errorf("%d codes are listed", len(codes))
	}
	slices.Sort(codes)
	if len(slices.Compact(codes)) != 29 {
		t.Error("a code is listed twice")
	}
}
