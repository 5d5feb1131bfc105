package market

import (
	"sync"

	"gongshu/internal/catalogue"
	"gongshu/internal/fault"
	"gongshu/internal/spreadsheet"
)

// templates are the tables to fill in, by the name of their file; each is written once.
var templates = map[string]func() ([]byte, error){
	"catalogue.xlsx": sync.OnceValues(func() ([]byte, error) { return spreadsheet.TemplateXLSX(catalogue.Template) }),
	"catalogue.csv":  sync.OnceValues(func() ([]byte, error) { return spreadsheet.TemplateCSV(catalogue.Template) }),
}

// Template returns a table to fill in, for everybody: catalogue.xlsx or catalogue.csv. Nobody may change it.
func Template(name string) ([]byte, error) {
	write, there := templates[name]
	if !there {
		return nil, fault.Absent("template")
	}
	return write()
}
