package harvest

import (
	"net/url"
	"strconv"
	"strings"

	"gongshu/internal/authorisation"
	"gongshu/internal/publicid"
	"gongshu/internal/rdf"
)

// The vocabularies of DCAT-AP.
const (
	xsd       = "http://www.w3.org/2001/XMLSchema#"
	authority = "http://publications.europa.eu/resource/authority/"
	mediaType = "http://www.iana.org/assignments/media-types/"
	conforms  = "http://data.europa.eu/r5r/"
)

var prefixes = []rdf.Prefix{
	{Short: "adms", Long: "http://www.w3.org/ns/adms#"}, {Short: "dcat", Long: "http://www.w3.org/ns/dcat#"},
	{Short: "dct", Long: "http://purl.org/dc/terms/"}, {Short: "foaf", Long: "http://xmlns.com/foaf/0.1/"},
	{Short: "hydra", Long: "http://www.w3.org/ns/hydra/core#"}, {Short: "locn", Long: "http://www.w3.org/ns/locn#"},
	{Short: "rdfs", Long: "http://www.w3.org/2000/01/rdf-schema#"}, {Short: "skos", Long: "http://www.w3.org/2004/02/skos/core#"},
	{Short: "xsd", Long: xsd},
}

// frequencies are the EU's for ours, in its lists.
var frequencies = map[authorisation.UpdateFrequency]string{
	authorisation.RealTime: "frequency/UPDATE_CONT", authorisation.Daily: "frequency/DAILY", authorisation.Weekly: "frequency/WEEKLY",
	authorisation.Monthly: "frequency/MONTHLY", authorisation.Quarterly: "frequency/QUARTERLY", authorisation.SemiAnnual: "frequency/ANNUAL_2",
	authorisation.Annual: "frequency/ANNUAL", authorisation.Irregular: "frequency/IRREG", authorisation.Historical: "frequency/NEVER",
}

// euThemes are the EU's data themes that mean what a theme of NDI-TR-2025-06 means. 信用 is none of them: it is about persons and firms as
// debtors and as citizens, and neither finance nor government alone.
var euThemes = map[string]struct{ code, label string }{
	"B0100": {"AGRI", "Agriculture, fisheries, forestry and food"},
	"B0300": {"TRAN", "Transport"},
	"C0200": {"HEAL", "Health"},
	"C0300": {"SOCI", "Population and society"},
}

// DCAT writes a page of the catalogue in the profile DCAT-AP 3.0.1, and as a page of a collection of Hydra. Pages can be put together:
// what two of them say of the same thing is the same.
func (s Site) DCAT(c Catalogue, pages Pages) *rdf.Graph {
	w := dcat{site: s, Graph: rdf.New(prefixes...), of: c}
	w.catalogue()
	for _, p := range c.Products {
		w.product(p)
	}
	w.paging(pages)
	return w.Graph
}

type dcat struct {
	site Site
	*rdf.Graph
	of Catalogue
}

// its names something that has no address of its own, by its part of the catalogue.
func (w dcat) its(part string) string { return string(w.site) + "/catalog#" + url.PathEscape(part) }

// texts are a text in the languages that it is there in.
func texts(zh, en string) (out []rdf.Term) {
	if zh != "" {
		out = append(out, rdf.Text(zh, "zh"))
	}
	if en != "" {
		out = append(out, rdf.Text(en, "en"))
	}
	return out
}

func (w dcat) catalogue() {
	it := w.its("catalogue")
	w.Add(it, rdf.Type, w.Name("dcat:Catalog"))
	w.Add(it, "dct:title", texts("公数数据产品目录", "Gongshu catalogue of data products")...)
	w.Add(it, "dct:description", texts("授权运营的公共数据产品：每个在售产品的说明、数据字典、用途、许可与调用方式。",
		"Products made of authorised public data: of each product on the market what it is, its dictionary, the purposes it is for, its licence and how it is called.")...)
	w.Add(it, "dct:publisher", w.agent(w.of.Publisher))
	w.Add(it, "dct:language", w.language("ZHO"), w.language("ENG"))
	w.Add(it, "dct:license", w.licence())
	w.Add(it, "dct:conformsTo", w.standard(conforms, "DCAT-AP 3.0.1", "DCAT-AP 3.0.1"))
	home := string(w.site) + "/"
	w.Add(home, rdf.Type, w.Name("foaf:Document"))
	w.Add(it, "foaf:homepage", rdf.IRI(home))
	w.Add(it, "dcat:themeTaxonomy", w.scheme(w.its("domains"), "公共数据领域", "Domains of public data"), w.scheme(authority+"data-theme", "", "Data theme"))
}

