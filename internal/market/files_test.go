package market

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"gongshu/internal/store"
)

func TestFilesAndTheRowsThatNameThemAreCompared(t *testing.T) {
	eachPublisher(t, func(t *testing.T, p *publisher) {
		id, _ := p.listed(t)
		_, err := p.DatasetUpload(p.publisher, id, classes(20))
		refused(t, err, "RISK_TOO_HIGH") // a version that is recorded and whose files are gone, as they should be
		_, _, err = p.Blobs.Put(t.Context(), "documents/nobodys", strings.NewReader("x"))
		must(t, err)
		files, err := p.FilesReconcile(t.Context())
		if err != nil || !slices.Equal(files.Missing, []string{"documents/1"}) || !slices.Equal(files.Orphans, []string{"documents/nobodys"}) {
			t.Errorf("the files are %+v, %v", files, err)
		}
	})
}

func TestAnUploadMeanwhileIsNotMissing(t *testing.T) {
	eachPublisher(t, func(t *testing.T, p *publisher) {
		before, err := p.FilesReconcile(t.Context())
		must(t, err)
		uploads := 0
		each := store.Watch(t.Context(), func(m store.Moment, _ string) { // an upload before every statement
			if m == store.Statement {
				uploads++
				_, err := p.DocumentStore(p.publisher, "a.txt", "text/plain", strings.NewReader("x"))
				must(t, err)
			}
		})
		files, err := p.FilesReconcile(each)
		if err != nil || uploads == 0 || !slices.Equal(files.Missing, before.Missing) {
			t.Errorf("with %d uploads meanwhile the files are %+v, before %+v; %v", uploads, files, before, err)
		}
	})
}

func TestOnlyUploadsThatAreOverAreSwept(t *testing.T) {
	eachPublisher(t, func(t *testing.T, p *publisher) {
		for name, age := range map[string]time.Duration{"documents/killed.1.tmp": 61 * time.Minute, "documents/going-on.2.tmp": 20 * time.Minute} {
			path, err := p.Blobs.Path(name)
			must(t, err)
			at := time.Now().Add(-age)
			must(t, errors.Join(os.MkdirAll(strings.TrimSuffix(path, name)+"documents", 0o700), os.WriteFile(path, nil, 0o600), os.Chtimes(path, at, at)))
		}
		for _, want := range []int{1, 0} {
			if n, err := p.FilesSweep(t.Context()); err != nil || n != want {
				t.Errorf("swept %d, %v; want %d", n, err, want)
			}
		}
	})
}
