package catalogue

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"gongshu/internal/authorisation"
	"gongshu/internal/fault"
	"gongshu/internal/legible"
)

// The limits of a file; the first batch has 13 KB, 13 resources and at most 9 items in one.
const (
	MaxBytes     = 4 << 20
	MaxResources = 2000
	MaxItems     = 500 // in one resource
	// The lengths of texts are bytes of UTF-8, in which a Chinese character takes three: so they are stored.
	MaxNameBytes   = 200
	MaxDomainBytes = 60 // of a domain and of an update cycle
	MaxNoteBytes   = 500
	// MaxFaults bounds how many mistakes are named; the last then says that there are more.
	MaxFaults = 200
)

// cycles are the words for 更新周期 and their codes (NDI-TR-2025-06); "" is a word without one.
var cycles = map[string]authorisation.UpdateFrequency{
	"定期":   "",
	"实时":   authorisation.RealTime,
	"每日":   authorisation.Daily,
	"每周":   authorisation.Weekly,
	"每月":   authorisation.Monthly,
	"每季度":  authorisation.Quarterly,
	"每半年":  authorisation.SemiAnnual,
	"每年":   authorisation.Annual,
	"不定期":  authorisation.Irregular,
	"历史数据": authorisation.Historical,
}

// provisions are the words for 提供方式 and their codes.
var provisions = map[string]authorisation.ProvisionMethod{
	"接口": authorisation.ProvisionAPI,
	"库表": authorisation.ProvisionTable,
	"文件": authorisation.ProvisionFile,
}

// Parse reads a catalogue file: one JSON object of the shape of data/catalogue-batch-1.json, in UTF-8.
//
// It is strict: members that are unknown or there twice, words outside the code tables, codes that contradict
// their words, repeated resources and items are all refused. Everything wrong is returned at once as a fault.List,
// each fault with its place (resources.3.items.2.name) and a stable code. A file that is no JSON at all is
// CATALOGUE_BROKEN with line and column, never with its content. A null member counts as absent.
func Parse(raw []byte) (Catalogue, error) {
	if len(raw) > MaxBytes {
		return Catalogue{}, fault.List{fault.New(fault.TooLarge, "CATALOGUE_TOO_LARGE", "A catalogue file has at most %d bytes.", MaxBytes).With("max", MaxBytes)}
	}
	raw = bytes.TrimPrefix(raw, []byte("\ufeff"))
	if at := invalidUTF8(raw); at >= 0 {
		return Catalogue{}, fault.List{broken(raw, at, "CATALOGUE_NOT_UTF8", "The file is not UTF-8 at line %d, column %d.")}
	}
	var whole json.RawMessage
	if err := json.Unmarshal(raw, &whole); err != nil {
		return Catalogue{}, fault.List{broken(raw, syntaxOffset(raw, err), "CATALOGUE_BROKEN", "The file is not one JSON value at line %d, column %d.")}
	}
	var r reader
	c := r.catalogue(whole)
	if err := r.wrong.OrNil(); err != nil {
		return Catalogue{}, err
	}
	return c, nil
}

func broken(raw []byte, offset int, code, message string) *fault.Error {
	before := raw[:offset]
	line := 1 + bytes.Count(before, []byte("\n"))
	column := 1 + utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:])
	return fault.New(fault.Invalid, code, message, line, column).With("line", line).With("column", column)
}

// invalidUTF8 returns the place of the first byte that is not UTF-8, -1 when there is none.
func invalidUTF8(raw []byte) int {
	for at := 0; at < len(raw); {
		r, size := utf8.DecodeRune(raw[at:])
		if r == utf8.RuneError && size == 1 {
			return at
		}
		at += size
	}
	return -1
}

func syntaxOffset(raw []byte, err error) int {
	var syntax *json.SyntaxError
	if !errors.As(err, &syntax) || errors.Is(err, io.ErrUnexpectedEOF) || strings.HasPrefix(err.Error(), "unexpected end") {
		return len(raw)
	}
	return min(max(int(syntax.Offset)-1, 0), len(raw)) // the offset counts the offending byte
}

// reader walks the file level by level, so that what is unknown is never unfolded.
type reader struct {
	wrong fault.List
}