func (w dcat) scheme(it, zh, en string) rdf.Term {
	w.Add(it, rdf.Type, w.Name("skos:ConceptScheme"))
	w.Add(it, "dct:title", texts(zh, en)...)
	return rdf.IRI(it)
}

func (w dcat) agent(a Agent) rdf.Term {
	it := w.its(publicid.Encode("org", a.ID))
	w.Add(it, rdf.Type, w.Name("foaf:Agent"))
	w.Add(it, "foaf:name", texts(a.Name, a.NameEn)...)
	return rdf.IRI(it)
}

// coded is a value of one of the EU's lists, as frequency/DAILY; as what says how DCAT uses it.
func (w dcat) coded(value, as string) rdf.Term {
	list, _, _ := strings.Cut(value, "/")
	it := authority + value
	w.Add(it, rdf.Type, w.Name(as))
	w.Add(it, "skos:inScheme", rdf.IRI(authority+list))
	return rdf.IRI(it)
}

func (w dcat) language(code string) rdf.Term {
	return w.coded("language/"+code, "dct:LinguisticSystem")
}

func (w dcat) media(of string) rdf.Term {
	w.Add(mediaType+of, rdf.Type, w.Name("dct:MediaType"))
	return rdf.IRI(mediaType + of)
}

// resource says of an address what everything is: the shapes ask for it.
func (w dcat) resource(it string) rdf.Term {
	w.Add(it, rdf.Type, w.Name("rdfs:Resource"))
	return rdf.IRI(it)
}

func (w dcat) standard(it, zh, en string) rdf.Term {
	w.Add(it, rdf.Type, w.Name("dct:Standard"))
	w.Add(it, "dct:title", texts(zh, en)...)
	return rdf.IRI(it)
}

func (w dcat) licence() rdf.Term {
	it := w.its("licence-" + w.of.Licence.Version)
	w.Add(it, rdf.Type, w.Name("dct:LicenseDocument"))
	w.Add(it, "dct:title", texts(licenceTitle(w.of.Licence))...)
	w.Add(it, "dct:description", texts(w.of.Licence.Text, w.of.Licence.TextEn)...)
	return rdf.IRI(it)
}

// rights says for which purposes a product may be used.
func (w dcat) rights(p Product) rdf.Term {
	name := []string{"purposes"}
	for _, one := range p.Purposes {
		name = append(name, strings.ToLower(string(one)))
	}
	it := w.its(strings.Join(name, "-"))
	w.Add(it, rdf.Type, w.Name("dct:RightsStatement"))
	w.Add(it, "rdfs:label", texts(p.uses())...)
	return rdf.IRI(it)
}

// themes are the product's domain and, where one means the same, a theme of the EU.
func (w dcat) themes(d Domain) []rdf.Term {
	it := w.its(publicid.Encode("dom", d.ID))
	w.Add(it, rdf.Type, w.Name("skos:Concept"))
	w.Add(it, "skos:prefLabel", texts(d.Name, d.NameEn)...)
	w.Add(it, "skos:inScheme", rdf.IRI(w.its("domains")))
	themes := []rdf.Term{rdf.IRI(it)}
	if d.Theme != "" {
		w.Add(it, "skos:notation", rdf.Plain(d.Theme))
	}
	if eu, ok := euThemes[d.Theme]; ok {
		theme := w.coded("data-theme/"+eu.code, "skos:Concept")
		w.Add(authority+"data-theme/"+eu.code, "skos:prefLabel", rdf.Text(eu.label, "en"))
		w.Add(it, "skos:broadMatch", theme)
		themes = append(themes, theme)
	}
	return themes
}

