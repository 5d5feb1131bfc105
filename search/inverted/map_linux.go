package inverted

import (
	"os"
	"syscall"
)

// mapped gives the first bytes of a file as memory, until release is called. What is written there is the process's own.
// Once it is read through, and before anything is written there, idle gives back what memory that took.
func mapped(f *os.File, size int64) (all []byte, idle, release func(), err error) {
	all, err = syscall.Mmap(int(f.Fd()), 0, int(size), syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_PRIVATE)
	// Both fail for what is not mapped alone.
	return all, func() { _ = syscall.Madvise(all, syscall.MADV_DONTNEED) }, func() { _ = syscall.Munmap(all) }, err
}
