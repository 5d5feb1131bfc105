package market

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"

	"gongshu/ent/db"
	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/fault"
	"gongshu/internal/store"
)

// asSourceUnit does something about a resource as its source unit.
func (m *Market) asSourceUnit(ctx context.Context, id uuid.UUID, do func(ctx context.Context, tx *store.Tx, r store.StoredResource) error) error {
	v := access.FromContext(ctx)
	if err := v.MustSignIn(); err != nil {
		return err
	}
	return m.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		r, err := tx.ResourceByID(ctx, id)
		if err != nil {
			return err
		}
		if err := isSourceUnit(v, r.Resource); err != nil {
			return err
		}
		return do(ctx, tx, r)
	})
}

// ItemClassification is how a source unit classifies and protects an item.
type ItemClassification struct {
	ItemID      uuid.UUID
	Grade       authorisation.Grade
	Linkage     authorisation.Linkage
	Sensitivity authorisation.Sensitivity
	Protections []authorisation.Protection
}

// ResourceClassify grades items of a resource and marks their linkage, sensitivity and protections (GB/T 43697, CITY 9.2).
// Refused as authorisation.Classify says, with ITEMS_MISSING, and at the item's place with ITEM_TWICE or NOT_FOUND.
func (m *Market) ResourceClassify(ctx context.Context, id uuid.UUID, in []ItemClassification) error {
	return m.asSourceUnit(ctx, id, func(ctx context.Context, tx *store.Tx, r store.StoredResource) error {
		items, err := itemsToClassify(r.Items, in)
		if err != nil {
			return err
		}
		if err := authorisation.Classify(r.Resource, items); err != nil {
			return err
		}
		if err := tx.ChangeResource(ctx, r, func(*db.ResourceUpdate) {}); err != nil {
			return err
		}
		marks := map[string]any{}
		for n, c := range in {
			item := authorisation.Item{ID: c.ItemID, Grade: c.Grade, Linkage: c.Linkage, Sensitivity: c.Sensitivity, Protections: c.Protections}
			if err := tx.MarkItem(ctx, item); err != nil {
				return err
			}
			marks[items[n].Name] = []any{marksOf(items[n]), marksOf(item)}
		}
		if _, err := m.scoreResources(ctx, tx, id); err != nil {
			return err
		}
		return tx.Record(ctx, store.Act{Name: "resourceClassify", Kind: "Resource", ID: id, Change: marks})
	})
}

func marksOf(i authorisation.Item) map[string]any {
	return map[string]any{"grade": i.Grade, "linkage": i.Linkage, "sensitivity": i.Sensitivity, "protections": i.Protections}
}

// itemsToClassify finds the items as they are now, in the order of the input.
func itemsToClassify(items []authorisation.Item, in []ItemClassification) ([]authorisation.Item, error) {
	if len(in) == 0 {
		return nil, fault.New(fault.Invalid, "ITEMS_MISSING", "Name at least one data item.").At("items")
	}
	var found []authorisation.Item
	var wrong fault.List
	for n, c := range in {
		field := "items." + strconv.Itoa(n) + ".itemId"
		at := slices.IndexFunc(items, func(i authorisation.Item) bool { return i.ID == c.ItemID })
		switch {
		case at < 0:
			wrong = append(wrong, fault.Absent("data item").At(field))
		case slices.ContainsFunc(in[:n], func(before ItemClassification) bool { return before.ItemID == c.ItemID }):
			wrong = append(wrong, fault.New(fault.Invalid, "ITEM_TWICE", "The same data item is named twice.").At(field))
		default:
			found = append(found, items[at])
		}
	}
	return found, wrong.OrNil()
}

// ResourceStateFrequency states the update-frequency code of a resource whose catalogue gives none (定期).
// Refused with UPDATE_FREQUENCY_FIXED when the catalogue does.
func (m *Market) ResourceStateFrequency(ctx context.Context, id uuid.UUID, code authorisation.UpdateFrequency) error {
	return m.asSourceUnit(ctx, id, func(ctx context.Context, tx *store.Tx, r store.StoredResource) error {
		said, err := tx.CatalogueOf(ctx, id)
		if err != nil {
			return err
		}
		if err := frequencyOpen(said); err != nil {
			return err
		}
		if err := tx.ChangeResource(ctx, r, func(u *db.ResourceUpdate) { u.SetUpdateFrequency(code) }); err != nil {
			return err
		}
		if _, err := m.scoreResources(ctx, tx, id); err != nil {
			return err
		}
		if err := tx.ResourcesChanged(ctx, id); err != nil {
			return err
		}
		return tx.Record(ctx, store.Act{Name: "resourceStateFrequency", Kind: "Resource", ID: id,
			Change: map[string]any{"updateFrequency": []authorisation.UpdateFrequency{r.UpdateFrequency, code}}})
	})
}