// place is Mianyang, by its code in GB/T 2260.
func (w dcat) place() rdf.Term {
	it := w.its("region-" + authorisation.RegionMianyang)
	w.Add(it, rdf.Type, w.Name("dct:Location"))
	w.Add(it, "locn:geographicName", texts("绵阳市", "Mianyang")...)
	w.Add(it, "dct:identifier", rdf.Plain("GB/T 2260: "+authorisation.RegionMianyang+"00"))
	return rdf.IRI(it)
}

func (w dcat) product(p Product) {
	it := w.site.Page(p) + "#dataset"
	w.Add(w.its("catalogue"), "dcat:dataset", rdf.IRI(it))
	w.Add(it, rdf.Type, w.Name("dcat:Dataset"))
	w.Add(it, "dct:title", texts(p.Name, p.NameEn)...)
	w.Add(it, "dct:description", texts(p.Described())...)
	w.Add(it, "dct:identifier", rdf.Plain(p.Identifier))
	w.Add(it, "dct:publisher", w.agent(p.Operator))
	for _, unit := range p.Sources() {
		w.Add(it, "dct:creator", w.agent(unit))
	}
	w.Add(it, "dcat:theme", w.themes(p.Domain)...)
	zh, en := p.keywords()
	for _, word := range zh {
		w.Add(it, "dcat:keyword", rdf.Text(word, "zh"))
	}
	for _, word := range en {
		w.Add(it, "dcat:keyword", rdf.Text(word, "en"))
	}
	w.Add(it, "dct:language", w.language("ZHO"))
	if p.isLocal() {
		w.Add(it, "dct:spatial", w.place())
	}
	if p.UpdateFrequency != nil {
		if code, ok := frequencies[*p.UpdateFrequency]; ok {
			w.Add(it, "dct:accrualPeriodicity", w.coded(code, "dct:Frequency"))
		}
	}
	w.Add(it, "dct:accessRights", w.coded("access-right/RESTRICTED", "dct:RightsStatement"))
	if !p.Issued.IsZero() {
		w.Add(it, "dct:issued", rdf.Typed(moment(p.Issued), xsd+"dateTime"))
	}
	if !p.Modified.IsZero() {
		w.Add(it, "dct:modified", rdf.Typed(moment(p.Modified), xsd+"dateTime"))
	}
	w.Add(it, "dct:conformsTo", w.dictionary(p))
	w.Add(w.site.Page(p), rdf.Type, w.Name("foaf:Document"))
	w.Add(it, "dcat:landingPage", rdf.IRI(w.site.Page(p)))
	if p.Synthetic {
		note := w.its("synthetic")
		w.Add(note, rdf.Type, w.Name("dct:ProvenanceStatement"))
		w.Add(note, "rdfs:label", texts("本数据为演示而合成，不是真实数据。", "This data is synthetic: it was made up for demonstration.")...)
		w.Add(it, "dct:provenance", rdf.IRI(note))
	}
	w.distributions(p, it)
}

// dictionary is the standard that the product's data conforms to: its own table schema.
func (w dcat) dictionary(p Product) rdf.Term {
	en := ""
	if p.NameEn != "" {
		en = "Data dictionary of " + p.NameEn
	}
	return w.standard(w.site.DataPackageAddress(p)+"#/resources/0/schema", p.Name+"的数据字典", en)
}

