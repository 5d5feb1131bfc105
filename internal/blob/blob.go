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

// Path is where a blob lies on this machine, for what opens files in place, such as the SQLite file of a dataset.
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
