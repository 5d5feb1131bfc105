package harvest

import (
	"encoding/json"

	"gongshu/internal/authorisation"
)

// maxDescribed is how long a search engine takes a description to be, in characters.
const maxDescribed = 5000

// SchemaOrg describes a product as a schema.org Dataset in JSON-LD. No text in it can end the element that it is written into: what
// HTML could read is escaped.
func (s Site) SchemaOrg(p Product, l Licence) []byte {
	agent := func(a Agent) object {
		o := object{"@type": "Organization", "name": a.Name}
		if a.NameEn != "" {
			o["alternateName"] = a.NameEn
		}
		return o
	}
	zh, en := p.Described()
	title, _ := licenceTitle(l)
	usesZh, usesEn := p.uses()
	it := object{
		"@context": "https://schema.org/", "@type": "Dataset", "@id": s.Page(p) + "#dataset", "url": s.Page(p), "name": p.Name,
		"description": cut(both(zh, en), maxDescribed), "identifier": p.Identifier, "inLanguage": "zh-CN",
		"publisher": agent(p.Operator), "isAccessibleForFree": false, "conditionsOfAccess": both(usesZh, usesEn),
		"license":               object{"@type": "CreativeWork", "name": title, "text": both(l.Text, l.TextEn)},
		"includedInDataCatalog": object{"@type": "DataCatalog", "name": "公数 Gongshu", "url": string(s) + "/"},
	}
	if p.NameEn != "" {
		it["alternateName"] = p.NameEn
	}
	if units := p.Sources(); len(units) > 0 {
		creators := make([]object, len(units))
		for i, unit := range units {
			creators[i] = agent(unit)
		}
		it["creator"] = creators
	}
	if wordsZh, wordsEn := p.keywords(); len(wordsZh)+len(wordsEn) > 0 {
		it["keywords"] = append(wordsZh, wordsEn...)
	}
	if p.isLocal() {
		it["spatialCoverage"] = object{"@type": "Place", "name": "绵阳市 Mianyang"}
	}
	if !p.Issued.IsZero() {
		it["datePublished"] = moment(p.Issued)
	}
	if !p.Modified.IsZero() {
		it["dateModified"] = moment(p.Modified)
	}
	if p.Synthetic {
		it["creditText"] = "Synthetic data, made up for demonstration. 演示用合成数据。"
	}
	measured := make([]object, len(p.Columns))
	for i, c := range p.Columns {
		measured[i] = object{"@type": "PropertyValue", "name": c.Name, "description": both(c.Label, c.LabelEn)}
		if c.Unit != "" {
			measured[i]["unitText"] = c.Unit
		}
	}
	if len(measured) > 0 {
		it["variableMeasured"] = measured
	}
	if p.Delivery == authorisation.DeliveryAPI {
		it["distribution"] = []object{
			{"@type": "DataDownload", "name": "数据调用 Data calls", "contentUrl": s.calls(p) + "/rows", "encodingFormat": "application/json"},
			{"@type": "DataDownload", "name": "脱敏样例 Masked sample", "contentUrl": s.calls(p) + "/sample", "encodingFormat": "application/json"},
		}
	} else {
		it["distribution"] = []object{{"@type": "DataDownload", "name": "数据文件 Data file", "url": s.Page(p), "encodingFormat": "text/csv"}}
	}
	raw, err := json.Marshal(it) // it writes <, > and & as \u003c, \u003e and \u0026
	if err != nil {
		panic(err) // texts, lists and objects always can
	}
	return raw
}
