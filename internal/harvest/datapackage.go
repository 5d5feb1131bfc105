package harvest

import (
	"strings"

	"gongshu/internal/authorisation"
	"gongshu/internal/dictionary"
)

// DataPackage describes a product as a Frictionless data package, version 2, with a Table Schema of its dictionary. The default language
// is Chinese; a member with @en beside another is the same in English.
//
// The first resource is the product's data: the rows that a data call brings, or, of a file that is fetched by a link made for one, its
// masked sample. Of an API product the second is its masked sample, which everybody may call.
func (s Site) DataPackage(p Product, l Licence) []byte {
	schema := tableSchema(p.Columns)
	title, titleEn := licenceTitle(l)
	usesZh, usesEn := p.uses()
	out := object{
		"$schema": "https://datapackage.org/profiles/2.0/datapackage.json", "name": strings.ReplaceAll(p.PublicID(), "_", "-"), "id": s.Page(p) + "#dataset",
		"languages": []string{"zh", "en"}, "title": p.Name, "homepage": s.Page(p), "gongshu:identifier": p.Identifier,
		"licenses": []object{{"name": "gongshu-purpose-bound-" + licenceName(l.Version), "title": title, "title@en": titleEn,
			"gongshu:text": l.Text, "gongshu:text@en": l.TextEn, "gongshu:uses": usesZh, "gongshu:uses@en": usesEn}},
	}
	zh, en := p.Described()
	localised(out, "title", p.Name, p.NameEn)
	localised(out, "description", zh, en)
	contributors := []object{contributor(p.Operator, "publisher")}
	for _, unit := range p.Sources() {
		contributors = append(contributors, contributor(unit, "creator"))
	}
	out["contributors"] = contributors
	if len(p.Resources) > 0 {
		sources := make([]object, len(p.Resources))
		for i, r := range p.Resources {
			sources[i] = object{"path": string(s) + "/resources/" + r.PublicID()}
			localised(sources[i], "title", r.Name, r.NameEn)
		}
		out["sources"] = sources
	}
	if words, wordsEn := p.keywords(); len(words)+len(wordsEn) > 0 {
		out["keywords"] = append(words, wordsEn...)
	}
	if !p.Issued.IsZero() {
		out["created"] = moment(p.Issued)
	}
	if p.Synthetic {
		out["gongshu:synthetic"] = true
	}
	out["resources"] = s.resources(p, schema)
	return indented(out)
}

// licenceName keeps of a version what the profile lets stand in a name.
func licenceName(version string) string {
	return strings.Map(func(r rune) rune {
		if r == '.' || r == '-' || r == '_' || '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' {
			return r
		}
		return '-'
	}, version)
}

func localised(o object, name, zh, en string) {
	if zh != "" {
		o[name] = zh
	}
	if en != "" {
		o[name+"@en"] = en
	}
}

func contributor(a Agent, role string) object {
	o := object{"organization": a.Name, "roles": []string{role}}
	localised(o, "title", a.Name, a.NameEn)
	return o
}

func (s Site) resources(p Product, schema object) []object {
	described := func(name, zh, en string) object {
		o := object{"name": name, "type": "table", "schema": schema}
		localised(o, "title", zh, en)
		return o
	}
	if p.Delivery != authorisation.DeliveryAPI {
		names := make([]string, len(p.Columns))
		for i, c := range p.Columns {
			names[i] = c.Name
		}
		o := described("sample", "脱敏样例", "Masked sample")
		o["data"] = append([][]string{names}, p.Sample...)
		return []object{o}
	}
	called := func(o object, path string) object {
		o["path"], o["format"], o["mediatype"], o["encoding"] = s.calls(p)+path, "json", "application/json", "utf-8"
		o["dialect"] = object{"property": "rows", "itemType": "object"}
		return o
	}
	rows := called(described("rows", "数据", "Data"), "/rows")
	rows["gongshu:openapi"] = s.OpenAPIAddress(p)
	return []object{rows, called(described("sample", "脱敏样例", "Masked sample"), "/sample")}
}

// tableSchema is a dictionary as a Table Schema.
func tableSchema(columns []dictionary.Column) object {
	fields := make([]object, len(columns))
	for i, c := range columns {
		f := object{"name": c.Name}
		localised(f, "title", c.Label, c.LabelEn)
		localised(f, "description", c.Description, c.DescriptionEn)
		if c.Unit != "" {
			f["gongshu:unit"] = c.Unit
		}
		if c.Required {
			f["constraints"] = object{"required": true}
		}
		switch c.Type {
		case dictionary.Text:
			f["type"] = "string"
		case dictionary.Integer:
			f["type"] = "integer"
		case dictionary.Decimal:
			f["type"] = "number"
		case dictionary.Date:
			f["type"], f["format"] = "date", "default"
		case dictionary.DateTime:
			f["type"], f["format"] = "datetime", "default"
		case dictionary.Boolean:
			f["type"], f["trueValues"], f["falseValues"] = "boolean", []string{"true"}, []string{"false"}
		}
		fields[i] = f
	}
	return object{"$schema": "https://datapackage.org/profiles/2.0/tableschema.json", "fields": fields, "missingValues": []string{""}}
}
