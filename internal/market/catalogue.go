package market

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"gongshu/internal/access"
	"gongshu/internal/catalogue"
	"gongshu/internal/fault"
	"gongshu/internal/spreadsheet"
	"gongshu/internal/store"
	"gongshu/internal/tabular"
)

// CatalogueReport is what an import did, or would do.
type CatalogueReport struct {
	Added, Changed, Unchanged int
	// NewOrganisations, NewDomains and NewResources are the names that nobody knew yet, each in the order of the file: where
	// one was misspelt, it stands here. Of resources there are as many as Added.
	NewOrganisations, NewDomains, NewResources []string
	// Changes are those of the changed resources, in the order of the file.
	Changes []CatalogueChange
}

// CatalogueChange is one difference between what was said of a resource and what is said now.
type CatalogueChange struct {
	// Resource is named by its source unit and itself: 市交通局/公交线路.
	Resource string
	catalogue.Change
}

// CatalogueImport loads a catalogue of resources (CITY annex 1), in JSON, CSV or XLSX, all or nothing: new ones as drafts,
// unclassified and not grantable; a changed one gets its next version, and products on what was withdrawn from it leave the market.
// The same file again changes nothing, and with dryRun nothing is changed at all. Persons of the implementing agency with
// the role PUBLISHER or APPROVER may, and of the platform with ADMINISTRATOR or APPROVER.
//
// Refused with everything that catalogue.Parse finds, and in a table spreadsheet.Read and catalogue.FromTable; with
// AGENCY_MISMATCH when the file names as agency a verified organisation that is none; with RESOURCE_DOMAIN_FIXED when a
// resource changes its domain, for its industry authority approved it; each by its place in the file: a path in JSON,
// a cell in a table (D5).
func (m *Market) CatalogueImport(ctx context.Context, raw []byte, dryRun bool) (CatalogueReport, error) {
	if err := keepsCatalogue(access.FromContext(ctx)); err != nil {
		return CatalogueReport{}, err
	}
	return m.importCatalogue(ctx, raw, dryRun, "catalogueImport")
}

// keepsCatalogue refuses everybody but persons of the implementing agency with the role PUBLISHER or APPROVER, and of the
// platform with ADMINISTRATOR or APPROVER.
func keepsCatalogue(v access.Viewer) error {
	if v.Is(access.Platform) {
		return v.MayAct(access.Platform, access.Administrator, access.Approver)
	}
	return v.MayAct(access.ImplementingAgency, access.Publisher, access.Approver)
}

// ImportCatalogue is CatalogueImport for the command gongshu import: nobody acts, and the audit names the command.
func (m *Market) ImportCatalogue(ctx context.Context, raw []byte, dryRun bool) (CatalogueReport, error) {
	return m.importCatalogue(access.With(ctx, access.Viewer{}), raw, dryRun, "gongshu import")
}

func (m *Market) importCatalogue(ctx context.Context, raw []byte, dryRun bool, act string) (report CatalogueReport, err error) {
	file, places, err := readCatalogue(ctx, raw)
	if err != nil {
		return CatalogueReport{}, err
	}
	err = m.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		if err := tx.Alone(ctx, "catalogue import"); err != nil {
			return err
		}
		i := importing{m: m, tx: tx, file: file}
		if err := i.look(ctx); err != nil {
			return err
		}
		report = i.report()
		if dryRun || i.nothingNew() {
			return nil
		}
		if err := i.save(ctx); err != nil {
			return err
		}
		sum := sha256.Sum256(raw)
		return tx.Record(ctx, store.Act{Name: act, Kind: "Catalogue", Change: map[string]any{
			"source": file.Source, "sha256": hex.EncodeToString(sum[:]),
			"added": report.Added, "changed": report.Changed, "unchanged": report.Unchanged,
		}})
	})
	return report, places.Locate(err)
}

// readCatalogue reads a catalogue in JSON, or as a table in CSV or XLSX; which of them it is, its content says.
// Places say where in a table a fault of the catalogue is.
func readCatalogue(ctx context.Context, raw []byte) (catalogue.Catalogue, catalogue.Places, error) {
	if isJSON(raw) {
		c, err := catalogue.Parse(raw)
		return c, nil, err
	}
	table, wrong, err := readTable(ctx, raw, catalogue.Columns)
	if err != nil {
		return catalogue.Catalogue{}, nil, err
	}
	return catalogue.FromTable(table, wrong)
}

// isJSON reports whether a file is to be read as JSON, and not as a table; so is an empty one.
func isJSON(raw []byte) bool {
	begin := bytes.TrimLeft(bytes.TrimPrefix(raw, []byte("\ufeff")), " \t\r\n")
	return len(begin) == 0 || begin[0] == '{' || begin[0] == '['
}

// readTable reads a table in CSV or XLSX. What is wrong with the file goes to the rules that read on; err is nobody's mistake
// in it, as when ctx ends meanwhile.
func readTable(ctx context.Context, raw []byte, columns []tabular.Column) (table tabular.Table, wrong fault.List, err error) {
	table, err = spreadsheet.Read(ctx, raw, columns)
	if wrong = fault.All(err); len(wrong) > 0 {
		err = nil
	}
	return table, wrong, err
}

// importing is one import: first it looks, then it saves.
type importing struct {
	m    *Market
	tx   *store.Tx
	file catalogue.Catalogue

	agency body
	units  map[string]body // by name
	known  map[catalogue.Key]store.KnownResource
	diff   catalogue.Report
	// newDomains are named by the file and not known.
	newDomains []string
}

// body is an organisation that the file names: no id, none is recorded; without its capacity, it gets it.
type body struct {
	id        uuid.UUID
	takesPart bool
}