func (r *reader) refuse(at string, e *fault.Error) {
	switch {
	case len(r.wrong) < MaxFaults:
		r.wrong = append(r.wrong, e.At(at))
	case len(r.wrong) == MaxFaults:
		r.wrong = append(r.wrong, moreFaults())
	}
}

func moreFaults() *fault.Error {
	return fault.New(fault.Invalid, "CATALOGUE_FAULTS_MORE", "There are more mistakes than the %d named here.", MaxFaults).With("max", MaxFaults)
}

func (r *reader) invalid(at, code, format string, args ...any) {
	r.refuse(at, fault.New(fault.Invalid, code, format, args...))
}

func (r *reader) catalogue(raw json.RawMessage) Catalogue {
	o := r.object(raw, "", "title", "titleEn", "source", "issued", "implementingAgency", "resources")
	c := Catalogue{
		Title:    r.required(o, "title", "TITLE_MISSING"),
		TitleEn:  r.text(o, "titleEn", MaxNameBytes),
		Source:   r.required(o, "source", "SOURCE_MISSING"),
		IssuedOn: r.day(o, "issued", "ISSUED_MISSING"),
	}
	if agency := r.needed(o, "implementingAgency", "AGENCY_MISSING"); agency != nil {
		a := r.object(agency, o.place("implementingAgency"), "name", "nameEn")
		c.Agency = Agency{Name: r.required(a, "name", "NAME_MISSING"), NameEn: r.text(a, "nameEn", MaxNameBytes)}
	}
	first := map[Key]int{}
	for i, element := range r.list(o, "resources", "RESOURCES_MISSING", MaxResources) {
		at := o.place("resources") + "." + strconv.Itoa(i)
		resource := r.resource(element, at)
		if key := resource.Key(); key.SourceUnit != "" && key.Name != "" {
			if j, taken := first[key]; taken {
				r.refuse(at+".name", fault.New(fault.Invalid, "RESOURCE_TWICE", "This source unit already has a resource of this name, at position %d.", j).With("first", j))
			} else {
				first[key] = i
			}
		}
		c.Resources = append(c.Resources, resource)
	}
	return c
}

func (r *reader) resource(raw json.RawMessage, at string) Resource {
	o := r.object(raw, at, "domain", "domainEn", "sourceUnit", "sourceUnitEn", "name", "nameEn", "items",
		"updateCycle", "updateCycleCode", "provision", "provisionCodes", "note")
	if o.absent {
		return Resource{}
	}
	resource := Resource{
		Domain:       r.requiredUpTo(o, "domain", "DOMAIN_MISSING", MaxDomainBytes),
		DomainEn:     r.text(o, "domainEn", MaxDomainBytes),
		SourceUnit:   r.required(o, "sourceUnit", "SOURCE_UNIT_MISSING"),
		SourceUnitEn: r.text(o, "sourceUnitEn", MaxNameBytes),
		Name:         r.required(o, "name", "NAME_MISSING"),
		NameEn:       r.text(o, "nameEn", MaxNameBytes),
		Note:         r.text(o, "note", MaxNoteBytes),
	}
	first := map[string]int{}
	for i, element := range r.list(o, "items", "ITEMS_MISSING", MaxItems) {
		itemAt := o.place("items") + "." + strconv.Itoa(i)
		item := r.item(element, itemAt)
		if item.Name != "" {
			if j, taken := first[item.Name]; taken {
				r.refuse(itemAt+".name", fault.New(fault.Invalid, "ITEM_TWICE", "This resource already has an item of this name, at position %d.", j).With("first", j))
			} else {
				first[item.Name] = i
			}
		}
		resource.Items = append(resource.Items, item)
	}
	resource.UpdateCycleText, resource.UpdateFrequency = r.cycle(o)
	resource.Provision = r.provision(o)
	return resource
}

func (r *reader) item(raw json.RawMessage, at string) Item {
	o := r.object(raw, at, "name", "nameEn", "note", "masked")
	if o.absent {
		return Item{}
	}
	return Item{
		Name:   r.required(o, "name", "NAME_MISSING"),
		NameEn: r.text(o, "nameEn", MaxNameBytes),
		Note:   r.text(o, "note", MaxNoteBytes),
		Masked: r.boolean(o, "masked"),
	}
}

