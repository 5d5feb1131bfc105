package dataset

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"strings"

	"gongshu/internal/dictionary"
)

// The canonical CSV: UTF-8 with BOM (spreadsheets need it), the columns in the order of the dictionary, lines that end
// in \n (with \r\n, line breaks inside cells would change), quotes only where they are needed.

func csvHeader(columns []dictionary.Column) []byte {
	line := []byte(bom)
	for i, c := range columns {
		line = appendCell(line, i, len(columns), c.Name)
	}
	return append(line, '\n')
}

// appendRow appends the line of a row of stored values.
func appendRow(dst []byte, columns []dictionary.Column, stored []any) []byte {
	for i, c := range columns {
		dst = appendCell(dst, i, len(columns), text(present(c.Type, stored[i])))
	}
	return append(dst, '\n')
}

func appendCell(dst []byte, at, of int, cell string) []byte {
	if at > 0 {
		dst = append(dst, ',')
	}
	// A lone empty cell would be a blank line, which readers skip.
	quote := strings.ContainsAny(cell, "\",\n") || strings.HasPrefix(cell, " ") || strings.HasSuffix(cell, " ") || cell == "" && of == 1
	if !quote {
		return append(dst, cell...)
	}
	dst = append(dst, '"')
	dst = append(dst, strings.ReplaceAll(cell, `"`, `""`)...)
	return append(dst, '"')
}

// WriteCSV streams the whole dataset at path as canonical CSV: byte for byte the file that Ingest wrote beside it when
// columns is its dictionary. Fewer or otherwise ordered columns give just those.
func (f *Files) WriteCSV(ctx context.Context, path string, columns []dictionary.Column, w io.Writer) error {
	file, err := f.acquire(path)
	if err != nil {
		return err
	}
	defer f.release(file)
	names, err := file.names(columns)
	if err != nil {
		return err
	}
	rows, err := file.db.QueryContext(ctx, "SELECT "+strings.Join(names, ", ")+" FROM rows ORDER BY position")
	if err != nil {
		return fmt.Errorf("read dataset: %w", err)
	}
	defer rows.Close()
	out := bufio.NewWriterSize(w, 64<<10)
	out.Write(csvHeader(columns))
	stored, targets := make([]any, len(columns)), make([]any, len(columns))
	for i := range stored {
		targets[i] = &stored[i]
	}
	var line []byte
	for rows.Next() {
		if err := rows.Scan(targets...); err != nil {
			return fmt.Errorf("read dataset: %w", err)
		}
		line = appendRow(line[:0], columns, stored)
		if _, err := out.Write(line); err != nil {
			return fmt.Errorf("write dataset: %w", err)
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("read dataset: %w", err)
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write dataset: %w", err)
	}
	return nil
}
