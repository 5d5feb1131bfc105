package authorisation

import (
	"testing"

	"github.com/google/uuid"

	"gongshu/internal/fault"
)

func id(n byte) uuid.UUID { return uuid.UUID{15: n} }

// plain is an item that nothing is against.
func plain(n byte, name string) Item {
	return Item{ID: id(n), Name: name, Grade: GradeGeneral, Linkage: LinkageNone, Sensitivity: SensitivityPublic}
}

func published(n byte, name string, items ...Item) Resource {
	return Resource{ID: id(n), Name: name, Status: ResourcePublished, SourceUnitID: id(100), IndustryAuthorityID: id(101),
		RegisteredBy: id(200), UpdateFrequency: Monthly, Items: items}
}

func TestClassified(t *testing.T) {
	for _, row := range []struct {
		sentence string
		item     Item
		want     bool
	}{
		{"all three marks classify", plain(1, "a"), true},
		{"without a grade it is not", Item{Linkage: LinkageNone, Sensitivity: SensitivityPublic}, false},
		{"without linkage it is not", Item{Grade: GradeGeneral, Sensitivity: SensitivityPublic}, false},
		{"without sensitivity it is not", Item{Grade: GradeGeneral, Linkage: LinkageNone}, false},
		{"an unknown mark is none", Item{Grade: "HIGHEST", Linkage: LinkageNone, Sensitivity: SensitivityPublic}, false},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			if got := row.item.Classified(); got != row.want {
				t.Errorf("classified %v", got)
			}
		})
	}
}

func TestRegister(t *testing.T) {
	draft := published(1, "居民健康档案库", plain(2, "诊断时间"), plain(3, "用药剂量"))
	draft.Status = ResourceDraft
	if to, err := Register(draft); err != nil || to != ResourceRegistered {
		t.Errorf("a classified draft becomes %s, %v", to, err)
	}
	bare := draft
	bare.Items = []Item{plain(2, "诊断时间"), {Name: "用药剂量"}, {Name: "检查影像编号", Grade: GradeGeneral}}
	_, err := Register(bare)
	refusedWith(t, err, "RESOURCE_NOT_CLASSIFIED")
	if got := namesIn(fault.All(err)[0], "items"); got != "用药剂量 检查影像编号" {
		t.Errorf("named are %s", got)
	}
	empty := draft
	empty.Items = nil
	_, err = Register(empty)
	refusedWith(t, err, "RESOURCE_WITHOUT_ITEMS")
	_, err = Register(published(1, "x", plain(2, "y")))
	refusedWith(t, err, "MOVE_NOT_ALLOWED")
}

func TestApproveResource(t *testing.T) {
	registered := published(1, "居民健康档案库", plain(2, "诊断时间"))
	registered.Status = ResourceRegistered
	if to, err := ApproveResource(registered, id(201)); err != nil || to != ResourceApproved {
		t.Errorf("another person approves to %s, %v", to, err)
	}
	_, err := ApproveResource(registered, registered.RegisteredBy)
	refusedWith(t, err, "SAME_PERSON")
	oneBody := registered
	oneBody.IndustryAuthorityID = oneBody.SourceUnitID
	if !oneBody.OneBody() || registered.OneBody() || (Resource{}).OneBody() {
		t.Error("one body is told wrong")
	}
	_, err = ApproveResource(oneBody, oneBody.RegisteredBy)
	refusedWith(t, err, "SAME_PERSON")
	if _, err := ApproveResource(oneBody, id(201)); err != nil {
		t.Errorf("two persons of one body may: %v", err)
	}
	_, err = ApproveResource(published(1, "x"), id(201))
	refusedWith(t, err, "MOVE_NOT_ALLOWED")
}

