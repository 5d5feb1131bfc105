package meilitest

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// token is a word, or what lies between words.
type token struct {
	lemma      string
	start, end int // in bytes of the text
	separator  bool
	hard       bool
}

// normal is a text as words are compared: NFKD without accents, in small letters.
func normal(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) || unicode.IsControl(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFKD.String(text))
}

// hardSeparators end what words can be near to each other.
const hardSeparators = ".;,!?()[]{}|。；，！？、（）【】"

// tokenize cuts a text into words and single separators. A full stop within a number belongs to it.
func tokenize(text string) []token {
	var tokens []token
	start, script := -1, 0
	flush := func(end int) {
		if start < 0 {
			return
		}
		if script == han {
			tokens = append(tokens, segment(text[start:end], start)...)
		} else if lemma := normal(text[start:end]); lemma != "" {
			tokens = append(tokens, token{lemma: lemma, start: start, end: end})
		}
		start = -1
	}
	for i, r := range text {
		size := utf8.RuneLen(r)
		if r == utf8.RuneError {
			_, size = utf8.DecodeRuneInString(text[i:])
		}
		kind := scriptOf(r)
		if r == '.' && start >= 0 && script == other && i > 0 && i+1 < len(text) && digit(text[i-1]) && digit(text[i+1]) {
			continue
		}
		if kind == none {
			flush(i)
			hard := strings.ContainsRune(hardSeparators, r)
			if r == '.' || r == ',' { // hard only before a blank or the end
				hard = i+1 == len(text) || text[i+1] == ' '
			}
			tokens = append(tokens, token{lemma: string(r), start: i, end: i + size, separator: true, hard: hard})
			continue
		}
		if kind == mark {
			continue
		}
		if start < 0 || kind != script {
			flush(i)
			start, script = i, kind
		}
	}
	flush(len(text))
	return tokens
}

func digit(c byte) bool { return '0' <= c && c <= '9' }

// The scripts that texts are parted by.
const (
	none = iota
	mark
	han
	other
)

func scriptOf(r rune) int {
	switch {
	case unicode.Is(unicode.Han, r):
		return han
	case unicode.IsMark(r):
		return mark
	case unicode.IsLetter(r), unicode.IsDigit(r):
		return other
	}
	return none
}

// segment cuts a run of Chinese characters by the longest words of the list; a character that begins none is one itself.
func segment(run string, start int) []token {
	var tokens []token
	for at := 0; at < len(run); {
		_, size := utf8.DecodeRuneInString(run[at:])
		for end := min(len(run), at+longestWord); end > at+size; end-- {
			if dictionary[run[at:end]] {
				size = end - at
				break
			}
		}
		tokens = append(tokens, token{lemma: run[at : at+size], start: start + at, end: start + at + size})
		at += size
	}
	return tokens
}

const longestWord = 24

// dictionary is a small part of the words that a Chinese dictionary has.
var dictionary = func() map[string]bool {
	all := map[string]bool{}
	for _, word := range strings.Fields(`
		企业 供水 核验 用水 用水量 情况 纳税 纳税人 信用 等级 信用等级 评价 结果 气象 观测 气象观测 数据 气象局 气象站 地面 资源 气温 降水 降水量 温度 风速
		小时 服务 公用 事业 公用事业 公用事业局 市水 水务 集团 水务集团 绵阳 绵阳市 税务 税务局 总局 国家 国家税务总局 税务总局 统一 社会 代码 统一社会信用代码
		名单 信息 供水户 医保 公交 产品 普通 按月 提供 脱敏 汇总 除外 编号 台账 综合 运营 机构 单位 数源 交通 一般 说明 含有 其他 并发 湖泊 监测 水位
		无编号 旧名 新名 抄表 日期 天气 气候 供应 区块 区块链 加密 货币 行情 走势 哪里 可以 查到 请问 罚款 记录 即将 下架 独有 数据项 空气 质量 空气质量 客流
		公共 汽车 公共汽车 站点 线路 预测 模型 指数 月度 统计 局 市 的 和 与 有没有`) {
		all[word] = true
	}
	return all
}()
