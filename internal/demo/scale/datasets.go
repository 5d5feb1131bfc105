package scale

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"gongshu/internal/authorisation"
	"gongshu/internal/blob"
	"gongshu/internal/dataset"
	"gongshu/internal/dictionary"
	"gongshu/internal/outputcontrol"
)

// served is the data that all products of one domain serve: one file, read by real data calls, typed by one dictionary and
// passed by output control for a public environment as if it were of persons.
type served struct {
	key                                 string
	rows                                int64
	csv                                 dataset.Artefact
	columnsJSON, sampleJSON, egressJSON json.RawMessage
	columns                             []dictionary.Column
}

// file is a blob that documents share.
type file struct {
	key, sha256 string
	size        int64
}

// datasetMonths is how many months there are for each district: a class of so many rows passes output control.
const datasetMonths = 36

// writeDatasets writes the file of every domain; those of an earlier load that was cut short are written again.
func writeDatasets(ctx context.Context, d draw, blobs *blob.Store, policy outputcontrol.Policy) ([]served, error) {
	all := make([]served, len(fields))
	for i, f := range fields {
		var err error
		if all[i], err = writeDataset(ctx, d, i, f, blobs, policy); err != nil {
			return nil, fmt.Errorf("dataset of %s: %w", f.zh, err)
		}
	}
	return all, nil
}

func writeDataset(ctx context.Context, d draw, i int, f field, blobs *blob.Store, policy outputcontrol.Policy) (served, error) {
	s := served{key: "datasets/" + d.id("dataset of a domain", i, foundedAt).String() + ".db"}
	path, err := blobs.Path(s.key)
	if err != nil {
		return s, err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return s, err
	}
	for _, old := range []string{path, dataset.CSVPath(path)} {
		if err := os.Remove(old); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return s, err
		}
	}
	columns, rows := columnsOfField(f), rowsOfField(d, i)
	report, err := dataset.Ingest(ctx, bytes.NewReader(csvOf(columns, rows)), columns, path, dataset.Limits{})
	if err != nil {
		return s, err
	}
	report.Classes.PersonLinked = true // the stricter question: some of the products are made of what is linked to persons
	egress := outputcontrol.Evaluate(policy, outputcontrol.Public, report.Classes)
	if err := egress.Refusal(); err != nil {
		return s, err
	}
	s.rows, s.csv, s.columns = report.Rows, report.CSV, columns
	s.columnsJSON, s.egressJSON = jsonOf(columns), jsonOf(egress)
	s.sampleJSON = jsonOf([][]string{rows[0], rows[len(rows)/2], rows[len(rows)-1]})
	return s, nil
}

func columnsOfField(f field) []dictionary.Column {
	column := func(t dictionary.Type, name string, label word, about word) dictionary.Column {
		return dictionary.Column{
			Name: name, Label: label.zh, LabelEn: label.en, Type: t, Description: about.zh, DescriptionEn: about.en,
			Sensitivity: authorisation.SensitivityPublic, Required: true,
		}
	}
	district := column(dictionary.Text, "district", word{"区县", "District"}, word{"绵阳市所辖区、县、市", "District, county or city of Mianyang"})
	district.QuasiIdentifier, district.Filterable = true, true
	month := column(dictionary.Text, "month", word{"月份", "Month"}, word{"统计月份，如 2025-07", "Month of the figures, such as 2025-07"})
	month.Filterable = true
	return []dictionary.Column{
		district, month,
		column(dictionary.Integer, "volume", f.measure, word{f.measure.zh + "，合成", f.measure.en + ", synthetic"}),
		column(dictionary.Decimal, "change_rate", word{"环比", "Change"}, word{"比上月的增减，百分比", "Change on the month before, in per cent"}),
	}
}

func rowsOfField(d draw, i int) [][]string {
	r := d.of("rows of a domain", i)
	var rows [][]string
	for _, where := range districts {
		volume := 2000 + r.IntN(30000)
		for m := range datasetMonths {
			change := r.IntN(200) - 95
			volume += volume * change / 1000
			month := 2022*12 + 6 + m
			rows = append(rows, []string{where.zh, fmt.Sprintf("%04d-%02d", month/12, month%12+1), strconv.Itoa(volume), strconv.FormatFloat(float64(change)/10, 'f', 1, 64)})
		}
	}
	return rows
}

func csvOf(columns []dictionary.Column, rows [][]string) []byte {
	header := make([]string, len(columns))
	for i, c := range columns {
		header[i] = c.Name
	}
	var text bytes.Buffer
	w := csv.NewWriter(&text)
	w.WriteAll(append([][]string{header}, rows...)) //nolint:errcheck // memory takes everything
	return text.Bytes()
}

// writeEvidence writes the text that stands for every piece of evidence.
func writeEvidence(ctx context.Context, d draw, blobs *blob.Store) (f file, err error) {
	f.key = "documents/" + d.id("evidence", 0, foundedAt).String()
	if err := blobs.Delete(ctx, f.key); err != nil { // of an earlier load that was cut short
		return f, fmt.Errorf("write the evidence: %w", err)
	}
	f.size, f.sha256, err = blobs.Put(ctx, f.key, strings.NewReader("合成数据，仅供演示。Synthetic, for demonstration only.\n"))
	if err != nil {
		return f, fmt.Errorf("write the evidence: %w", err)
	}
	return f, nil
}
