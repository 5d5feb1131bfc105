package policy

import "gongshu/internal/tabular"

// CalendarTemplate is the table of a calendar to fill in. As it is, it is refused: its rows are examples.
var CalendarTemplate = tabular.Template{
	Title: "工作日历", GuideTitle: "填写说明 Guide", Columns: CalendarColumns,
	Examples: [][]string{
		{"示例：2027", "", "2027-01-01", "2027-01-03", "休", "示例：国务院办公厅通知文号"},
		{"示例：2027", "2027-01-09", "", "", "班", ""},
	},
	Choices: map[string][]string{"kind": {"休", "班"}},
	Guide: [][2]string{
		{"按国务院办公厅放假通知逐行填写，并删除示例行：仍有示例的文件不予导入。", "Fill in the State Council's notice row by row and delete the examples: a file that still has them is refused."},
		{"每次导入一个或多个完整年度；通知涉及上一年12月的日期，年份仍填通知所属年度。", "A year is loaded whole. Where its notice touches the December before, the year is that of the notice."},
		{"导入前会检查全部内容，有错误时逐一列出行和列，不会导入任何一行。", "Everything is checked first; mistakes are listed by row and column, and then nothing is imported."},
	},
	Explained: map[string][2]string{
		"year":   {"通知所属年度，如：2027", "The year of the notice: 2027"},
		"day":    {"单独一天，如：2027-01-09", "A single day: 2027-01-09"},
		"first":  {"连续放假的第一天", "The first of several days"},
		"last":   {"连续放假的最后一天", "The last of several days"},
		"kind":   {"休：放假；班：周末上班", "休: days off; 班: days of a weekend that are worked"},
		"source": {"通知文号，每年填一次即可，也可在导入时用 --source 给出", "The notice's number, once for a year, or with --source at the import"},
	},
}

// CodeTableTemplate is the table of code tables to fill in. As it is, it is refused: its rows are examples.
var CodeTableTemplate = tabular.Template{
	Title: "代码表", GuideTitle: "填写说明 Guide", Columns: CodeTableColumns,
	Examples: [][]string{
		{"示例：theme", "B0300", "交通运输", "Transport", "示例：NDI-TR-2025-06"},
		{"示例：theme", "C0200", "医疗卫生", "Health", ""},
	},
	Guide: [][2]string{
		{"每行填写一个代码，并删除示例行：仍有示例的文件不予导入。", "Fill in one code in each row and delete the examples: a file that still has them is refused."},
		{"每个代码表整体导入；文件中没有的代码表保持不变。", "A code table is loaded whole; one that is not in the file stays."},
		{"导入前会检查全部内容，有错误时逐一列出行和列，不会导入任何一行。", "Everything is checked first; mistakes are listed by row and column, and then nothing is imported."},
	},
	Explained: map[string][2]string{
		"table":  {"如：theme、updateFrequency", "theme, updateFrequency"},
		"code":   {"按文本填写，保留前导零，如：001", "As text, with its leading zeros: 001"},
		"name":   {"代码的含义", "What the code means"},
		"nameEn": {"英文含义", "The same in English"},
		"source": {"标准或文件名称，每个代码表填一次即可，也可在导入时用 --source 给出", "The document, once for a table, or with --source at the import"},
	},
}
