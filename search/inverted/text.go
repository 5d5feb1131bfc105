package inverted

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"gongshu/search/lex"
)

// token is a piece of folded text: a run of characters that are written without spaces, or a word.
type token struct {
	text string
	// start is where it begins.
	start int
	// run says that it is a run of characters, not a word.
	run bool
}

func (t token) end() int { return t.start + len(t.text) }

// scan cuts folded text into tokens.
func scan(folded string) (tokens []token) {
	lex.Scan(folded, isCharacter, func(start, end int, run bool) {
		tokens = append(tokens, token{text: folded[start:end], start: start, run: run})
	})
	return tokens
}

// isCharacter reports whether r is of a script that is written without spaces.
func isCharacter(r rune) bool {
	return r > 0x2e7f && (unicode.Is(unicode.Han, r) || unicode.In(r, unicode.Hiragana, unicode.Katakana, unicode.Hangul))
}

// isRun reports whether a text is of such characters alone.
func isRun(text string) bool {
	return text != "" && !strings.ContainsFunc(text, func(r rune) bool { return !isCharacter(r) })
}

// stem takes the ending of a plural off an English word. It goes no further, so that different words stay apart.
func stem(word string) string {
	n := len(word)
	if n < 4 || word[n-1] != 's' {
		return word
	}
	switch {
	case strings.HasSuffix(word, "ies") && n > 4:
		return word[:n-3] + "y"
	case strings.HasSuffix(word, "uses") && n > 4 && !strings.ContainsRune("aeo", rune(word[n-5])):
		return word[:n-2] // buses, statuses; causes and houses end in an e
	case strings.HasSuffix(word, "sses"), strings.HasSuffix(word, "ches"), strings.HasSuffix(word, "shes"), strings.HasSuffix(word, "xes"):
		return word[:n-2]
	case strings.HasSuffix(word, "ss"), strings.HasSuffix(word, "us"), strings.HasSuffix(word, "is"):
		return word
	default:
		return word[:n-1]
	}
}

// terms calls do with every term that the folded text of a document is found by: characters and pairs of them, stems,
// pairs of neighbouring stems, and a name with a number in one piece (icd-11 as icd11).
func terms(folded string, do func(term []byte)) {
	var buffer []byte
	previous, last := "", -1
	for _, t := range scan(folded) {
		if t.run {
			previous = ""
			for i, r := range t.text {
				do([]byte(t.text[i : i+utf8.RuneLen(r)]))
			}
			lex.Pairs(t.text, func(pair string) { do([]byte(pair)) })
			continue
		}
		word := stem(t.text)
		do([]byte(word))
		if previous != "" {
			buffer = append(append(append(buffer[:0], previous...), ' '), word...)
			do(buffer)
			if t.start == last+1 && folded[last] == '-' && (hasDigit(previous) || hasDigit(word)) {
				do(append(append(buffer[:0], previous...), word...))
			}
		}
		previous, last = word, t.end()
	}
}

func hasDigit(word string) bool { return strings.ContainsAny(word, "0123456789") }

func set(words string) map[string]bool {
	all := map[string]bool{}
	for _, word := range strings.Fields(words) {
		all[word] = true
	}
	return all
}

// stops are English words that a query may hold without meaning them, as stems.
var stops = set(`a an and any are as at be been by can could did do does for from get give has have how i if in into is it its let many me
	most much my need of on or our please show some tell than that the their them there these they this those to us want was we were
	what up lookup search query when where which who why will with would you your find find look looking about each every exist`)

// askings are what a question is made of that says nothing of what is looked for, the longer first where one begins the other.
var askings = []string{
	"我想知道", "我想了解", "我想查询", "我想找", "我想要", "我想看", "我想做", "我需要", "我们想", "我们要", "我们", "我想", "我要", "想知道", "想了解", "想查询", "想要", "想找", "想看", "想做",
	"请问", "请帮我找", "请帮我", "帮我找", "帮我", "有没有", "有哪些", "是哪些", "哪些", "在哪里", "哪里能", "哪里可以", "哪里", "在哪儿", "哪儿", "哪个", "哪一个", "哪一", "怎么样", "怎么", "怎样", "如何",
	"为什么", "什么地方", "什么", "多少", "能不能", "是不是", "可不可以", "能否", "可以", "可用于", "用于", "能找到", "能查到", "找到", "查到", "查一下", "一下", "需要", "比较好", "比较", "里的", "的", "吗", "呢", "了",
}

// lookups are what is said beside the name of something to be looked up. A text is no question for them.
var lookups = []string{"查询", "怎么查询", "怎么查看", "怎么查", "如何查询", "如何查看", "如何查", "在哪查询", "在哪查", "在线查询", "查一查"}

// weak are words that nearly everything here could be called; where nothing has all words, they are dropped first.
var weak = []string{"数据", "信息", "资料", "情况", "相关", "产品", "接口", "数据集"}

var weakWords = set("data dataset information product api")

// forms are words at the end of a run for the form in which something comes, and formWords the English ones, as stems. Where
// nothing has all words, they are dropped after the weak ones; single characters are what a word is made a measure with.
var forms = []string{"报告", "报表", "统计", "明细", "清单", "名录", "目录", "列表", "大全", "汇总", "排名", "排行", "排行榜", "榜单", "指数", "地图", "下载",
	"查找", "查看", "检索", "平台", "系统", "服务", "量", "数", "率", "值", "额", "表", "图", "库", "榜"}

var formWords = set("report statistic list table ranking index map download platform system service app")

// trimForms takes forms off the end of a run.
func trimForms(run string) string {
	for {
		end := len(run)
		for _, form := range forms {
			if start := len(run) - len(form); start < end && strings.HasSuffix(run, form) {
				end = start
			}
		}
		if end == len(run) {
			return run
		}
		run = run[:end]
	}
}

// cut takes all of the words out of a run of characters and returns what lies between.
func cut(run string, lists ...[]string) []lex.Span {
	var parts []lex.Span
	start := 0
	for i := 0; i < len(run); {
		size := 0
		for _, words := range lists {
			for _, word := range words {
				if len(word) > size && strings.HasPrefix(run[i:], word) {
					size = len(word)
				}
			}
		}
		if size == 0 {
			_, size := utf8.DecodeRuneInString(run[i:])
			i += size
			continue
		}
		if i > start {
			parts = append(parts, lex.Span{Text: run[start:i], Start: start})
		}
		i += size
		start = i
	}
	if start < len(run) {
		parts = append(parts, lex.Span{Text: run[start:], Start: start})
	}
	return parts
}