// cycle reads 更新周期 and its code. A word that has a code implies it; 定期 may be given one beside it.
func (r *reader) cycle(o object) (string, *authorisation.UpdateFrequency) {
	words := r.requiredUpTo(o, "updateCycle", "UPDATE_CYCLE_MISSING", MaxDomainBytes)
	stated := authorisation.UpdateFrequency(r.text(o, "updateCycleCode", MaxNameBytes))
	if stated != "" && !slices.Contains(stated.Values(), string(stated)) {
		r.invalid(o.place("updateCycleCode"), "UPDATE_CYCLE_UNKNOWN", "There is no such update-frequency code.")
		return words, nil
	}
	if words == "" {
		return "", nil
	}
	implied, known := cycles[words]
	switch {
	case !known:
		r.invalid(o.place("updateCycle"), "UPDATE_CYCLE_UNKNOWN", "There is no such update cycle.")
		return words, nil
	case implied != "" && stated != "" && implied != stated:
		r.invalid(o.place("updateCycleCode"), "UPDATE_CYCLE_MISMATCH", "The code says another update cycle than the words.")
		return words, nil
	case implied == "":
		implied = stated
	}
	if implied == "" {
		return words, nil
	}
	return words, &implied
}

func (r *reader) provision(o object) []authorisation.ProvisionMethod {
	const max = 10
	before := len(r.wrong)
	var methods []authorisation.ProvisionMethod
	for i, word := range r.words(o, "provision", "PROVISION_MISSING", max) {
		at := o.place("provision") + "." + strconv.Itoa(i)
		method, known := provisions[word]
		switch {
		case word == "": // refused already
		case !known:
			r.invalid(at, "PROVISION_UNKNOWN", "There is no such provision method.")
		case slices.Contains(methods, method):
			r.invalid(at, "PROVISION_TWICE", "This provision method is there twice.")
		default:
			methods = append(methods, method)
		}
	}
	if !o.has("provisionCodes") {
		return methods
	}
	var codes []authorisation.ProvisionMethod
	for i, word := range r.words(o, "provisionCodes", "PROVISION_MISSING", max) {
		code := authorisation.ProvisionMethod(word)
		if word != "" && !slices.Contains(code.Values(), word) {
			r.invalid(o.place("provisionCodes")+"."+strconv.Itoa(i), "PROVISION_UNKNOWN", "There is no such provision code.")
		}
		codes = append(codes, code)
	}
	if len(r.wrong) == before && !slices.Equal(methods, codes) {
		r.invalid(o.place("provisionCodes"), "PROVISION_MISMATCH", "The codes say other provision methods than the words.")
	}
	return methods
}

// object is one JSON object whose members are known by name and still to be read.
type object struct {
	at      string
	members map[string]json.RawMessage
	absent  bool // it was no object, and that is already refused
}

func (o object) place(name string) string {
	if o.at == "" {
		return name
	}
	return o.at + "." + name
}

func (o object) has(name string) bool { return o.members[name] != nil }

