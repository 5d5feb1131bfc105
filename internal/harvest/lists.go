package harvest

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"time"

	"github.com/google/uuid"

	"gongshu/internal/publicid"
)

// Listed is a product of which a sitemap says no more than that there is one, and since when as it is.
type Listed struct {
	ID       uuid.UUID
	Modified time.Time
}

const sitemaps = `xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"`

// The addresses of sitemaps.
const (
	SitemapPath         = "/sitemap.xml"
	SitemapPagesPath    = "/sitemap-pages.xml"
	SitemapProductsPath = "/sitemap-products.xml"
)

// PublicPages are the addresses of the pages that are the same for everybody and hold no product.
var PublicPages = []string{"/", "/resources", "/prices", "/disclosure", "/calculators", "/help"}

// SitemapIndex lists the sitemaps: of the pages, and of the products, of which a page begins after each of these.
func (s Site) SitemapIndex(after []uuid.UUID) []byte {
	var out bytes.Buffer
	out.WriteString(xml.Header + "<sitemapindex " + sitemaps + ">\n")
	one := func(path string) { fmt.Fprintf(&out, "<sitemap><loc>%s</loc></sitemap>\n", escaped(string(s)+path)) }
	one(SitemapPagesPath)
	one(SitemapProductsPath)
	for _, id := range after {
		one(SitemapProductsPath + "?after=" + publicid.Encode("prd", id))
	}
	out.WriteString("</sitemapindex>\n")
	return out.Bytes()
}

// SitemapPages lists the pages that hold no product.
func (s Site) SitemapPages() []byte {
	var out bytes.Buffer
	out.WriteString(xml.Header + "<urlset " + sitemaps + ">\n")
	for _, path := range PublicPages {
		fmt.Fprintf(&out, "<url><loc>%s</loc></url>\n", escaped(string(s)+path))
	}
	out.WriteString("</urlset>\n")
	return out.Bytes()
}

// SitemapProducts lists the pages of products.
func (s Site) SitemapProducts(listed []Listed) []byte {
	var out bytes.Buffer
	out.WriteString(xml.Header + "<urlset " + sitemaps + ">\n")
	for _, p := range listed {
		fmt.Fprintf(&out, "<url><loc>%s</loc>", escaped(s.Page(Product{ID: p.ID})))
		if !p.Modified.IsZero() {
			fmt.Fprintf(&out, "<lastmod>%s</lastmod>", moment(p.Modified))
		}
		out.WriteString("</url>\n")
	}
	out.WriteString("</urlset>\n")
	return out.Bytes()
}

// Robots lets everybody read the pages, and says where the sitemap is. What has to be asked by a person who is signed in, or answers
// programs, is no page.
func (s Site) Robots() []byte {
	var out bytes.Buffer
	out.WriteString("User-agent: *\n")
	for _, path := range []string{"/graphql", "/data/v1/", "/uploads/", "/documents/", "/checkout/", "/free-use/"} {
		out.WriteString("Disallow: " + path + "\n")
	}
	out.WriteString("\nSitemap: " + string(s) + SitemapPath + "\n")
	return out.Bytes()
}

func escaped(text string) string {
	var out bytes.Buffer
	_ = xml.EscapeText(&out, []byte(text)) // a buffer takes everything
	return out.String()
}

// The parts of an Atom feed (RFC 4287) that are used here.
type (
	feed struct {
		XMLName   xml.Name `xml:"http://www.w3.org/2005/Atom feed"`
		Language  string   `xml:"xml:lang,attr"`
		ID        string   `xml:"id"`
		Title     string   `xml:"title"`
		Subtitle  string   `xml:"subtitle"`
		Updated   string   `xml:"updated"`
		Author    person   `xml:"author"`
		Generator string   `xml:"generator"`
		Links     []link
		Entries   []entry
	}
	entry struct {
		XMLName    xml.Name `xml:"entry"`
		ID         string   `xml:"id"`
		Title      string   `xml:"title"`
		Published  string   `xml:"published,omitempty"`
		Updated    string   `xml:"updated"`
		Author     person   `xml:"author"`
		Links      []link
		Categories []category
		Summary    string `xml:"summary"`
	}
	person struct {
		Name string `xml:"name"`
	}
	link struct {
		XMLName xml.Name `xml:"link"`
		Rel     string   `xml:"rel,attr"`
		Type    string   `xml:"type,attr,omitempty"`
		Title   string   `xml:"title,attr,omitempty"`
		Href    string   `xml:"href,attr"`
	}
	category struct {
		XMLName xml.Name `xml:"category"`
		Term    string   `xml:"term,attr"`
		Label   string   `xml:"label,attr"`
	}
)

// maxSummary is in characters.
const maxSummary = 1000

// nothingYet is when a feed without entries changed last.
var nothingYet = time.Unix(0, 0)

// Feed writes products, the last changed first, as a page of an Atom feed (RFC 4287, RFC 5005 §3). An entry is named by its product,
// wherever the site is.
func (s Site) Feed(c Catalogue, pages Pages) []byte {
	address := func(path string) string { return string(s) + path }
	f := feed{
		Language: "zh-CN", ID: address("/feed.atom"), Title: "公数：新上架与更新的数据产品", Subtitle: "Gongshu: products newly listed and changed",
		Author: person{c.Publisher.Name}, Generator: "Gongshu",
		Links: []link{
			{Rel: "self", Type: "application/atom+xml", Href: address(pages.Self)}, {Rel: "first", Type: "application/atom+xml", Href: address(pages.First)},
			{Rel: "alternate", Type: "text/html", Href: address("/")},
		},
	}
	if pages.Next != "" {
		f.Links = append(f.Links, link{Rel: "next", Type: "application/atom+xml", Href: address(pages.Next)})
	}
	newest := nothingYet
	for _, p := range c.Products {
		if p.Modified.After(newest) {
			newest = p.Modified
		}
		zh, en := p.Described()
		e := entry{
			ID: "urn:uuid:" + p.ID.String(), Title: beside(p.Name, p.NameEn), Updated: moment(p.Modified), Author: person{p.Operator.Name},
			Summary: cut(both(zh, en), maxSummary),
			Links: []link{
				{Rel: "alternate", Type: "text/html", Href: s.Page(p)},
				{Rel: "related", Type: "application/vnd.oai.openapi+json", Title: "OpenAPI", Href: s.OpenAPIAddress(p)},
				{Rel: "related", Type: "application/json", Title: "Data Package", Href: s.DataPackageAddress(p)},
			},
			Categories: []category{{Term: publicid.Encode("dom", p.Domain.ID), Label: beside(p.Domain.Name, p.Domain.NameEn)}},
		}
		if !p.Issued.IsZero() {
			e.Published = moment(p.Issued)
		}
		f.Entries = append(f.Entries, e)
	}
	f.Updated = moment(newest)
	raw, err := xml.MarshalIndent(f, "", " ")
	if err != nil {
		panic(err) // texts always can
	}
	return append([]byte(xml.Header), append(raw, '\n')...)
}
