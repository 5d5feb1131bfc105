package blob

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"time"
)

func TestABlobIsStoredWholeOrNotAtAll(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "blobs")
	s, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	size, sum, err := s.Put(t.Context(), "documents/a", strings.NewReader("abc"))
	if err != nil || size != 3 || sum != "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" {
		t.Fatalf("stored %d bytes, %s, %v", size, sum, err)
	}
	if _, _, err := s.Put(t.Context(), "documents/a", strings.NewReader("other")); err == nil {
		t.Fatal("a key was written twice")
	}
	broken := errors.New("broken")
	if _, _, err := s.Put(t.Context(), "documents/b", io.MultiReader(strings.NewReader("ab"), iotest.ErrReader(broken))); !errors.Is(err, broken) {
		t.Fatalf("half a blob: %v", err)
	}
	if _, err := s.Open(t.Context(), "documents/b"); !errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("half a blob is there: %v", err)
	}
	files, err := os.ReadDir(filepath.Join(dir, "documents"))
	if err != nil || len(files) != 1 {
		t.Fatalf("left behind: %v, %v", files, err)
	}
	r, err := s.Open(t.Context(), "documents/a")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if _, err := r.Seek(1, io.SeekStart); err != nil {
		t.Fatal(err)
	}
	if rest, err := io.ReadAll(r); err != nil || string(rest) != "bc" {
		t.Fatalf("read %q, %v", rest, err)
	}
	path, err := s.Path("documents/a")
	if err != nil {
		t.Fatal(err)
	}
	if raw, err := os.ReadFile(path); err != nil || string(raw) != "abc" {
		t.Fatalf("in place it is %q, %v", raw, err)
	}
	for range 2 {
		if err := s.Delete(t.Context(), "documents/a"); err != nil {
			t.Fatal(err)
		}
	}
}

func TestKeysStayInTheFolder(t *testing.T) {
	s, err := Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for _, key := range []string{"", ".", "..", "../a", "a/../../b", "/etc/passwd", "a//b", "a/", "A", "a b", "a\x00", "数", `a\b`, "a.attrs"} {
		if _, _, err := s.Put(t.Context(), key, strings.NewReader("x")); err == nil {
			t.Errorf("%q was taken as a key", key)
		}
		if path, err := s.Path(key); err == nil {
			t.Errorf("%q lies at %s", key, path)
		}
	}
}

func TestWhatAKillLeftIsDroppedAndNothingElse(t *testing.T) {
	dir := t.TempDir()
	s, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	now := time.Now()
	hourAgo := now.Add(-time.Hour)
	if err := os.MkdirAll(filepath.Join(dir, "datasets"), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, at := range map[string]time.Time{
		"datasets/a.db": hourAgo, "datasets/a.db.csv": hourAgo, "document": hourAgo,
		"datasets/b.db.1.part": hourAgo, "document.17.tmp": hourAgo, "datasets/c.db.2.part": now,
	} {
		file := filepath.Join(dir, name)
		if err := errors.Join(os.WriteFile(file, nil, 0o600), os.Chtimes(file, at, at)); err != nil {
			t.Fatal(err)
		}
	}
	for _, want := range []int{2, 0} {
		if n, err := s.DropUnfinished(t.Context(), now.Add(-time.Minute)); err != nil || n != want {
			t.Errorf("dropped %d, %v; want %d", n, err, want)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "datasets/c.db.2.part")); err != nil {
		t.Errorf("an upload that is going on: %v", err)
	}
	keys, err := s.Keys(t.Context())
	if want := "datasets/a.db datasets/a.db.csv document"; err != nil || strings.Join(keys, " ") != want {
		t.Errorf("the keys are %v, %v", keys, err)
	}
}
