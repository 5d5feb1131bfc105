//go:build unix

package hold

import (
	"os"
	"syscall"
)

// lock takes a file for this process until it is closed; it fails at once where another has it.
func lock(f *os.File) error { return syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) }
