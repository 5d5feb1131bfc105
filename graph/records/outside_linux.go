package records

import "syscall"

// outside is memory that Go's collector knows nothing of, until release is called.
func outside(size int) (memory []byte, release func(), err error) {
	memory, err = syscall.Mmap(-1, 0, size, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	// It fails for what is not mapped alone.
	return memory, func() { _ = syscall.Munmap(memory) }, err
}
