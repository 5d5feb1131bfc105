package meilitest

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"strconv"
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

// The separators of Meilisearch's tokenizer: punctuation, blanks, and these signs; any other sign belongs to a word.
// A hard one ends what words can be near to each other; full stop and comma are hard before a blank.
const (
	signs = "+`±×÷−∓"
	hard  = "!;?¡§¶¿。，；！？、"
)

func isSeparator(r rune) bool {
	return unicode.IsPunct(r) || unicode.IsSpace(r) || r == 0 || strings.ContainsRune(signs, r)
}

// tokenize cuts a text into words and single separators. Where the script changes a word ends; digits and signs belong to
// the script before them.
func (w *Dictionary) tokenize(text string) []token {
	var tokens []token
	start, script := -1, neutral
	flush := func(end int) {
		if start < 0 {
			return
		}
		if script == han {
			tokens = append(tokens, w.segment(text[start:end], start)...)
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
		if isSeparator(r) {
			flush(i)
			isHard := strings.ContainsRune(hard, r) || (r == '.' || r == ',') && strings.HasPrefix(text[i+size:], " ")
			tokens = append(tokens, token{lemma: string(r), start: i, end: i + size, separator: true, hard: isHard})
			continue
		}
		kind := scriptOf(r)
		if start >= 0 && kind != neutral && script != neutral && kind != script {
			flush(i)
		}
		if start < 0 {
			start = i
		}
		if kind != neutral {
			script = kind
		}
	}
	flush(len(text))
	return tokens
}

// The scripts that texts are parted by.
const (
	neutral = iota
	han
	other
)

func scriptOf(r rune) int {
	switch {
	case unicode.Is(unicode.Han, r):
		return han
	case unicode.IsLetter(r):
		return other
	}
	return neutral
}

// Dictionary is Chinese words with how often they are used.
type Dictionary struct {
	log   map[string]float64
	total float64
}

// ReadDictionary reads a dictionary as jieba has it: in each line a word, how often it is used, and what else there is.
func ReadDictionary(r io.Reader) (*Dictionary, error) {
	counts := map[string]float64{}
	total := 0.0
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		parts := strings.Fields(lines.Text())
		if len(parts) < 2 {
			continue
		}
		n, err := strconv.ParseFloat(parts[1], 64)
		if err != nil {
			return nil, fmt.Errorf("read a dictionary: %w", err)
		}
		counts[parts[0]], total = n, total+n
	}
	return weigh(counts, total), lines.Err()
}

func weigh(counts map[string]float64, total float64) *Dictionary {
	d := &Dictionary{map[string]float64{}, math.Log(total)}
	for word, n := range counts {
		d.log[word] = math.Log(max(n, 1)) - d.total
	}
	return d
}

// longestWord is the longest word that is looked for, in characters.
const longestWord = 16

// cut is where the words of a text end, the likeliest of all ways as jieba finds it without guessing unknown words.
func (w *Dictionary) cut(text string) []int {
	var at []int
	for i := range text {
		at = append(at, i)
	}
	at = append(at, len(text))
	best := make([]float64, len(at))
	next := make([]int, len(at))
	for i := len(at) - 2; i >= 0; i-- {
		best[i] = math.Inf(-1)
		for j := i + 1; j < len(at) && j <= i+longestWord; j++ {
			weight, known := w.log[text[at[i]:at[j]]]
			if !known {
				if j > i+1 {
					continue
				}
				weight = -w.total // as if it were used once
			}
			if weight+best[j] >= best[i] {
				best[i], next[i] = weight+best[j], j
			}
		}
	}
	var ends []int
	for i := 0; i < len(at)-1; i = next[i] {
		ends = append(ends, at[next[i]])
	}
	return ends
}

// segment cuts a text of Chinese characters, digits and signs: first as jieba does, then, as Meilisearch does, words of
// three characters and more into words of two or three that are in the dictionary, from the left.
func (w *Dictionary) segment(text string, start int) []token {
	var tokens []token
	add := func(from, to int) {
		if lemma := normal(text[from:to]); lemma != "" {
			tokens = append(tokens, token{lemma: lemma, start: start + from, end: start + to})
		}
	}
	at := 0
	for at < len(text) {
		if n := len(text[at:]) - len(strings.TrimLeft(text[at:], "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")); n > 0 {
			add(at, at+n)
			at += n
			continue
		}
		run := text[at:]
		if i := strings.IndexFunc(run, func(r rune) bool { return r < utf8.RuneSelf }); i >= 0 {
			run = run[:max(i, 1)]
		}
		from := 0
		for _, end := range w.cut(run) {
			for short := utf8.RuneCountInString(run[from:end]) <= 2; from < end; {
				size := len(first(run[from:end], 1))
				if short {
					size = end - from
				} else if w.has(first(run[from:end], 2)) {
					size = len(first(run[from:end], 2))
				} else if w.has(first(run[from:end], 3)) {
					size = len(first(run[from:end], 3))
				}
				add(at+from, at+from+size)
				from += size
			}
		}
		at += len(run)
	}
	return tokens
}

func (w *Dictionary) has(word string) bool {
	_, ok := w.log[word]
	return ok
}

// first are the first n characters of a text, all where it has fewer.
func first(text string, n int) string {
	for i := range text {
		if n == 0 {
			return text[:i]
		}
		n--
	}
	return text
}

// some are a small part of the words that a Chinese dictionary has.
var some = func() *Dictionary {
	counts := map[string]float64{}
	for _, word := range strings.Fields(`
		企业 供水 核验 用水 用水量 情况 纳税 纳税人 信用 等级 信用等级 评价 结果 气象 观测 气象观测 数据 气象局 气象站 地面 资源 气温 降水 降水量 温度 风速
		小时 服务 公用 事业 公用事业 公用事业局 市水 水务 集团 水务集团 绵阳 绵阳市 税务 税务局 总局 国家 国家税务总局 税务总局 统一 社会 代码 统一社会信用代码
		名单 信息 供水户 医保 公交 产品 普通 按月 提供 脱敏 汇总 除外 编号 台账 综合 运营 机构 单位 数源 交通 一般 说明 含有 其他 并发 湖泊 监测 水位
		无编号 旧名 新名 抄表 日期 天气 气候 供应 区块 区块链 加密 货币 行情 走势 哪里 可以 查到 请问 罚款 记录 即将 下架 独有 数据项 空气 质量 空气质量 客流
		公共 汽车 公共汽车 站点 线路 预测 模型 指数 月度 统计 局 市 的 和 与 有没有`) {
		counts[word] = 100
	}
	return weigh(counts, 10_000)
}()
