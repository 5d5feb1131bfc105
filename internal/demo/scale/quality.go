package scale

import (
	"slices"

	"gongshu/internal/authorisation"
	"gongshu/internal/dictionary"
	"gongshu/internal/metadata"
	"gongshu/internal/purpose"
)

// columns are those of a domain's dataset; the figures of a product come from its first data item, and district and month from
// all of them in general.
func (p product) columns(of []dictionary.Column) []dictionary.Column {
	columns := slices.Clone(of)
	for i, c := range columns {
		if c.Type != dictionary.Text {
			columns[i].ItemIDs = []string{p.inputs[0].item.id.String()}
		}
	}
	return columns
}

// scoreProduct is the score of a product's metadata on the day of the load.
func (s *scheme) scoreProduct(p product, about word, columns []dictionary.Column) int {
	return metadata.OfProduct(metadata.Product{
		Name: p.name.zh, NameEn: p.name.en, Description: about.zh, DescriptionEn: about.en, Delivery: p.delivery, UpdateFrequency: p.often,
		Items: len(p.inputs), Columns: columns, SampleRows: 3, DatasetOn: authorisation.DayOf(p.createdAt),
		Purposes: append([]purpose.Purpose{purpose.Governance, purpose.Welfare}, p.operator.pays...), Registered: true, HasPlan: len(p.plans) > 0,
	}, s.today).Total
}

func (s *scheme) scoreResource(x resource, nameEn string, provision []authorisation.ProvisionMethod, on authorisation.Day) int {
	r := metadata.Resource{Name: x.name, NameEn: nameEn, UpdateFrequency: x.often, Provision: provision, Published: true, CataloguedOn: on}
	for _, it := range x.items {
		r.Items = append(r.Items, metadata.Item{Name: it.zh, NameEn: it.en, Classified: true})
	}
	return metadata.OfResource(r, s.today).Total
}
