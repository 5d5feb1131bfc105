// Package hold keeps a folder for one process at a time.
package hold

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// ErrHeld says that another process has the folder.
var ErrHeld = errors.New("another process has it open")

// Folder takes a folder, which it makes where it is not there, for this process until it is closed; ErrHeld at once where
// another has it under that name.
func Folder(dir, name string) (io.Closer, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the folder %s: %w", name, err)
	}
	f, err := os.OpenFile(filepath.Join(dir, name), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", name, err)
	}
	if err := lock(f); err != nil {
		return nil, errors.Join(fmt.Errorf("open %s: %w: %w", name, ErrHeld, err), f.Close())
	}
	return f, nil
}
