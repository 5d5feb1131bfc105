package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestMain lets the test binary be the program itself, so that tests start it as people do: as a process.
func TestMain(m *testing.M) {
	if os.Getenv("GONGSHU_TEST_PROGRAM") != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// gongshu is the program with arguments, in an empty folder of its own, with nothing configured but a free port.
func gongshu(t *testing.T, folder string, args ...string) *exec.Cmd {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), program, args...)
	command.Dir = folder
	command.Env = []string{"GONGSHU_TEST_PROGRAM=1", "GONGSHU_ADDR=127.0.0.1:0", "GONGSHU_DEMO=false", "PATH=" + os.Getenv("PATH"), "TMPDIR=" + os.TempDir()}
	return command
}

func TestCommandsSayWhatTheyDidAndExit(t *testing.T) {
	folder := t.TempDir()
	catalogue, err := filepath.Abs("../../data/catalogue-batch-1.json")
	if err != nil {
		t.Fatal(err)
	}
	workbook, err := filepath.Abs("../../internal/catalogue/testdata/batch-1.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	wrong := filepath.Join(folder, "wrong.csv")
	const table = "目录名称,甲\n来源文件,乙\n发布日期,2025-07-22\n实施机构,丙\n领域,数源单位,资源名称,数据项,更新周期,提供方式\n丁,戊局,己库,庚,每天,接口\n"
	if err := os.WriteFile(wrong, []byte(table), 0o600); err != nil {
		t.Fatal(err)
	}
	found := []string{"admin", "admin@example.cn", "--organisation", "平台", "--credit-code", "91510700MA6GNGXH16"}
	for _, c := range []struct {
		name  string
		args  []string
		stdin string
		code  int
		says  string
	}{
		{"reconciling what is not there yet", []string{"reconcile"}, "", 1, "gongshu: the database is not at the newest version; run: gongshu migrate"},
		{"migrating", []string{"migrate"}, "", 0, "applied"},
		{"migrating again", []string{"migrate"}, "", 0, "newest version"},
		{"trying an import", []string{"import", "--dry-run", catalogue}, "", 0, "Nothing was changed. It would be: 13 resources added"},
		{"importing", []string{"import", catalogue}, "", 0, "13 resources added, 0 changed, 0 as they were"},
		{"importing again", []string{"import", catalogue}, "", 0, "0 resources added, 0 changed, 13 as they were"},
		{"importing the same as a table", []string{"import", workbook}, "", 0, "0 resources added, 0 changed, 13 as they were"},
		{"importing a table with mistakes", []string{"import", wrong}, "", 1, "E6 第 6 行「更新周期」 row 6, column \"更新周期\": UPDATE_CYCLE_UNKNOWN: "},
		{"writing a template", []string{"template", "catalogue.xlsx"}, "", 0, "Written: catalogue.xlsx"},
		{"writing over a file", []string{"template", "catalogue.xlsx"}, "", 1, "exists"},
		{"writing a template of no kind", []string{"template", "catalogue.ods"}, "", 1, ".xlsx or .csv"},
		{"importing the template as it is", []string{"import", "catalogue.xlsx"}, "", 1, "A9 第 9 行「领域 Domain」 row 9, column \"领域 Domain\": ROW_EXAMPLE: This is an example of the template; delete it."},
		{"importing what is no kind", []string{"import", "--kind=people", workbook}, "", 2, "--kind must be one of"},
		{"founding the platform with a weak password", found, "x\n", 1, "password"},
		{"founding the platform", found, "correct horse battery\n", 0, "founded"},
		{"founding it again", found, "correct horse battery\n", 1, "PLATFORM_EXISTS"},
		{"building the index", []string{"reindex"}, "", 0, "holds 0 listed products"},
		{"reconciling", []string{"reconcile"}, "", 0, "invariants hold"},
		{"asking for the version", []string{"version"}, "", 0, "gongshu development"},
		{"asking for help", []string{"--help"}, "", 0, "Usage: gongshu"},
		{"a word that is no command", []string{"sevre"}, "", 2, "unexpected argument"},
		{"a database that is not reached", []string{"migrate", "--database-url=postgres://gongshu:hunter2@127.0.0.1:1/none?sslmode=disable"}, "", 1,
			"gongshu: open the database: the database cannot be reached: no server answers at the address of its URL\n"},
		{"a database on a host that is not", []string{"reconcile", "--database-url=postgres://gongshu:hunter2@none.invalid/none"}, "", 1, "the host of its URL is not known\n"},
		{"a database of another kind", []string{"migrate", "--database-url=mysql://gongshu:hunter2@127.0.0.1/none"}, "", 1, "neither postgres://… nor sqlite://…\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			command := gongshu(t, folder, c.args...)
			command.Stdin = strings.NewReader(c.stdin)
			output, _ := command.CombinedOutput() // its error is the exit code, which is looked at
			if code := command.ProcessState.ExitCode(); code != c.code || !bytes.Contains(output, []byte(c.says)) {
				t.Errorf("want %d and %q, got %d and:\n%s", c.code, c.says, code, output)
			}
			if bytes.Contains(output, []byte("hunter2")) {
				t.Errorf("it tells the database's password:\n%s", output)
			}
		})
	}
}
