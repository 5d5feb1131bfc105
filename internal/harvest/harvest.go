// Package harvest owns what other systems are told of the products on the market, in the forms that they read: DCAT-AP 3 for
// catalogues, schema.org for search engines, a sitemap, an Atom feed, and for each product an OpenAPI description of its data calls and
// a Frictionless data package.
//
// Which products there are and who may see them is the caller's: whatever is given here is said in public. It promises that every form
// says the same of a product, that addresses are below the site's own, and that the same product is the same bytes.
package harvest

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"gongshu/internal/authorisation"
	"gongshu/internal/dictionary"
	"gongshu/internal/publicid"
	"gongshu/internal/purpose"
)

// Site is the address that people use, without a slash at its end: https://data.example.cn.
type Site string

// Agent is an organisation that is public.
type Agent struct {
	ID           uuid.UUID
	Name, NameEn string
}

// Named is a name in both languages; the English one may be absent.
type Named struct{ Name, NameEn string }

// Domain is the field of public life of a product.
type Domain struct {
	ID uuid.UUID
	Named
	// Theme is the code of NDI-TR-2025-06, "" where it is not known.
	Theme string
}

// Resource is a public data resource that a product is made from.
type Resource struct {
	ID uuid.UUID
	Named
	Source Agent
}

// Dataset is the data that a product serves now.
type Dataset struct {
	Number      int
	Rows, Bytes int64
	ServedSince time.Time
}

// Product is a product on the market, as the public sees it.
type Product struct {
	ID                                       uuid.UUID
	Name, NameEn, Description, DescriptionEn string
	// Identifier is that of NDI-04.
	Identifier string
	Operator   Agent
	Domain     Domain
	Resources  []Resource
	// Items are the data items that it is made from.
	Items           []Named
	Delivery        authorisation.Delivery
	UpdateFrequency *authorisation.UpdateFrequency
	Columns         []dictionary.Column
	// Sample are its masked sample rows, in the order of the columns.
	Sample [][]string
	// Purposes are those that its items are granted for.
	Purposes  []purpose.Purpose
	Aggregate bool
	Synthetic bool
	// Issued is when it first came on the market, Modified when it last came or its data last changed.
	Issued, Modified time.Time
	// Dataset is nil before there is one.
	Dataset *Dataset
}

// Licence is what whoever uses a product accepts.
type Licence struct{ Version, Text, TextEn string }

// Catalogue is a page of the products on the market, with what is said of all of them.
type Catalogue struct {
	// Publisher runs the platform.
	Publisher Agent
	Licence   Licence
	Products  []Product
	// Next is what the next page is after, "" on the last one.
	Next string
}

// PublicID is the product's id outside: prd_….
func (p Product) PublicID() string { return publicid.Encode("prd", p.ID) }

// Page is the address of the product's page.
func (s Site) Page(p Product) string { return string(s) + "/products/" + p.PublicID() }

// OpenAPIAddress is where the description of the product's data calls is.
func (s Site) OpenAPIAddress(p Product) string { return s.Page(p) + "/openapi.json" }

// DataPackageAddress is where the product's data package is.
func (s Site) DataPackageAddress(p Product) string { return s.Page(p) + "/datapackage.json" }

// calls is the address below which the product's data is called.
func (s Site) calls(p Product) string { return string(s) + callsPath(p) }

func callsPath(p Product) string { return "/data/v1/products/" + p.PublicID() }

// Sources are the source units of the product's resources, each once.
func (p Product) Sources() (units []Agent) {
	for _, r := range p.Resources {
		if r.Source.Name != "" && !slices.Contains(units, r.Source) {
			units = append(units, r.Source)
		}
	}
	return units
}

// Described is what the product says of itself, and its name where it says nothing.
func (p Product) Described() (zh, en string) {
	zh, en = p.Description, p.DescriptionEn
	if strings.TrimSpace(zh) == "" {
		zh = p.Name
	}
	if strings.TrimSpace(en) == "" {
		en = p.NameEn
	}
	return zh, en
}

// keywords are the names of its items, each once.
func (p Product) keywords() (zh, en []string) {
	for _, item := range p.Items {
		if item.Name != "" && !slices.Contains(zh, item.Name) {
			zh = append(zh, item.Name)
		}
		if item.NameEn != "" && !slices.Contains(en, item.NameEn) {
			en = append(en, item.NameEn)
		}
	}
	return zh, en
}

// isLocal reports whether its identifier says that it is of Mianyang.
func (p Product) isLocal() bool {
	id, err := authorisation.ParseIdentifier(p.Identifier, "")
	return err == nil && string(id[19:23]) == authorisation.RegionMianyang
}

// purposeNames are the purposes in Chinese and English.
var purposeNames = map[purpose.Purpose][2]string{
	purpose.Governance: {"公共治理", "public governance"}, purpose.Welfare: {"公益事业", "public welfare"},
	purpose.Industry: {"产业发展", "industrial development"}, purpose.Sector: {"行业发展", "sector development"},
}

// uses says for which purposes the product may be used, and which of them are free.
func (p Product) uses() (zh, en string) {
	free, paid := [2][]string{}, [2][]string{}
	for _, one := range p.Purposes {
		names := purposeNames[one]
		of := &paid
		if one.Free() {
			of = &free
		}
		of[0], of[1] = append(of[0], names[0]), append(of[1], names[1])
	}
	var partsZh, partsEn []string
	if len(free[0]) > 0 {
		partsZh = append(partsZh, "免费用于"+strings.Join(free[0], "、"))
		partsEn = append(partsEn, "free of charge for "+strings.Join(free[1], " and "))
	}
	if len(paid[0]) > 0 {
		partsZh = append(partsZh, "付费用于"+strings.Join(paid[0], "、"))
		partsEn = append(partsEn, "for a fee for "+strings.Join(paid[1], " and "))
	}
	if len(partsZh) == 0 {
		return "目前没有用途获得授权。", "It is granted for no purpose at present."
	}
	return "凭订单或申请批准的用途使用：" + strings.Join(partsZh, "；") + "。",
		"To be used for the purpose that was ordered or approved: " + strings.Join(partsEn, "; ") + "."
}

// licenceTitle names a licence in both languages.
func licenceTitle(l Licence) (zh, en string) {
	return "公数数据产品使用许可 第" + l.Version + "版", "Gongshu licence for data products, version " + l.Version
}

// both is a text in both languages, one below the other.
func both(zh, en string) string {
	if en == "" || en == zh {
		return zh
	}
	return zh + "\n\n" + en
}

// beside is a short text in both languages on one line.
func beside(zh, en string) string {
	if en == "" || en == zh {
		return zh
	}
	return zh + " / " + en
}

// moment is a time as documents hold it.
func moment(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }

// cut shortens a text to at most so many characters.
func cut(text string, most int) string {
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return text
}

// object is a JSON object; its members are written in the order of their names.
type object = map[string]any

func indented(v any) []byte {
	raw, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		panic(err) // objects, lists, texts, numbers and booleans always can
	}
	return append(raw, '\n')
}

// PublicID is the resource's id outside: res_….
func (r Resource) PublicID() string { return publicid.Encode("res", r.ID) }
