package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// report is a whole run.
type report struct {
	options options
	machine machine
	version string
	day     time.Time
	markets []measured
}

func (r report) errors() (n int) {
	for _, m := range r.markets {
		for _, row := range m.rows {
			n += row.errors
		}
		for _, one := range m.beside.comparisons {
			for _, row := range one.results {
				n += row.errors
			}
		}
	}
	return n
}

// head says what was measured, when and on what, and how to have the same again.
func (r report) head(command string) string {
	var b strings.Builder
	o := r.options
	if n := r.errors(); n > 0 {
		fmt.Fprintf(&b, "**%d requests failed: the numbers below are worth nothing.**\n\n", n)
	}
	fmt.Fprintf(&b, "%s, commit `%s`: %d listed products, seed %d, %g s for each line after %g s that are not counted; limits of rate are off.\n",
		r.day.Format(time.DateOnly), r.version, o.products, o.seed, o.seconds, o.warmUp)
	fmt.Fprintf(&b, "%s, %s cores, %s; %s, %s. To repeat: `%s`\n", r.machine.cpu, r.machine.cores, r.machine.memory, r.machine.system, r.machine.goVersion, command)
	return b.String()
}

// alone is the report of the market alone, as people read it; "" where it was not measured so.
func (r report) alone() string {
	if !r.options.alone {
		return ""
	}
	b := strings.Builder{}
	b.WriteString(r.head(r.options.command("bench")))
	for _, m := range r.markets {
		fmt.Fprintf(&b, "\n### %s\n\n", map[string]string{"sqlite": "SQLite", "postgres": "Postgres"}[m.database])
		fmt.Fprintf(&b, "On %s; %s.\n\n", m.disk, m.loaded)
		b.WriteString("| case | connections | requests/s | p50 ms | p99 ms | errors | server CPU ms | Postgres CPU ms | client CPU ms | statements | memory MB | at most MB | its own MB | others % |\n")
		b.WriteString("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n")
		for _, row := range m.rows {
			b.WriteString(row.markdown(m.database == "postgres"))
		}
	}
	return b.String()
}

// beside is the report of the market and those beside it; "" where there were none.
func (r report) beside() string {
	var b strings.Builder
	for _, m := range r.markets {
		f := m.beside
		if len(f.comparisons) == 0 {
			continue
		}
		b.WriteString(r.head(r.options.command("besidebench")))
		fmt.Fprintf(&b, "On %s; %s. Beside it: %s. They find the same for %s that were drawn; only those are searched for.\n\n", m.disk, m.loaded, strings.Join(f.about[1:], "; "), f.agreed)
		b.WriteString("| case | connections | who | requests/s | p50 ms | p99 ms | errors | its CPU ms | Postgres CPU ms | client CPU ms | KB | memory MB | at most MB | its own MB | others % |\n")
		b.WriteString("|---|--:|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n")
		for _, one := range f.comparisons {
			for i, row := range one.results {
				fmt.Fprintf(&b, "| %s | %d | %s | %s | %s | %s | %d | %s | %s | %s | %s | %d | %d | %d | %.0f |\n", row.name, row.connections, f.names[i], short(row.perSecond), ms(row.p50), ms(row.p99), row.errors,
					ms(row.server), ms(row.postgres), ms(row.client), short(float64(row.bytes)/1000), row.memory.now>>20, row.memory.most>>20, row.memory.own>>20, 100*row.others)
			}
		}
		b.WriteString("\n| " + f.names[0] + " to | connections")
		for _, name := range f.names[1:] {
			fmt.Fprintf(&b, " | %[1]s: requests/s | %[1]s: p99 | %[1]s: CPU", name)
		}
		b.WriteString(" |\n|---|--:" + strings.Repeat("|--:|--:|--:", len(f.names)-1) + "|\n")
		for _, one := range f.comparisons {
			ours := one.results[0]
			fmt.Fprintf(&b, "| %s | %d", ours.name, ours.connections)
			for _, theirs := range one.results[1:] {
				fmt.Fprintf(&b, " | %s | %s | %s", ratio(ours.perSecond, theirs.perSecond), ratio(float64(ours.p99), float64(theirs.p99)), ratio(float64(ours.server+ours.postgres), float64(theirs.server+theirs.postgres)))
			}
			b.WriteString(" |\n")
		}
	}
	return b.String()
}

// ratio is of one to another; a dash where that is nothing.
func ratio(a, b float64) string {
	if b == 0 {
		return "–"
	}
	return short(a / b)
}

func (row result) markdown(onPostgres bool) string {
	postgres := "–"
	if onPostgres {
		postgres = ms(row.postgres)
	}
	return fmt.Sprintf("| %s | %d | %s | %s | %s | %d | %s | %s | %s | %.1f | %d | %d | %d | %.0f |\n", row.name, row.connections, short(row.perSecond), ms(row.p50), ms(row.p99), row.errors,
		ms(row.server), postgres, ms(row.client), row.statements, row.memory.now>>20, row.memory.most>>20, row.memory.own>>20, 100*row.others)
}

