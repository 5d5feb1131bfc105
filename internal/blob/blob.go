// Package blob owns bytes that are too large for a row: evidence and the files of datasets.
//
// It is a folder behind gocloud.dev/blob. A key is written once and whole: a reader sees all of it or nothing.
// What a key means and who may read it belongs to its row; whoever writes stores the bytes before the row is committed,
// so that a row never names bytes that are not there.
package blob

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"time"

	"gocloud.dev/blob"
	"gocloud.dev/blob/fileblob"
	"gocloud.dev/gcerrors"
)

// Store is a folder of blobs.
type Store struct {
	dir    string
	bucket *blob.Bucket
}

// Open opens the folder and makes it when it is not there.
func Open(dir string) (*Store, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("find the blob folder: %w", err)
	}
	bucket, err := fileblob.OpenBucket(dir, &fileblob.Options{
		CreateDir: true, DirFileMode: 0o700, NoTempDir: true, Metadata: fileblob.MetadataDontWrite,
	})
	if err != nil {
		return nil, fmt.Errorf("open the blob folder: %w", err)
	}
	return &Store{dir: dir, bucket: bucket}, nil
}

// Close closes the folder.
func (s *Store) Close() error { return s.bucket.Close() }

// Put stores what r gives under a key and returns its size and SHA-256 in hexadecimal digits.
// When it fails, when r fails or the context ends, nothing is stored.
func (s *Store) Put(ctx context.Context, key string, r io.Reader) (size int64, sum string, err error) {
	if err := valid(key); err != nil {
		return 0, "", err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var file *os.File
	w, err := s.bucket.NewWriter(ctx, key, &blob.WriterOptions{
		ContentType: "application/octet-stream", IfNotExist: true,
		BeforeWrite: func(as func(any) bool) error { as(&file); return nil },
	})
	if err != nil {
		return 0, "", fmt.Errorf("store %s: %w", key, err)
	}
	hash := sha256.New()
	if size, err = io.Copy(io.MultiWriter(w, hash), r); err == nil && file != nil {
		err = file.Sync()
	}
	if err != nil {
		cancel()
		return 0, "", errors.Join(err, ignoreCancelled(w.Close()))
	}
	if err := w.Close(); err != nil {
		return 0, "", fmt.Errorf("store %s: %w", key, err)
	}
	return size, hex.EncodeToString(hash.Sum(nil)), nil
}

func ignoreCancelled(err error) error {
	if errors.Is(err, context.Canceled) || gcerrors.Code(err) == gcerrors.Canceled {
		return nil
	}
	return err
}

// Open reads a blob; the caller closes it. fs.ErrNotExist when there is none.
func (s *Store) Open(ctx context.Context, key string) (io.ReadSeekCloser, error) {
	if err := valid(key); err != nil {
		return nil, err
	}
	r, err := s.bucket.NewReader(ctx, key, nil)
	if gcerrors.Code(err) == gcerrors.NotFound {
		return nil, fmt.Errorf("open %s: %w", key, fs.ErrNotExist)
	}
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", key, err)
	}
	return r, nil
}

// Path is where a blob lies on this machine, for what opens files in place, such as the SQLite file of a dataset. Who writes
// one in place calls it *.part until it is whole.
func (s *Store) Path(key string) (string, error) {
	if err := valid(key); err != nil {
		return "", err
	}
	return filepath.Join(s.dir, filepath.FromSlash(key)), nil
}

// Delete removes a blob; one that is not there is no error.
func (s *Store) Delete(ctx context.Context, key string) error {
	if err := valid(key); err != nil {
		return err
	}
	if err := s.bucket.Delete(ctx, key); err != nil && gcerrors.Code(err) != gcerrors.NotFound {
		return fmt.Errorf("delete %s: %w", key, err)
	}
	return nil
}

// DropUnfinished removes what writes that were cut off by a kill left behind, untouched since a moment before which no write
// that is still going on began, and returns how many files that were.
func (s *Store) DropUnfinished(ctx context.Context, since time.Time) (removed int, err error) {
	err = s.files(ctx, func(file string, entry fs.DirEntry) error {
		if !unfinished(file) {
			return nil
		}
		info, err := entry.Info()
		if errors.Is(err, fs.ErrNotExist) || err == nil && !info.ModTime().Before(since) {
			return nil
		}
		if err == nil {
			err = os.Remove(file)
		}
		if err == nil {
			removed++
		}
		return err
	})
	if err != nil {
		return removed, fmt.Errorf("drop unfinished blobs: %w", err)
	}
	return removed, nil
}

// Keys are the keys of everything that is whole, in order.
func (s *Store) Keys(ctx context.Context) (keys []string, err error) {
	err = s.files(ctx, func(file string, _ fs.DirEntry) error {
		key, err := filepath.Rel(s.dir, file)
		if err == nil && !unfinished(file) {
			keys = append(keys, filepath.ToSlash(key))
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list the blobs: %w", err)
	}
	return keys, nil
}

// files visits every file of the folder; one that goes away meanwhile is none.
func (s *Store) files(ctx context.Context, visit func(file string, entry fs.DirEntry) error) error {
	return filepath.WalkDir(s.dir, func(file string, entry fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil
		case err != nil:
			return err
		case ctx.Err() != nil:
			return ctx.Err()
		case entry.IsDir():
			return nil
		}
		return visit(file, entry)
	})
}

// unfinished reports whether a file is what a write goes to before it is whole: fileblob's name for it, or Path's.
func unfinished(file string) bool {
	return filepath.Ext(file) == ".tmp" || filepath.Ext(file) == ".part"
}

// valid refuses keys that a folder could not hold under their own name: a key is words of a-z, 0-9, '-', '_' and '.'
// between slashes. Keys are made by this program, so another one is a mistake of ours.
func valid(key string) error {
	for _, r := range key {
		if (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-' && r != '_' && r != '.' && r != '/' {
			return fmt.Errorf("blob: %q is no key", key)
		}
	}
	if !fs.ValidPath(key) || key == "." || path.Ext(key) == ".attrs" {
		return fmt.Errorf("blob: %q is no key", key)
	}
	return nil
}
