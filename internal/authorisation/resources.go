package authorisation

import (
	"slices"
	"strings"

	"github.com/google/uuid"

	"gongshu/internal/fault"
)

// Resource is a public data resource (公共数据资源) as far as rules look at it.
type Resource struct {
	ID     uuid.UUID
	Name   string
	Status ResourceStatus
	// SourceUnitID and IndustryAuthorityID may be one body.
	SourceUnitID, IndustryAuthorityID uuid.UUID
	// RegisteredBy is the person who registered it for the source unit.
	RegisteredBy uuid.UUID
	// UpdateFrequency is "" while only a text such as 定期 is known, which has no code.
	UpdateFrequency UpdateFrequency
	// FromSharing: the source unit obtained the data by government sharing; then ProviderConsented tells whether
	// the body that provided them agrees to authorised operation (A27 art. 5).
	FromSharing, ProviderConsented bool
	Items                          []Item
}

// OneBody reports whether source unit and industry authority are one organisation; two persons then decide, and it shows.
func (r Resource) OneBody() bool {
	return r.SourceUnitID != uuid.Nil && r.SourceUnitID == r.IndustryAuthorityID
}

// Item is a data item (数据项) of a resource. Its marks are "" until it is classified.
type Item struct {
	ID          uuid.UUID
	Name        string
	Grade       Grade
	Linkage     Linkage
	Sensitivity Sensitivity
	Protections []Protection
	// Withdrawn: its source unit's catalogue no longer names it.
	Withdrawn bool
}

// Classified reports whether grade, person-linkage and sensitivity are all marked (GB/T 43697, CITY 9.2).
func (i Item) Classified() bool { return known(i.Grade) && known(i.Linkage) && known(i.Sensitivity) }

// missingProtections returns the protections still to be taken before the item is granted. For a LINKED item
// either of the two returned will do. HIGH needs masked and anonymised and encrypted (CITY 9.2), LINKED needs
// anonymised or the persons' consent (S18).
func (i Item) missingProtections() []Protection {
	var missing []Protection
	switch i.Linkage {
	case LinkageHigh:
		for _, p := range []Protection{ProtectionMasked, ProtectionAnonymised, ProtectionEncrypted} {
			if !slices.Contains(i.Protections, p) {
				missing = append(missing, p)
			}
		}
	case LinkageLinked:
		either := []Protection{ProtectionAnonymised, ProtectionConsent}
		if !slices.ContainsFunc(either, func(p Protection) bool { return slices.Contains(i.Protections, p) }) {
			missing = either
		}
	}
	return missing
}

// Classify decides whether the source unit may mark these items of its resource now. Refused with RESOURCE_REGISTERED or
// RESOURCE_APPROVED (param items: their names) when one was marked already and the resource is no draft: what its industry
// authority decides on, or approved, stays as it is. An item that the catalogue added since may still be marked; the authority
// decides on it with the first grant that names it. What is withdrawn is MOVE_NOT_ALLOWED.
func Classify(resource Resource, items []Item) error {
	switch resource.Status {
	case ResourceDraft:
		return nil
	case ResourceWithdrawn:
		return Move(resource.Status, ResourceRegistered)
	}
	var names []string
	for _, item := range items {
		if item.Classified() {
			names = append(names, item.Name)
		}
	}
	if len(names) == 0 {
		return nil
	}
	if resource.Status == ResourceRegistered {
		return fault.New(fault.Conflict, "RESOURCE_REGISTERED",
			"The industry authority is deciding on these data items as they are: %s.", strings.Join(names, ", ")).With("items", names)
	}
	return fault.New(fault.Conflict, "RESOURCE_APPROVED",
		"The industry authority approved these data items as they are: %s.", strings.Join(names, ", ")).With("items", names)
}

