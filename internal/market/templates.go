package market

import (
	"sync"

	"gongshu/internal/catalogue"
	"gongshu/internal/fault"
	"gongshu/internal/policy"
	"gongshu/internal/spreadsheet"
	"gongshu/internal/tabular"
)

// templates are the tables to fill in, by the name of their file; each is written once.
var templates = files(map[string]tabular.Template{
	"catalogue": catalogue.Template, "calendar": policy.CalendarTemplate, "code-table": policy.CodeTableTemplate,
})

func files(templates map[string]tabular.Template) map[string]func() ([]byte, error) {
	written := map[string]func() ([]byte, error){}
	for kind, template := range templates {
		written[kind+".xlsx"] = sync.OnceValues(func() ([]byte, error) { return spreadsheet.TemplateXLSX(template) })
		written[kind+".csv"] = sync.OnceValues(func() ([]byte, error) { return spreadsheet.TemplateCSV(template) })
	}
	return written
}

// Template returns a table to fill in, for everybody: catalogue, calendar or code-table, .xlsx or .csv. Nobody may change it.
func Template(name string) ([]byte, error) {
	write, there := templates[name]
	if !there {
		return nil, fault.Absent("template")
	}
	return write()
}
