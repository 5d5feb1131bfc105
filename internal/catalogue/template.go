package catalogue

import "gongshu/internal/tabular"

// Template is the table of a catalogue to fill in. As it is, it is refused: its facts are missing and its rows are examples.
var Template = tabular.Template{
	Title: "公共数据资源目录", GuideTitle: "填写说明 Guide",
	Facts: TableFacts, Columns: Columns,
	Examples: [][]string{
		{"示例：卫生健康", "Health", "市卫生健康委", "Municipal Health Commission", "居民健康档案库", "Resident health records",
			"诊断时间", "Diagnosis time", "精确到日", "否", "每日", "", "接口、库表", "不含个人身份和特征信息"},
		{"", "", "", "", "", "", "示例：居民姓名", "Resident's name", "", "是", "", "", "", ""},
	},
	Choices: map[string][]string{
		"masked":      {"是", "否"},
		"updateCycle": {"定期", "实时", "每日", "每周", "每月", "每季度", "每半年", "每年", "不定期", "历史数据"},
		"provision":   {"接口", "库表", "文件", "接口、库表", "接口、文件", "库表、文件", "接口、库表、文件"},
	},
	Guide: [][2]string{
		{"在表头上方填写目录名称、来源文件、发布日期和实施机构，从示例行开始逐行填写资源，并删除示例行：仍有示例的文件不予导入。",
			"Fill in the facts above the header, then one resource after the other from the example rows on; delete the examples: a file that still has them is refused."},
		{"一行可填一个数据项；下一行的数据资源名称留空，即属于上面的资源。也可在一格内列出多个数据项，用“、”“；”或换行分隔。",
			"A row may hold one item; a row below without the resource's name belongs to the resource above. A cell may also list several items, divided by 、 or ； or line breaks."},
		{"领域、数源单位与上一行相同时可留空或合并单元格。", "A domain or source unit that is the same as above may be left empty, or its cells be merged."},
		{"不用的选填列可删除；不得增加其他列。没有“数据项说明”列时，数据项名称后的括号即为说明，括号内为“脱敏”的表示脱敏后提供。",
			"Optional columns may be deleted; others may not be added. Without the column Item note, a bracket behind an item is its note, and (脱敏) says that it is offered masked."},
		{"导入前会检查全部内容，有错误时逐一列出行和列，不会导入任何一行。", "Everything is checked first; mistakes are listed by row and column, and then nothing is imported."},
	},
	Explained: map[string][2]string{
		"title":           {"如：第一批拟授权运营的公共数据资源目录", "The name of the list"},
		"source":          {"发布目录的文件及文号，如：绵数发〔2025〕14号 附件1", "The document that the list is a part of, with its number"},
		"issued":          {"如：2025-07-22 或 2025年7月22日", "The day of the document: 2025-07-22"},
		"domain":          {"公共数据资源所属领域，如：卫生健康", "The domain of the resource"},
		"sourceUnit":      {"产生数据的单位", "The body whose data it is"},
		"name":            {"同一数源单位内不得重复", "Once in each source unit"},
		"item":            {"同一资源内不得重复；示例：宗地面积(亩)", "Once in each resource"},
		"itemEn":          {"一格内有多个数据项时，英文名个数应相同", "As many as there are items in the row"},
		"itemNote":        {"单位、粒度、取值等；一行只有一个数据项时可填", "A unit, a granularity, the values there are; in rows of one item"},
		"masked":          {"是：只提供脱敏后的数据；一行只有一个数据项时可填", "是 (yes): offered masked only; in rows of one item"},
		"updateCycle":     {"从列表中选择；“定期”没有对应代码", "One of the list; 定期 (periodic) has no code"},
		"updateCycleCode": {"更新周期为“定期”而实际频率已知时填写，如：MONTHLY", "Where 定期 has a known frequency: MONTHLY"},
		"provision":       {"接口、库表、文件中的一种或多种", "One or more of 接口 (API), 库表 (TABLE), 文件 (FILE)"},
		"note":            {"对整个资源的说明", "A note on the whole resource"},
	},
}