// line is a result for who waits.
func (row result) line() string {
	return fmt.Sprintf("%-20s %2d connections  %7s/s  p50 %s ms  p99 %s ms  %d errors", row.name, row.connections, short(row.perSecond), ms(row.p50), ms(row.p99), row.errors)
}

func ms(d time.Duration) string { return short(float64(d) / float64(time.Millisecond)) }

// short shows about as many digits as mean something.
func short(x float64) string {
	switch {
	case x >= 100:
		return strconv.FormatFloat(x, 'f', 0, 64)
	case x >= 10:
		return strconv.FormatFloat(x, 'f', 1, 64)
	}
	return strconv.FormatFloat(x, 'f', 2, 64)
}

// command is what a person types to have the same again.
func (o options) command(target string) string {
	text := "make " + target
	databasesOf := map[string]string{"bench": "sqlite postgres", "besidebench": strings.Join(o.databases, " ")} // besidebench has its own
	for _, variable := range []struct{ name, value, usual string }{
		{"BENCH_PRODUCTS", strconv.Itoa(o.products), "100000"},
		{"BENCH_SEED", strconv.FormatUint(o.seed, 10), "1"},
		{"BENCH_SECONDS", strconv.FormatFloat(o.seconds, 'g', -1, 64), "5"},
		{"BENCH_DATABASES", strings.Join(o.databases, " "), databasesOf[target]},
		{"BENCH_BESIDE", strings.Join(o.beside, " "), "postgraphile sql"},
		{"BENCH_CONNECTIONS", strings.Trim(fmt.Sprint(o.connections), "[]"), "1 16 64"},
	} {
		if variable.value != variable.usual {
			text += fmt.Sprintf(" %s=%q", variable.name, variable.value)
		}
	}
	return text
}

// A section of a document lies between two marks.
type section struct{ begin, end string }

var (
	aloneSection  = section{"<!-- bench: what `make bench` found last; it writes everything up to the next mark -->\n", "<!-- /bench -->\n"}
	besideSection = section{"<!-- beside: what `make bench` or `make besidebench` found last; they write everything up to the next mark -->\n", "<!-- /beside -->\n"}
)

// rewrite puts a report into a section of a document; an empty one changes nothing.
func (s section) rewrite(document, text string) error {
	if text == "" {
		return nil
	}
	old, err := os.ReadFile(document)
	if err != nil {
		return err
	}
	before, rest, begins := bytes.Cut(old, []byte(s.begin))
	_, after, ends := bytes.Cut(rest, []byte(s.end))
	if !begins || !ends {
		return fmt.Errorf("%s has no marks of bench", document)
	}
	return os.WriteFile(document, fmt.Appendf(nil, "%s%s\n%s\n%s%s", before, s.begin, text, s.end, after), 0o644)
}

// thisMachine reads what the machine is; what it does not say is left out.
func thisMachine() machine {
	m := machine{cores: strconv.Itoa(runtime.NumCPU()), goVersion: runtime.Version()}
	m.cpu = valueOf("/proc/cpuinfo", "model name\t: ")
	if kB, err := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(valueOf("/proc/meminfo", "MemTotal:"), " kB")), 10, 64); err == nil {
		m.memory = fmt.Sprintf("%.0f GiB", float64(kB)/(1<<20))
	}
	m.system = strings.Trim(valueOf("/etc/os-release", "PRETTY_NAME="), `"`) + ", Linux " + strings.TrimSpace(valueOf("/proc/sys/kernel/osrelease", ""))
	return m
}

// valueOf is the rest of the first line of a file that begins so.
func valueOf(file, prefix string) string {
	text, _ := os.ReadFile(file) // a file that is not there says nothing
	for line := range strings.Lines(string(text)) {
		if value, found := strings.CutPrefix(line, prefix); found {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// fileSystemOf is the type of the file system that a folder is on.
func fileSystemOf(folder string) string {
	folder, err := filepath.Abs(folder)
	mounts, readErr := os.ReadFile("/proc/self/mounts")
	if errors.Join(err, readErr) != nil {
		return "an unknown file system"
	}
	at, kind := "", "an unknown file system"
	for line := range strings.Lines(string(mounts)) {
		f := strings.Fields(line)
		if len(f) > 2 && len(f[1]) >= len(at) && (f[1] == "/" || folder == f[1] || strings.HasPrefix(folder, f[1]+"/")) {
			at, kind = f[1], f[2]
		}
	}
	return kind
}

func versionOf(program string) string {
	said, err := exec.Command(program, "version").Output()
	words := strings.Fields(string(said)) // gongshu NUMBER …
	if err != nil || len(words) < 2 {
		return "unknown"
	}
	return words[1]
}
