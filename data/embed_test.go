package data

import (
	"encoding/json"
	"testing"
)

func TestEveryFileIsEmbeddedAndIsAJSONObject(t *testing.T) {
	for name, c := range map[string]struct {
		raw    []byte
		member string
	}{
		"the catalogue lists resources":      {CatalogueBatch1, "resources"},
		"the code tables are kept by name":   {CodeTables, "tables"},
		"the tariffs list credit reports":    {Tariffs, "creditReports"},
		"the working days are kept by years": {WorkingDays, "years"},
	} {
		t.Run(name, func(t *testing.T) {
			var object map[string]json.RawMessage
			if err := json.Unmarshal(c.raw, &object); err != nil {
				t.Fatal(err)
			}
			if len(object[c.member]) == 0 {
				t.Errorf("no member %s", c.member)
			}
		})
	}
}