// ResourceRegister registers a classified resource and asks the industry authority of its domain to approve it; it returns
// the proceeding's id. Refused as authorisation.Register says, and with AUTHORITY_MISSING while the domain has none.
func (m *Market) ResourceRegister(ctx context.Context, id uuid.UUID) (proceeding uuid.UUID, err error) {
	err = m.asSourceUnit(ctx, id, func(ctx context.Context, tx *store.Tx, r store.StoredResource) error {
		to, err := authorisation.Register(r.Resource)
		if err != nil {
			return err
		}
		by := access.FromContext(ctx).PersonID
		if err := tx.ChangeResource(ctx, r, func(u *db.ResourceUpdate) { u.SetStatus(to).SetRegisteredBy(by) }); err != nil {
			return err
		}
		proceeding, err = m.open(ctx, tx, opening{
			kind: authorisation.ProceedingResourceApproval, subjectID: id, subjectName: r.Name, authorities: authoritiesOf([]authorisation.Resource{r.Resource}),
		})
		if err != nil {
			return err
		}
		return tx.Record(ctx, store.Act{Name: "resourceRegister", Kind: "Resource", ID: id,
			Change: map[string]any{"status": []authorisation.ResourceStatus{r.Status, to}, "proceeding": proceeding, "oneBody": r.OneBody()}})
	})
	return proceeding, err
}

// resourceDecided approves a registered resource, or makes a draft of it again when it was refused or taken back.
func (m *Market) resourceDecided(ctx context.Context, tx *store.Tx, p store.Proceeding) error {
	r, err := tx.ResourceByID(store.AsSystem(ctx), p.SubjectID)
	if err != nil {
		return err
	}
	to := authorisation.ResourceDraft
	if p.State == authorisation.StateApproved {
		to, err = authorisation.ApproveResource(r.Resource, access.FromContext(ctx).PersonID)
	} else {
		err = authorisation.Move(r.Status, to)
	}
	if err != nil {
		return err
	}
	return tx.ChangeResource(ctx, r, func(u *db.ResourceUpdate) { u.SetStatus(to) })
}

// BatchInput is a publication of resources (分批公布).
type BatchInput struct {
	Title, SourceDocument string
	ResourceIDs           []uuid.UUID
}

// MaxBatch is how many resources are published at once.
const MaxBatch = 100

// BatchPublish publishes approved resources as a batch of the implementing agency and returns its id; its PUBLISHER or
// APPROVER may. Refused at the place of each resource with RESOURCE_TWICE, NOT_FOUND and MOVE_NOT_ALLOWED, all at once.
func (m *Market) BatchPublish(ctx context.Context, in BatchInput) (batch uuid.UUID, err error) {
	v := access.FromContext(ctx)
	if err := publishesBatches(v); err != nil {
		return uuid.Nil, err
	}
	if err := checkBatch(&in); err != nil {
		return uuid.Nil, err
	}
	err = m.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		resources, err := resourcesToPublish(ctx, tx, in.ResourceIDs)
		if err != nil {
			return err
		}
		if batch, err = tx.AddBatch(ctx, v.OrganisationID, in.Title, in.SourceDocument); err != nil {
			return err
		}
		for _, r := range resources {
			err := tx.ChangeResource(ctx, r, func(u *db.ResourceUpdate) {
				u.SetStatus(authorisation.ResourcePublished).SetBatchID(batch).SetPublishedAt(tx.Now())
			})
			if err != nil {
				return err
			}
		}
		if _, err := m.scoreResources(ctx, tx, in.ResourceIDs...); err != nil {
			return err
		}
		if err := tx.ResourcesChanged(ctx, in.ResourceIDs...); err != nil {
			return err
		}
		return tx.Record(ctx, store.Act{Name: "batchPublish", Kind: "ResourceBatch", ID: batch,
			Change: map[string]any{"title": in.Title, "source": in.SourceDocument, "resources": in.ResourceIDs}})
	})
	return batch, err
}

func checkBatch(in *BatchInput) error {
	wrong := append(statedText(&in.Title, 200, "input.title"), statedText(&in.SourceDocument, 200, "input.sourceDocument")...)
	if n := len(in.ResourceIDs); n < 1 || n > MaxBatch {
		wrong = append(wrong, fault.New(fault.Invalid, "RESOURCES_OUT_OF_RANGE", "A batch has 1 to %d resources.", MaxBatch).
			At("input.resourceIds").With("max", MaxBatch))
	}
	return wrong.OrNil()
}

func resourcesToPublish(ctx context.Context, tx *store.Tx, ids []uuid.UUID) ([]store.StoredResource, error) {
	var resources []store.StoredResource
	var wrong fault.List
	for n, id := range ids {
		field := "input.resourceIds." + strconv.Itoa(n)
		r, err := tx.ResourceByID(ctx, id)
		if err == nil {
			err = publishable(r.Status)
		}
		switch {
		case slices.Contains(ids[:n], id):
			wrong = append(wrong, fault.New(fault.Invalid, "RESOURCE_TWICE", "The same resource is named twice.").At(field))
		case err == nil:
			resources = append(resources, r)
		case !fault.Refused(err):
			return nil, err
		default:
			wrong = append(wrong, fault.All(err)[0].At(field))
		}
	}
	return resources, wrong.OrNil()
}