// memberName is what a place can show of a member that nobody knows.
var memberName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_-]{0,47}$`)

// object reads one level of raw, which is valid JSON. Null members are left out.
func (r *reader) object(raw json.RawMessage, at string, known ...string) object {
	o := object{at: at, members: map[string]json.RawMessage{}}
	dec := json.NewDecoder(bytes.NewReader(raw))
	if open, err := dec.Token(); err != nil || open != json.Delim('{') {
		r.invalid(at, "CATALOGUE_TYPE_WRONG", "An object is needed here.")
		o.absent = true
		return o
	}
	seen := map[string]bool{}
	for dec.More() {
		token, err := dec.Token()
		name, isText := token.(string)
		var value json.RawMessage
		if err != nil || !isText || dec.Decode(&value) != nil {
			break // cannot be: raw is valid JSON
		}
		place := at
		if memberName.MatchString(name) {
			place = o.place(name)
		}
		switch {
		case !slices.Contains(known, name):
			r.invalid(place, "CATALOGUE_MEMBER_UNKNOWN", "There is no such member here.")
		case seen[name]:
			r.invalid(place, "CATALOGUE_MEMBER_TWICE", "This member is there twice.")
		case string(value) != "null":
			o.members[name] = value
		}
		seen[name] = true
	}
	return o
}

// list reads the elements of a member that must be a list with at least one of them.
func (r *reader) list(o object, name, missing string, max int) []json.RawMessage {
	if o.absent {
		return nil
	}
	raw := o.members[name]
	if raw == nil {
		r.invalid(o.place(name), missing, "At least one is needed here.")
		return nil
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	if open, err := dec.Token(); err != nil || open != json.Delim('[') {
		r.invalid(o.place(name), "CATALOGUE_TYPE_WRONG", "A list is needed here.")
		return nil
	}
	var elements []json.RawMessage
	for dec.More() {
		if len(elements) == max {
			r.refuse(o.place(name), fault.New(fault.TooLarge, "CATALOGUE_LIST_TOO_LONG", "This list has at most %d entries.", max).With("max", max))
			return elements
		}
		var element json.RawMessage
		if dec.Decode(&element) != nil {
			break // cannot be: raw is valid JSON
		}
		elements = append(elements, element)
	}
	if len(elements) == 0 {
		r.invalid(o.place(name), missing, "At least one is needed here.")
	}
	return elements
}

// words reads a list of texts; "" stands for one that was refused.
func (r *reader) words(o object, name, missing string, max int) []string {
	var words []string
	for i, element := range r.list(o, name, missing, max) {
		at := o.place(name) + "." + strconv.Itoa(i)
		word := r.textOf(element, at, MaxNameBytes)
		if word == "" && string(element) == `""` {
			r.invalid(at, missing, "A word is needed here.")
		}
		words = append(words, word)
	}
	return words
}

// needed returns a member that must be there, nil when it is not.
func (r *reader) needed(o object, name, missing string) json.RawMessage {
	if o.absent {
		return nil
	}
	if !o.has(name) {
		r.invalid(o.place(name), missing, "This is needed.")
	}
	return o.members[name]
}

// required reads a text that must not be empty.
func (r *reader) required(o object, name, missing string) string {
	return r.requiredUpTo(o, name, missing, MaxNameBytes)
}

func (r *reader) requiredUpTo(o object, name, missing string, max int) string {
	raw := r.needed(o, name, missing)
	if raw == nil {
		return ""
	}
	if string(raw) == `""` {
		r.invalid(o.place(name), missing, "This is needed.")
		return ""
	}
	return r.textOf(raw, o.place(name), max)
}

// text reads a text that may be absent.
func (r *reader) text(o object, name string, max int) string {
	if !o.has(name) {
		return ""
	}
	return r.textOf(o.members[name], o.place(name), max)
}

// textOf refuses what the eye cannot tell apart, since names are identities here: what package legible does, and white space at the ends.
func (r *reader) textOf(raw json.RawMessage, at string, max int) string {
	var text string
	if raw[0] != '"' || json.Unmarshal(raw, &text) != nil {
		r.invalid(at, "CATALOGUE_TYPE_WRONG", "A text is needed here.")
		return ""
	}
	if len(text) > max {
		r.refuse(at, fault.New(fault.Invalid, "TEXT_TOO_LONG", "This has at most %d bytes; a Chinese character takes three.", max).With("max", max))
		return ""
	}
	first, _ := utf8.DecodeRuneInString(text)
	last, _ := utf8.DecodeLastRuneInString(text)
	unfit := legible.Line(text)
	for _, end := range []rune{first, last} {
		if unfit == nil && unicode.IsSpace(end) {
			unfit = legible.Refuse(end)
		}
	}
	if unfit != nil {
		r.refuse(at, unfit)
		return ""
	}
	return text
}

func (r *reader) boolean(o object, name string) bool {
	switch string(o.members[name]) {
	case "true":
		return true
	case "false", "":
		return false
	}
	r.invalid(o.place(name), "CATALOGUE_TYPE_WRONG", "True or false is needed here.")
	return false
}

func (r *reader) day(o object, name, missing string) string {
	text := r.required(o, name, missing)
	if _, err := time.Parse(time.DateOnly, text); text != "" && err != nil {
		r.invalid(o.place(name), "ISSUED_INVALID", "There is no such day; one is written as 2026-11-25.")
		return ""
	}
	return text
}
