package tabular

import (
	"strings"

	"gongshu/internal/fault"
)

// Facts are what the rows above the header say of the whole table: a label and its value in the next cell, or both in
// one cell with a colon between them (发布日期：2025年7月22日).
type Facts struct {
	// Lines are the rows with a single cell that is no fact: titles, and what letters put above a table.
	Lines  []Line
	values map[string]Line
}

// Line is a text and where it stands.
type Line struct {
	Text  string
	Place Place
}

// Text returns the value of a fact, "" where it is not said.
func (f Facts) Text(key string) string { return f.values[key].Text }

// Place returns where the value of a fact stands; there says whether it is said.
func (f Facts) Place(key string) (at Place, there bool) {
	line, there := f.values[key]
	return line.Place, there
}

// Facts reads the facts above the header, which are named as columns are; what is neither a fact nor a line alone is
// passed over. FACT_TWICE is returned for every fact that is said again. A label without a value says nothing.
func (t Table) Facts(facts []Column) (Facts, fault.List) {
	names := namesOf(facts)
	read := Facts{values: map[string]Line{}}
	var wrong fault.List
	for _, row := range t.Above {
		var texts []Line
		for i, cell := range row.Cells {
			if cell.Text != "" && !cell.Covered {
				texts = append(texts, Line{cell.Text, Place{Row: row.Number, Column: i}})
			}
		}
		said := false
		for len(texts) > 0 {
			key, value, taken := factIn(texts, names)
			texts = texts[taken:]
			said = said || key != ""
			if value.Text == "" {
				continue
			}
			if first, there := read.values[key]; there {
				wrong = append(wrong, value.Place.Refuse(fault.New(fault.Invalid, "FACT_TWICE", "This is already said in %s.", first.Place).With("first", first.Place.String())))
				continue
			}
			read.values[key] = value
		}
		if line, alone := row.alone(); alone && !said {
			read.Lines = append(read.Lines, line)
		}
	}
	return read, wrong
}

// factIn returns the fact that the texts of a row begin with, and how many of them it takes.
func factIn(texts []Line, names names) (key string, value Line, taken int) {
	first := texts[0]
	if c := names.label(first.Text); c != nil {
		if len(texts) == 1 || names.label(texts[1].Text) != nil {
			return c.Key, Line{}, 1
		}
		return c.Key, Line{texts[1].Text, Place{texts[1].Place.Row, texts[1].Place.Column, c.Title}}, 2
	}
	if colon := strings.IndexAny(first.Text, ":："); colon > 0 {
		if c := names[Plain(first.Text[:colon])]; c != nil {
			first.Place.Title = c.Title
			return c.Key, Line{strings.TrimSpace(strings.TrimLeft(first.Text[colon:], ":：")), first.Place}, 1
		}
	}
	return "", Line{}, 1
}

// label returns the fact that a cell names, nil when none.
func (n names) label(text string) *Column { return n.column(strings.TrimRight(text, ":：")) }

// alone returns the only cell of a row that has a text.
func (r Row) alone() (line Line, alone bool) {
	for i, cell := range r.Cells {
		if cell.Text != "" && line.Text != "" {
			return Line{}, false
		}
		if cell.Text != "" {
			line = Line{cell.Text, Place{Row: r.Number, Column: i}}
		}
	}
	return line, line.Text != ""
}