// ResourceSuspend takes a published resource off; products made from it leave the market in the same transaction.
// Its source unit's PUBLISHER or the implementing agency's APPROVER may.
func (m *Market) ResourceSuspend(ctx context.Context, id uuid.UUID, reason string) error {
	return m.moveResource(ctx, "resourceSuspend", id, authorisation.ResourceSuspended, reason)
}

// ResourceResume puts a suspended resource back; the implementing agency's APPROVER may. Products on it that are ready
// again are listed by their operators.
func (m *Market) ResourceResume(ctx context.Context, id uuid.UUID, reason string) error {
	return m.moveResource(ctx, "resourceResume", id, authorisation.ResourcePublished, reason)
}

func (m *Market) moveResource(ctx context.Context, act string, id uuid.UUID, to authorisation.ResourceStatus, reason string) error {
	v := access.FromContext(ctx)
	if err := v.MustSignIn(); err != nil {
		return err
	}
	if err := checkReason(&reason); err != nil {
		return err
	}
	return m.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		r, err := tx.ResourceByID(ctx, id)
		if err != nil {
			return err
		}
		if err := mayMoveResource(v, r.Resource, to); err != nil {
			return err
		}
		if err := tx.ChangeResource(ctx, r, func(u *db.ResourceUpdate) { u.SetStatus(to) }); err != nil {
			return err
		}
		if err := tx.ResourcesChanged(ctx, id); err != nil {
			return err
		}
		err = tx.Record(ctx, store.Act{Name: act, Kind: "Resource", ID: id, Reason: reason,
			Change: map[string]any{"status": []authorisation.ResourceStatus{r.Status, to}}})
		if err != nil {
			return err
		}
		if _, err := m.scoreResources(ctx, tx, id); err != nil {
			return err
		}
		if to == authorisation.ResourceSuspended {
			if err := tellResourceSuspended(ctx, tx, id, r.Name); err != nil {
				return err
			}
		}
		return m.recheckResource(ctx, tx, id)
	})
}

// DomainInput names the industry authority of a domain and, unless "", its theme code (NDI-TR-2025-06).
type DomainInput struct {
	DomainID, IndustryAuthorityID uuid.UUID
	ThemeCode                     string
}

var themeCode = regexp.MustCompile(`^[A-D][0-9]{4}$`)

// DomainAssign names the industry authority of a domain (行业主管部门); the implementing agency's APPROVER may.
// What waits for the former authority stays with it. Refused with THEME_CODE_INVALID, and with NOT_FOUND for a domain
// or an industry authority that is none.
func (m *Market) DomainAssign(ctx context.Context, in DomainInput) error {
	if err := access.FromContext(ctx).MayAct(access.ImplementingAgency, access.Approver); err != nil {
		return err
	}
	if in.ThemeCode != "" && !themeCode.MatchString(in.ThemeCode) {
		return fault.New(fault.Invalid, "THEME_CODE_INVALID", "A theme code is a letter from A to D and four digits.").At("input.themeCode")
	}
	return m.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		is, err := tx.TakesPart(ctx, in.IndustryAuthorityID, access.IndustryAuthority)
		if err != nil {
			return err
		}
		if !is {
			return fault.Absent("organisation").At("input.industryAuthorityId")
		}
		if err := tx.AssignDomain(ctx, in.DomainID, in.IndustryAuthorityID, in.ThemeCode); err != nil {
			return err
		}
		return tx.Record(ctx, store.Act{Name: "domainAssign", Kind: "Domain", ID: in.DomainID,
			Change: map[string]any{"industryAuthority": in.IndustryAuthorityID, "themeCode": in.ThemeCode}})
	})
}

// checkReason trims a reason and refuses none (REASON_MISSING) or one that is too long (REASON_TOO_LONG).
func checkReason(reason *string) error {
	*reason = strings.TrimSpace(*reason)
	switch {
	case *reason == "":
		return fault.New(fault.Invalid, "REASON_MISSING", "Say why.").At("reason")
	case utf8.RuneCountInString(*reason) > authorisation.MaxReason:
		return fault.New(fault.Invalid, "REASON_TOO_LONG", "A reason has at most %d characters.", authorisation.MaxReason).
			At("reason").With("max", authorisation.MaxReason)
	}
	return nil
}

// statedText trims a text and refuses none or one with too many characters.
func statedText(text *string, most int, field string) fault.List {
	*text = strings.TrimSpace(*text)
	if n := utf8.RuneCountInString(*text); n < 1 || n > most {
		return fault.List{fault.New(fault.Invalid, "TEXT_OUT_OF_RANGE", "This has 1 to %d characters.", most).At(field).With("max", most)}
	}
	return nil
}
