package tabular

// Template is a table to fill in.
type Template struct {
	// Title names the sheet, GuideTitle the one that explains it.
	Title, GuideTitle string
	// Facts and Columns are those of the table; ignored columns are left out.
	Facts, Columns []Column
	// Examples are rows in the order of the columns that are not ignored; reading refuses them.
	Examples [][]string
	// Choices are the words to choose from in a column, by its key; others may be written all the same.
	Choices map[string][]string
	// Guide says how to fill it in, each paragraph in Chinese and in English; Explained explains facts and columns, by key.
	Guide     [][2]string
	Explained map[string][2]string
}

// Filled returns the columns that are not ignored.
func (t Template) Filled() []Column {
	var filled []Column
	for _, c := range t.Columns {
		if !c.Ignored {
			filled = append(filled, c)
		}
	}
	return filled
}
