package catalogue

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gongshu/internal/authorisation"
)

// canonical is a resource without what carries no meaning: the order of items and of provision methods.
type canonical struct {
	Domain          string                          `json:"domain"`
	DomainEn        string                          `json:"domainEn"`
	SourceUnit      string                          `json:"sourceUnit"`
	SourceUnitEn    string                          `json:"sourceUnitEn"`
	Name            string                          `json:"name"`
	NameEn          string                          `json:"nameEn"`
	Note            string                          `json:"note"`
	UpdateCycle     string                          `json:"updateCycle"`
	UpdateFrequency authorisation.UpdateFrequency   `json:"updateFrequency"` // "" where none is stated
	Provision       []authorisation.ProvisionMethod `json:"provision"`
	Items           []Item                          `json:"items"`
}

func canonicalOf(r Resource) canonical {
	c := canonical{
		Domain: r.Domain, DomainEn: r.DomainEn, SourceUnit: r.SourceUnit, SourceUnitEn: r.SourceUnitEn,
		Name: r.Name, NameEn: r.NameEn, Note: r.Note, UpdateCycle: r.UpdateCycleText,
		Provision: append([]authorisation.ProvisionMethod{}, r.Provision...),
		Items:     append([]Item{}, r.Items...),
	}
	if r.UpdateFrequency != nil {
		c.UpdateFrequency = *r.UpdateFrequency
	}
	slices.Sort(c.Provision)
	slices.SortFunc(c.Items, func(a, b Item) int { return cmp.Compare(a.Name, b.Name) })
	return c
}

// Canonical returns the resource's content as JSON that is the same for the same content:
// items are sorted by name and provision methods by code, whatever the order of the file.
func (r Resource) Canonical() []byte { return jsonText(canonicalOf(r)) }

// FromCanonical reads what Canonical wrote.
func FromCanonical(text []byte) (Resource, error) {
	var c canonical
	if err := json.Unmarshal(text, &c); err != nil {
		return Resource{}, fmt.Errorf("read a resource's canonical form: %w", err)
	}
	r := Resource{
		Domain: c.Domain, DomainEn: c.DomainEn, SourceUnit: c.SourceUnit, SourceUnitEn: c.SourceUnitEn, Name: c.Name, NameEn: c.NameEn,
		Note: c.Note, UpdateCycleText: c.UpdateCycle, Provision: c.Provision, Items: c.Items,
	}
	if c.UpdateFrequency != "" {
		r.UpdateFrequency = &c.UpdateFrequency
	}
	return r, nil
}

// Fingerprint returns the SHA-256 of the canonical content, as 64 hexadecimal digits.
func (r Resource) Fingerprint() string {
	sum := sha256.Sum256(r.Canonical())
	return hex.EncodeToString(sum[:])
}

func jsonText(v any) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		panic("catalogue: canonical form: " + err.Error()) // texts, flags and lists of them always encode
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// Change is one difference between two states of a resource.
type Change struct {
	// Path names the member: updateCycle, items.亩数, items.亩数.note.
	Path string
	// Before and After are the values as text; an item that came or went is shown as JSON, and "" is its absence.
	Before string
	After  string
}

// Diff returns what changed from old to new; it is empty exactly when their canonical forms are equal.
// The order is fixed: the resource's own members, then its items by name.
// Item names must be distinct in each, as Parse promises.
func Diff(old, new Resource) []Change {
	a, b := canonicalOf(old), canonicalOf(new)
	var changes []Change
	compare := func(path, before, after string) {
		if before != after {
			changes = append(changes, Change{path, before, after})
		}
	}
	compare("domain", a.Domain, b.Domain)
	compare("domainEn", a.DomainEn, b.DomainEn)
	compare("sourceUnit", a.SourceUnit, b.SourceUnit)
	compare("sourceUnitEn", a.SourceUnitEn, b.SourceUnitEn)
	compare("name", a.Name, b.Name)
	compare("nameEn", a.NameEn, b.NameEn)
	compare("note", a.Note, b.Note)
	compare("updateCycle", a.UpdateCycle, b.UpdateCycle)
	compare("updateFrequency", string(a.UpdateFrequency), string(b.UpdateFrequency))
	compare("provision", joined(a.Provision), joined(b.Provision))
	for len(a.Items) > 0 || len(b.Items) > 0 { // both sorted: walk them side by side
		switch {
		case len(b.Items) == 0 || len(a.Items) > 0 && a.Items[0].Name < b.Items[0].Name:
			compare("items."+a.Items[0].Name, string(jsonText(a.Items[0])), "")
			a.Items = a.Items[1:]
		case len(a.Items) == 0 || b.Items[0].Name < a.Items[0].Name:
			compare("items."+b.Items[0].Name, "", string(jsonText(b.Items[0])))
			b.Items = b.Items[1:]
		default:
			x, y, at := a.Items[0], b.Items[0], "items."+a.Items[0].Name
			compare(at+".nameEn", x.NameEn, y.NameEn)
			compare(at+".note", x.Note, y.Note)
			compare(at+".masked", strconv.FormatBool(x.Masked), strconv.FormatBool(y.Masked))
			a.Items, b.Items = a.Items[1:], b.Items[1:]
		}
	}
	return changes
}

func joined(methods []authorisation.ProvisionMethod) string {
	words := make([]string, len(methods))
	for i, m := range methods {
		words[i] = string(m)
	}
	return strings.Join(words, ",")
}

// Report is what an import would do, for its dry run.
type Report struct {
	// Added, Changed and Unchanged together are the resources of the new catalogue, each in its order.
	Added     []Resource
	Changed   []ChangedResource
	Unchanged []Resource
	// Untouched are known resources that the new catalogue does not name: a catalogue comes in batches, so they stay as they are.
	Untouched []Resource
}

// ChangedResource is a known resource that the new catalogue describes differently.
type ChangedResource struct {
	// Resource is the new state.
	Resource Resource
	Changes  []Change
}

// Compare reports how the catalogue differs from the resources known so far, told apart by source unit and name.
// Nothing is ever deleted by it. Keys must be distinct in known.
func Compare(known []Resource, c Catalogue) Report {
	byKey := map[Key]Resource{}
	for _, k := range known {
		byKey[k.Key()] = k
	}
	var report Report
	named := map[Key]bool{}
	for _, r := range c.Resources {
		named[r.Key()] = true
		old, there := byKey[r.Key()]
		if !there {
			report.Added = append(report.Added, r)
			continue
		}
		if changes := Diff(old, r); len(changes) > 0 {
			report.Changed = append(report.Changed, ChangedResource{r, changes})
		} else {
			report.Unchanged = append(report.Unchanged, r)
		}
	}
	for _, k := range known {
		if !named[k.Key()] {
			report.Untouched = append(report.Untouched, k)
		}
	}
	return report
}