func TestGrantable(t *testing.T) {
	linked := func(linkage Linkage, protections ...Protection) Item {
		item := plain(2, "疾病编码")
		item.Linkage, item.Protections = linkage, protections
		return item
	}
	core, important := plain(2, "a"), plain(2, "a")
	core.Grade, important.Grade = GradeCore, GradeImportant
	core.Protections = []Protection{ProtectionMasked, ProtectionAnonymised, ProtectionEncrypted, ProtectionConsent}
	ready := published(1, "居民健康档案库")
	suspended, shared, agreed := ready, ready, ready
	suspended.Status = ResourceSuspended
	shared.FromSharing = true
	agreed.FromSharing, agreed.ProviderConsented = true, true

	for _, row := range []struct {
		sentence string
		resource Resource
		item     Item
		codes    string
		missing  string
	}{
		{"a plain item of a published resource is grantable", ready, plain(2, "a"), "", ""},
		{"important data is grantable", ready, important, "", ""},
		{"core data never is, however protected", ready, core, "ITEM_CORE_NEVER_GRANTED", ""},
		{"what is not classified is not", ready, Item{Name: "a"}, "ITEM_NOT_CLASSIFIED", ""},
		{"what left the catalogue is not", ready, Item{Name: "a", Withdrawn: true, Grade: GradeGeneral, Linkage: LinkageNone, Sensitivity: SensitivityPublic}, "ITEM_WITHDRAWN", ""},
		{"a suspended resource grants nothing", suspended, plain(2, "a"), "RESOURCE_NOT_PUBLISHED", ""},
		{"shared data waits for its provider", shared, plain(2, "a"), "PROVIDER_CONSENT_MISSING", ""},
		{"with its consent it is grantable", agreed, plain(2, "a"), "", ""},
		{"resource and item are both told", suspended, Item{Name: "a"}, "RESOURCE_NOT_PUBLISHED ITEM_NOT_CLASSIFIED", ""},
		{"HIGH needs all three", ready, linked(LinkageHigh), "ITEM_PROTECTION_MISSING", "MASKED ANONYMISED ENCRYPTED"},
		{"HIGH and encrypted lacks two", ready, linked(LinkageHigh, ProtectionEncrypted), "ITEM_PROTECTION_MISSING", "MASKED ANONYMISED"},
		{"HIGH and masked and anonymised lacks one", ready, linked(LinkageHigh, ProtectionMasked, ProtectionAnonymised), "ITEM_PROTECTION_MISSING", "ENCRYPTED"},
		{"consent does not stand in for HIGH", ready, linked(LinkageHigh, ProtectionConsent, ProtectionMasked, ProtectionEncrypted), "ITEM_PROTECTION_MISSING", "ANONYMISED"},
		{"HIGH with all three is grantable", ready, linked(LinkageHigh, ProtectionEncrypted, ProtectionMasked, ProtectionAnonymised), "", ""},
		{"LINKED needs one of two", ready, linked(LinkageLinked, ProtectionMasked, ProtectionEncrypted), "ITEM_PROTECTION_MISSING", "ANONYMISED CONSENT"},
		{"LINKED and anonymised is grantable", ready, linked(LinkageLinked, ProtectionAnonymised), "", ""},
		{"LINKED with consent is grantable", ready, linked(LinkageLinked, ProtectionConsent), "", ""},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			wrong := Grantable(row.resource, row.item)
			refusedWith(t, wrong.OrNil(), row.codes)
			if row.missing != "" && (namesIn(wrong[0], "missing") != row.missing || wrong[0].Params["item"] != row.item.Name) {
				t.Errorf("params %v, want missing %s", wrong[0].Params, row.missing)
			}
		})
	}
}

func TestClassify(t *testing.T) {
	in := func(status ResourceStatus) Resource {
		r := published(1, "居民健康档案库", plain(2, "诊断时间"))
		r.Status = status
		return r
	}
	for _, row := range []struct {
		sentence string
		resource Resource
		items    []Item
		codes    string
	}{
		{"a draft is classified", in(ResourceDraft), []Item{plain(2, "a")}, ""},
		{"what the authority is deciding on stays as it is", in(ResourceRegistered), []Item{plain(2, "a")}, "RESOURCE_REGISTERED"},
		{"what the catalogue added meanwhile is classified", in(ResourceRegistered), []Item{{Name: "b"}}, ""},
		{"what was approved stays as it was", in(ResourceApproved), []Item{plain(2, "a")}, "RESOURCE_APPROVED"},
		{"and as it was published", in(ResourcePublished), []Item{plain(2, "a")}, "RESOURCE_APPROVED"},
		{"what the catalogue added since is classified", in(ResourcePublished), []Item{{Name: "b"}}, ""},
		{"what is withdrawn is not", in(ResourceWithdrawn), []Item{{Name: "b"}}, "MOVE_NOT_ALLOWED"},
	} {
		t.Run(row.sentence, func(t *testing.T) { refusedWith(t, Classify(row.resource, row.items), row.codes) })
	}
}