func (i *importing) look(ctx context.Context) error {
	id, verified, takesPart, err := i.tx.NamedOrganisation(ctx, i.file.Agency.Name, access.ImplementingAgency)
	if err != nil {
		return err
	}
	if verified && !takesPart {
		return fault.New(fault.Conflict, "AGENCY_MISMATCH", "This organisation takes part, but not as the implementing agency.").At("implementingAgency.name")
	}
	i.agency = body{id, takesPart}
	i.units = map[string]body{}
	var ids []uuid.UUID
	for _, unit := range i.file.Units() {
		id, _, takesPart, err := i.tx.NamedOrganisation(ctx, unit.Name, access.SourceUnit)
		if err != nil {
			return err
		}
		i.units[unit.Name] = body{id, takesPart}
		ids = append(ids, id)
	}
	if i.known, err = i.tx.KnownResources(ctx, ids); err != nil {
		return err
	}
	var known []catalogue.Resource
	for _, k := range i.known {
		known = append(known, k.Said)
	}
	i.diff = catalogue.Compare(known, i.file)
	if i.newDomains, err = i.tx.UnknownDomains(ctx, i.file.Domains()); err != nil {
		return err
	}
	return i.refuseMoves()
}

// refuseMoves refuses resources that change their domain.
func (i *importing) refuseMoves() error {
	var wrong fault.List
	for n, r := range i.file.Resources {
		if k, known := i.known[r.Key()]; known && k.Said.Domain != r.Domain {
			wrong = append(wrong, fault.New(fault.Conflict, "RESOURCE_DOMAIN_FIXED",
				"This resource is known in the domain %s, whose industry authority decides on it.", k.Said.Domain).
				At(fmt.Sprintf("resources.%d.domain", n)).With("domain", k.Said.Domain))
		}
	}
	return wrong.OrNil()
}

func (i *importing) report() CatalogueReport {
	r := CatalogueReport{Added: len(i.diff.Added), Changed: len(i.diff.Changed), Unchanged: len(i.diff.Unchanged)}
	if i.nothingNew() {
		return r
	}
	if i.agency.id == uuid.Nil {
		r.NewOrganisations = append(r.NewOrganisations, i.file.Agency.Name)
	}
	for _, unit := range i.file.Units() {
		if i.units[unit.Name].id == uuid.Nil {
			r.NewOrganisations = append(r.NewOrganisations, unit.Name)
		}
	}
	r.NewDomains = i.newDomains
	for _, added := range i.diff.Added {
		r.NewResources = append(r.NewResources, added.SourceUnit+"/"+added.Name)
	}
	for _, changed := range i.diff.Changed {
		for _, c := range changed.Changes {
			r.Changes = append(r.Changes, CatalogueChange{changed.Resource.SourceUnit + "/" + changed.Resource.Name, c})
		}
	}
	return r
}

func (i *importing) nothingNew() bool { return len(i.diff.Added)+len(i.diff.Changed) == 0 }

func (i *importing) save(ctx context.Context) error {
	if err := i.saveBody(ctx, &i.agency, access.ImplementingAgency, i.file.Agency.Name, i.file.Agency.NameEn); err != nil {
		return err
	}
	for _, unit := range i.file.Units() {
		b := i.units[unit.Name]
		if err := i.saveBody(ctx, &b, access.SourceUnit, unit.Name, unit.NameEn); err != nil {
			return err
		}
		i.units[unit.Name] = b
	}
	var said []uuid.UUID // of which the catalogue says something new
	domains := map[string]uuid.UUID{}
	for _, d := range i.file.Domains() {
		id, err := i.tx.DomainNamed(ctx, d)
		if err != nil {
			return err
		}
		domains[d.Name] = id
	}
	for _, r := range i.diff.Added {
		id, err := i.tx.AddResource(ctx, i.units[r.SourceUnit].id, domains[r.Domain], r, i.file.Source)
		if err != nil {
			return err
		}
		said = append(said, id)
	}
	for _, changed := range i.diff.Changed {
		if err := i.saveChanged(ctx, changed); err != nil {
			return err
		}
		said = append(said, i.known[changed.Resource.Key()].ID)
	}
	for page := range slices.Chunk(said, sweepBatch) {
		if _, err := i.m.scoreResources(ctx, i.tx, page...); err != nil {
			return err
		}
	}
	return nil
}

func (i *importing) saveBody(ctx context.Context, b *body, as access.Party, name, nameEn string) (err error) {
	if b.id == uuid.Nil {
		if b.id, err = i.tx.RecordOrganisation(ctx, name, nameEn); err != nil {
			return err
		}
	}
	if !b.takesPart {
		b.takesPart = true
		if err := i.tx.AddParty(ctx, b.id, as); err != nil {
			return err
		}
	}
	return i.tx.RenameRecorded(ctx, b.id, nameEn)
}

func (i *importing) saveChanged(ctx context.Context, changed catalogue.ChangedResource) error {
	known := i.known[changed.Resource.Key()]
	if err := i.tx.ReviseResource(ctx, known, changed.Resource, i.file.Source); err != nil {
		return err
	}
	if err := i.tx.ResourcesChanged(ctx, known.ID); err != nil {
		return err
	}
	changes := map[string]any{}
	for _, c := range changed.Changes {
		changes[c.Path] = []string{c.Before, c.After}
	}
	err := i.tx.Record(ctx, store.Act{Name: "resourceRevise", Kind: "Resource", ID: known.ID, Reason: i.file.Source,
		Change: map[string]any{"contentNumber": known.Number + 1, "changes": changes}})
	if err != nil {
		return err
	}
	return i.m.recheckResource(ctx, i.tx, known.ID)
}