func (w dcat) distributions(p Product, of string) {
	service := w.service(p, of)
	it := w.site.Page(p) + "#data"
	w.Add(of, "dcat:distribution", rdf.IRI(it))
	w.Add(it, rdf.Type, w.Name("dcat:Distribution"))
	if p.Delivery == authorisation.DeliveryAPI {
		w.Add(it, "dct:title", texts("数据调用", "Data calls")...)
		w.Add(it, "dct:description", texts("凭凭证逐页调用。", "Called page by page, with a credential.")...)
		w.Add(it, "dcat:accessURL", rdf.IRI(w.site.calls(p)+"/rows"))
		w.format(it, "application/json", "JSON")
	} else {
		w.Add(it, "dct:title", texts("数据文件", "Data file")...)
		w.Add(it, "dct:description", texts("取得使用权后下载。", "Downloaded by who holds a right to it.")...)
		w.Add(it, "dcat:accessURL", rdf.IRI(w.site.Page(p)))
		w.format(it, "text/csv", "CSV")
		if p.Dataset != nil {
			w.Add(it, "dcat:byteSize", rdf.Typed(strconv.FormatInt(p.Dataset.Bytes, 10), xsd+"nonNegativeInteger"))
		}
	}
	w.Add(it, "dcat:accessService", service)
	w.Add(it, "dct:license", w.licence())
	w.Add(it, "dct:rights", w.rights(p))
	w.Add(it, "dct:conformsTo", w.dictionary(p))
	if p.Dataset != nil {
		w.Add(it, "dct:modified", rdf.Typed(moment(p.Dataset.ServedSince), xsd+"dateTime"))
	}
	if p.Delivery != authorisation.DeliveryAPI {
		return
	}
	sample := w.site.Page(p) + "#sample"
	w.Add(of, "adms:sample", rdf.IRI(sample))
	w.Add(sample, rdf.Type, w.Name("dcat:Distribution"))
	w.Add(sample, "dct:title", texts("脱敏样例", "Masked sample")...)
	w.Add(sample, "dcat:accessURL", rdf.IRI(w.site.calls(p)+"/sample"))
	w.Add(sample, "dcat:accessService", service)
	w.format(sample, "application/json", "JSON")
	w.Add(sample, "dct:conformsTo", w.dictionary(p))
}

func (w dcat) format(of, media, fileType string) {
	w.Add(of, "dcat:mediaType", w.media(media))
	w.Add(of, "dct:format", w.coded("file-type/"+fileType, "dct:MediaTypeOrExtent"))
}

func (w dcat) service(p Product, serves string) rdf.Term {
	it := w.site.Page(p) + "#service"
	w.Add(w.its("catalogue"), "dcat:service", rdf.IRI(it))
	w.Add(it, rdf.Type, w.Name("dcat:DataService"))
	en := ""
	if p.NameEn != "" {
		en = "Data calls of " + p.NameEn
	}
	w.Add(it, "dct:title", texts(p.Name+"的数据调用", en)...)
	w.Add(it, "dcat:endpointURL", w.resource(w.site.calls(p)))
	w.Add(it, "dcat:endpointDescription", w.resource(w.site.OpenAPIAddress(p)))
	w.Add(it, "dcat:servesDataset", rdf.IRI(serves))
	w.Add(it, "dct:publisher", w.agent(w.of.Publisher))
	w.Add(it, "dct:license", w.licence())
	w.Add(it, "dct:accessRights", w.coded("access-right/RESTRICTED", "dct:RightsStatement"))
	return rdf.IRI(it)
}

// Pages are the addresses of this page, the first and the next, below the site: /catalog.ttl?after=…. Next is "" on the last one.
type Pages struct{ Self, First, Next string }

// paging says which page this is and which is next. PagedCollection and nextPage are what older harvesters look for.
func (w dcat) paging(pages Pages) {
	address := func(path string) rdf.Term { return rdf.IRI(string(w.site) + path) }
	it := string(w.site) + pages.Self
	w.Add(it, rdf.Type, w.Name("hydra:PartialCollectionView"), w.Name("hydra:PagedCollection"))
	w.Add(it, "hydra:first", address(pages.First))
	w.Add(it, "hydra:firstPage", address(pages.First))
	if pages.Next != "" {
		w.Add(it, "hydra:next", address(pages.Next))
		w.Add(it, "hydra:nextPage", address(pages.Next))
	}
	catalogue := w.its("catalogue")
	w.Add(catalogue, rdf.Type, w.Name("hydra:Collection"))
	w.Add(catalogue, "hydra:view", rdf.IRI(it))
	for _, p := range w.of.Products {
		w.Add(catalogue, "hydra:member", rdf.IRI(w.site.Page(p)+"#dataset"))
	}
}