// Register decides whether the source unit may register a draft resource; items that left the catalogue do not count.
// Refused with RESOURCE_WITHOUT_ITEMS, or with RESOURCE_NOT_CLASSIFIED naming every item that is not classified
// (param items: their names), and with MOVE_NOT_ALLOWED when it is no draft.
func Register(resource Resource) (ResourceStatus, error) {
	if err := Move(resource.Status, ResourceRegistered); err != nil {
		return "", err
	}
	items := slices.DeleteFunc(slices.Clone(resource.Items), func(i Item) bool { return i.Withdrawn })
	if len(items) == 0 {
		return "", fault.New(fault.Conflict, "RESOURCE_WITHOUT_ITEMS", "A resource has at least one data item.")
	}
	var names []string
	for _, item := range items {
		if !item.Classified() {
			names = append(names, item.Name)
		}
	}
	if len(names) > 0 {
		return "", fault.New(fault.Conflict, "RESOURCE_NOT_CLASSIFIED",
			"These data items are not classified yet: %s.", strings.Join(names, ", ")).With("items", names)
	}
	return ResourceRegistered, nil
}

// ApproveResource decides whether a person may approve a registered resource for its industry authority.
// Refused with SAME_PERSON to the person who registered it. The two could be one where source unit and industry
// authority are one body, or where a person belongs to both; neither is allowed.
func ApproveResource(resource Resource, approver uuid.UUID) (ResourceStatus, error) {
	if err := Move(resource.Status, ResourceApproved); err != nil {
		return "", err
	}
	if approver == resource.RegisteredBy {
		return "", samePerson()
	}
	return ResourceApproved, nil
}

func samePerson() *fault.Error {
	return fault.New(fault.Forbidden, "SAME_PERSON", "This must be decided by another person.")
}

// Grantable returns everything that keeps an item of the resource from being granted, in this order:
// RESOURCE_NOT_PUBLISHED, PROVIDER_CONSENT_MISSING (A27 art. 5), then ITEM_WITHDRAWN, ITEM_NOT_CLASSIFIED or
// ITEM_CORE_NEVER_GRANTED, and ITEM_PROTECTION_MISSING (CITY 9.2, S18) with param missing; where a LINKED item lacks
// protection either of the two will do.
// Each names the resource or the item in its params.
func Grantable(resource Resource, item Item) fault.List {
	return append(grantableResource(resource), grantableItem(item)...)
}

func grantableResource(resource Resource) fault.List {
	var wrong fault.List
	if resource.Status != ResourcePublished {
		wrong = append(wrong, fault.New(fault.Conflict, "RESOURCE_NOT_PUBLISHED",
			"The resource %s is not published.", resource.Name).With("resource", resource.Name))
	}
	if resource.FromSharing && !resource.ProviderConsented {
		wrong = append(wrong, fault.New(fault.Conflict, "PROVIDER_CONSENT_MISSING",
			"The body that shared the data of %s has not agreed to its authorised operation.", resource.Name).With("resource", resource.Name))
	}
	return wrong
}

func grantableItem(item Item) fault.List {
	if item.Withdrawn {
		return fault.List{fault.New(fault.Conflict, "ITEM_WITHDRAWN",
			"The data item %s is no longer in the catalogue of its source unit.", item.Name).With("item", item.Name)}
	}
	if !item.Classified() {
		return fault.List{fault.New(fault.Conflict, "ITEM_NOT_CLASSIFIED",
			"The data item %s is not classified.", item.Name).With("item", item.Name)}
	}
	if item.Grade == GradeCore {
		return fault.List{fault.New(fault.Conflict, "ITEM_CORE_NEVER_GRANTED",
			"The data item %s is core data and is never granted.", item.Name).With("item", item.Name)}
	}
	missing := item.missingProtections()
	if len(missing) == 0 {
		return nil
	}
	names := make([]string, len(missing))
	for i, p := range missing {
		names[i] = string(p)
	}
	conjunction := " and "
	if item.Linkage == LinkageLinked {
		conjunction = " or "
	}
	return fault.List{fault.New(fault.Conflict, "ITEM_PROTECTION_MISSING",
		"The data item %s is linked to persons and must first be %s.", item.Name, strings.Join(names, conjunction)).
		With("item", item.Name).With("missing", names)}
}
