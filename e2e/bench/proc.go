package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// tick is the unit of the times in /proc: Linux counts them in hundredths of a second for every program.
const tick = 10 * time.Millisecond

// stat is what /proc/PID/stat says of a process.
type stat struct {
	parent int
	// used is its CPU time, that of its children that ended included.
	used time.Duration
}

// parseStat reads a line of /proc/PID/stat. The name of the program, in brackets, may hold anything.
func parseStat(line string) (p stat, err error) {
	_, rest, found := cutLast(line, ") ")
	fields := strings.Fields(rest) // from the third on: state, parent, …
	if !found || len(fields) < 15 {
		return p, fmt.Errorf("no line of /proc/PID/stat: %q", line)
	}
	if p.parent, err = strconv.Atoi(fields[1]); err != nil {
		return p, err
	}
	for _, text := range fields[11:15] { // utime, stime, cutime, cstime
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return p, err
		}
		p.used += time.Duration(n) * tick
	}
	return p, nil
}

func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}

// cpuOf is the CPU time of a process and of all its children, those that ended included.
func cpuOf(pid int) (total time.Duration, err error) {
	err = eachOf(pid, func(_ int, p stat) error {
		total += p.used
		return nil
	})
	return total, err
}

// eachOf visits a process and its children.
func eachOf(pid int, visit func(pid int, stat stat) error) error {
	own, err := readStat(pid)
	if err != nil {
		return err
	}
	if err := visit(pid, own); err != nil {
		return err
	}
	all, err := filepath.Glob("/proc/[0-9]*")
	if err != nil {
		return err
	}
	for _, dir := range all {
		child, err := strconv.Atoi(filepath.Base(dir))
		if err != nil {
			return err
		}
		is, err := readStat(child)
		if err == nil && is.parent == pid {
			err = visit(child, is)
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, syscall.ESRCH) { // it ended meanwhile
			return err
		}
	}
	return nil
}

func readStat(pid int) (stat, error) {
	line, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return stat{}, err
	}
	return parseStat(string(line))
}

// ownCPU is the CPU time of this process.
func ownCPU() (time.Duration, error) {
	var r syscall.Rusage
	err := syscall.Getrusage(syscall.RUSAGE_SELF, &r)
	return time.Duration(r.Utime.Nano() + r.Stime.Nano()), err
}

// wholeMachine is the CPU time of all processors since the start: busy, and altogether.
type wholeMachine struct{ busy, total time.Duration }

// parseMachine reads the first line of /proc/stat: user, nice, system, idle, waiting, interrupts (two), stolen. What
// guests used is part of user. Time that the host gave to others, stolen, is busy: nobody here could use it.
func parseMachine(text string) (m wholeMachine, err error) {
	line, _, _ := strings.Cut(text, "\n")
	fields := strings.Fields(line)
	if len(fields) < 9 || fields[0] != "cpu" {
		return m, fmt.Errorf("no first line of /proc/stat: %q", line)
	}
	for i, field := range fields[1:9] {
		n, err := strconv.ParseInt(field, 10, 64)
		if err != nil {
			return m, err
		}
		m.total += time.Duration(n) * tick
		if i != 3 && i != 4 {
			m.busy += time.Duration(n) * tick
		}
	}
	return m, nil
}

// memory is the resident memory of a process in bytes: now, the most since it was last forgotten, and what of now is its own and
// not pages of a file, as its program and a mapped index are, which the system may drop and read again.
type memory struct{ now, most, own int64 }

// parseMemory reads VmRSS, VmHWM and RssAnon of /proc/PID/status.
func parseMemory(status string) (m memory, err error) {
	for name, to := range map[string]*int64{"VmRSS:": &m.now, "VmHWM:": &m.most, "RssAnon:": &m.own} {
		_, rest, _ := strings.Cut(status, "\n"+name)
		line, _, _ := strings.Cut(rest, "\n")
		n, err := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(line, " kB")), 10, 64)
		if err != nil {
			return m, fmt.Errorf("no %s in /proc/PID/status", name)
		}
		*to = n << 10
	}
	return m, nil
}

// memoryOf is that of a process and of its children.
func memoryOf(pid int) (all memory, err error) {
	err = eachOf(pid, func(pid int, _ stat) error {
		status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
		if err != nil {
			return err
		}
		m, err := parseMemory(string(status))
		all.now, all.most, all.own = all.now+m.now, all.most+m.most, all.own+m.own
		return err
	})
	return all, err
}

// forgetMost makes the most memory of a process and of its children what they have now.
func forgetMost(pid int) error {
	return eachOf(pid, func(pid int, _ stat) error {
		return os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", pid), []byte("5"), 0)
	})
}

// machine is what the numbers were measured on.
type machine struct{ cpu, cores, memory, system, goVersion string }
