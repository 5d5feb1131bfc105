package harvest

import (
	"strconv"

	"gongshu/internal/authorisation"
	"gongshu/internal/dictionary"
	"gongshu/internal/purpose"
)

// The bounds of data calls, as package dataset has them; a test holds them to it.
const (
	maxFirst     = 1000
	defaultFirst = 100
	maxInValues  = 50
	maxFilters   = 20
)

// OpenAPI describes the data calls of a product in OpenAPI 3.1: docs/data-calls.md for a program that writes clients.
func (s Site) OpenAPI(p Product, l Licence) []byte {
	zh, en := p.Described()
	usesZh, usesEn := p.uses()
	title, titleEn := licenceTitle(l)
	info := object{
		"title": beside(p.Name, p.NameEn), "version": p.version(), "license": object{"name": beside(title, titleEn)},
		"description": both(zh, en) + "\n\n" + both(usesZh, usesEn), "x-gongshu-identifier": p.Identifier,
	}
	if p.Synthetic {
		info["x-gongshu-synthetic"] = true
	}
	calls := openAPI{p}
	paths := object{}
	if p.Delivery == authorisation.DeliveryAPI {
		paths[callsPath(p)+"/rows"] = object{"get": calls.rows()}
		paths[callsPath(p)+"/sample"] = object{"get": calls.sample()}
	} else {
		paths[callsPath(p)+"/download-link"] = object{"post": calls.link()}
		paths["/data/v1/downloads/{token}"] = object{"get": calls.download()}
	}
	return indented(object{
		"openapi": "3.1.0", "jsonSchemaDialect": "https://spec.openapis.org/oas/3.1/dialect/base", "info": info,
		"servers": []object{{"url": string(s)}}, "paths": paths,
		"externalDocs": object{"url": s.Page(p), "description": "产品页面 / the product's page"},
		"components": object{
			"securitySchemes": object{"credential": object{"type": "http", "scheme": "bearer",
				"description": "产品使用权的凭证（gsk_…），只显示一次 / the credential of a right to the product, which is shown once: gsk_…"}},
			"schemas": calls.schemas(),
			"headers": headers(),
		},
	})
}

// version is that of the description: what is said of the product, and the data that it serves.
func (p Product) version() string {
	if p.Dataset == nil {
		return "0"
	}
	return strconv.Itoa(p.Dataset.Number)
}

type openAPI struct{ Product }

func (o openAPI) rows() object {
	answers := object{
		"200": answer("一页数据 / a page of rows", object{"application/json": object{"schema": ref("schemas", "Page")}},
			"X-Usage-Id", "Gongshu-Quota-Unit", "Gongshu-Quota-Limit", "Gongshu-Quota-Remaining", "Gongshu-Synthetic", "RateLimit-Policy", "RateLimit", "X-Request-Id"),
	}
	refusals(answers, "400", "PURPOSE_HEADER_MISSING", "PURPOSE_UNKNOWN", "IDEMPOTENCY_KEY_INVALID", "SUBJECT_INVALID", "FILTER_COLUMN_UNKNOWN", "FILTER_NOT_ALLOWED",
		"FILTER_OP_INVALID", "FILTER_VALUE_INVALID", "FILTERS_TOO_MANY", "FIRST_INVALID", "CURSOR_INVALID", "QUERY_MALFORMED", "HEADER_TWICE")
	refusals(answers, "401", "CREDENTIAL_INVALID")
	refusals(answers, "403", rightRefused...)
	refusals(answers, "404", "NOT_FOUND")
	refusals(answers, "409", "DELIVERY_OTHER", "DATASET_MISSING", "QUOTA_EXHAUSTED", "IDEMPOTENCY_KEY_REUSED", "CHANGED_MEANWHILE")
	always(answers)
	return object{
		"operationId": "rows", "summary": "一页数据 / a page of rows", "security": []object{{"credential": []string{}}},
		"description": "每页计一次使用；同一幂等键重复调用得到同一页且不再计量。 / Each page is one use; the same idempotency key brings the same page again without being metered.",
		"parameters": append([]object{o.purposeHeader(),
			header("Idempotency-Key", false, object{"type": "string", "minLength": 1, "maxLength": 128, "pattern": "^[ -~]+$"}, "幂等键 / names this call, so that it can be repeated"),
			header("Gongshu-Subject", false, object{"type": "string", "maxLength": 200}, "本次使用涉及的对象，入库前经散列 / whom or what the use is about; it is hashed before it is kept"),
		}, o.query()...),
		"responses": answers,
	}
}

func (o openAPI) sample() object {
	answers := object{"200": answer("一页脱敏样例 / a page of the masked sample", object{"application/json": object{"schema": ref("schemas", "Page")}},
		"Gongshu-Sample", "Gongshu-Synthetic", "RateLimit-Policy", "RateLimit", "X-Request-Id")}
	refusals(answers, "400", "FILTER_COLUMN_UNKNOWN", "FILTER_NOT_ALLOWED", "FILTER_OP_INVALID", "FILTER_VALUE_INVALID", "FILTERS_TOO_MANY", "FIRST_INVALID", "CURSOR_INVALID",
		"QUERY_MALFORMED", "HEADER_TWICE")
	refusals(answers, "404", "NOT_FOUND")
	refusals(answers, "409", "DELIVERY_OTHER")
	always(answers)
	return object{
		"operationId": "sample", "summary": "一页脱敏样例 / a page of the masked sample", "security": []object{},
		"description": "参数与回答同数据调用；人人可调，不计量。 / The same parameters and the same answer as a call for rows; for everybody, and not metered.",
		"parameters":  o.query(), "responses": answers,
	}
}

func (o openAPI) link() object {
	answers := object{"201": answer("下载链接，15 分钟内有效 / a link to the file, for 15 minutes", object{"application/json": object{"schema": ref("schemas", "Link")}},
		"Gongshu-Synthetic", "RateLimit-Policy", "RateLimit", "X-Request-Id")}
	refusals(answers, "400", "PURPOSE_HEADER_MISSING", "PURPOSE_UNKNOWN")
	refusals(answers, "401", "CREDENTIAL_INVALID")
	refusals(answers, "403", rightRefused...)
	refusals(answers, "404", "NOT_FOUND")
	refusals(answers, "409", "DELIVERY_OTHER", "DATASET_MISSING", "QUOTA_EXHAUSTED")
	always(answers)
	return object{
		"operationId": "downloadLink", "summary": "取得下载链接 / makes a link to the file", "security": []object{{"credential": []string{}}},
		"parameters": []object{o.purposeHeader()}, "responses": answers,
	}
}

func (o openAPI) download() object {
	csv := object{"text/csv": object{"schema": object{"type": "string", "description": "UTF-8，首行为列名 / UTF-8, the names of the columns in the first line"}}}
	answers := object{
		"200": answer("整个文件 / the whole file", csv, "ETag", "X-Usage-Id", "Gongshu-Synthetic", "RateLimit-Policy", "RateLimit", "X-Request-Id"),
		"206": answer("文件的一段 / a range of it", csv, "ETag", "Content-Range", "X-Usage-Id", "Gongshu-Synthetic", "RateLimit-Policy", "RateLimit", "X-Request-Id"),
		"304": object{"description": "未变 / it is the one that the condition names"},
	}
	refusals(answers, "401", "CREDENTIAL_INVALID")
	refusals(answers, "403", rightRefused...)
	refusals(answers, "404", "NOT_FOUND")
	refusals(answers, "409", "DATASET_MISSING", "QUOTA_EXHAUSTED", "CHANGED_MEANWHILE")
	refusals(answers, "410", "LINK_EXPIRED")
	refusals(answers, "412", "PRECONDITION_FAILED")
	refusals(answers, "416", "RANGE_NOT_SATISFIABLE")
	always(answers)
	return object{
		"operationId": "download", "summary": "下载文件 / the file, by ranges where asked", "security": []object{},
		"description": "链接本身即凭据；首个字节送出时计量一次。 / The link is the right; the download is metered once, at its first byte.",
		"parameters": []object{
			{"name": "token", "in": "path", "required": true, "schema": object{"type": "string"}, "description": "下载链接的末段 / the end of the link"},
			header("Range", false, object{"type": "string"}, "HTTP 范围 / a range of bytes"),
			header("If-None-Match", false, object{"type": "string"}, "已有文件的 ETag / the ETag of the file that is there already"),
		},
		"responses": answers,
	}
}

var rightRefused = []string{"ENTITLEMENT_REVOKED", "ENTITLEMENT_SUSPENDED", "ENTITLEMENT_NOT_STARTED", "ENTITLEMENT_EXPIRED", "PURPOSE_MISMATCH", "ORGANISATION_SUSPENDED", "PRODUCT_SUSPENDED"}

func always(answers object) {
	refusals(answers, "429", "RATE_LIMITED")
	refusals(answers, "500", "INTERNAL")
	refusals(answers, "503", "UNAVAILABLE")
}

// refusals are the codes that a call is refused with by a status.
func refusals(answers object, status string, codes ...string) {
	names := []string{"X-Request-Id"}
	if status == "429" || status == "503" {
		names = append(names, "Retry-After")
	}
	text := ""
	for i, code := range codes {
		if i > 0 {
			text += ", "
		}
		text += code
	}
	answers[status] = answer(text, object{"application/problem+json": object{"schema": object{
		"allOf": []object{ref("schemas", "Problem"), {"properties": object{"code": object{"enum": codes}}}},
	}}}, names...)
}

func answer(description string, content object, names ...string) object {
	said := object{}
	for _, name := range names {
		said[name] = ref("headers", name)
	}
	return object{"description": description, "content": content, "headers": said}
}

func ref(kind, name string) object { return object{"$ref": "#/components/" + kind + "/" + name} }

func header(name string, required bool, schema object, description string) object {
	return object{"name": name, "in": "header", "required": required, "schema": schema, "description": description}
}

// purposeHeader takes the purposes that the product is granted for, and all where it is granted for none at present.
func (o openAPI) purposeHeader() object {
	purposes := o.Purposes
	if len(purposes) == 0 {
		purposes = purpose.All
	}
	return header("Gongshu-Purpose", true, object{"type": "string", "enum": purposes}, "本次使用的用途，须与使用权一致 / what this use is for; it must be the purpose of the right")
}

// comparisons are the comparisons that filters have, beside that of equality, in the order in which they are shown.
var comparisons = []struct{ op, zh, en string }{
	{"ne", "不等于", "is not"}, {"lt", "小于", "is less than"}, {"lte", "不大于", "is at most"}, {"gt", "大于", "is more than"}, {"gte", "不小于", "is at least"},
	{"prefix", "以此开头", "begins with"}, {"in", "是其中之一", "is one of"},
}

func compares(t dictionary.Type, op string) bool {
	switch op {
	case "ne":
		return true
	case "prefix":
		return t == dictionary.Text
	}
	return t != dictionary.Boolean
}

// query are the parameters of a page: filters on each column that has them, first and after.
func (o openAPI) query() []object {
	parameter := func(name string, schema object, description string) object {
		return object{"name": name, "in": "query", "required": false, "schema": schema, "description": description}
	}
	out := []object{
		parameter("first", object{"type": "integer", "minimum": 1, "maximum": maxFirst, "default": defaultFirst}, "本页行数 / how many rows the page has"),
		parameter("after", object{"type": "string"}, "上一页的 next / the next of the page before"),
	}
	limit := "至多 " + strconv.Itoa(maxFilters) + " 个筛选 / at most " + strconv.Itoa(maxFilters) + " filters in all"
	for _, c := range o.Columns {
		if !c.Filterable {
			continue
		}
		name := c.Name
		if name == "first" || name == "after" { // these are the page's own
			name += "[eq]"
		}
		label := beside(c.Label, c.LabelEn)
		out = append(out, parameter(name, filterValue(c.Type), label+"：等于 / is; "+limit))
		for _, by := range comparisons {
			if !compares(c.Type, by.op) {
				continue
			}
			p := parameter(c.Name+"["+by.op+"]", filterValue(c.Type), label+"："+by.zh+" / "+by.en)
			if by.op == "in" {
				p["schema"] = object{"type": "array", "items": filterValue(c.Type), "minItems": 1, "maxItems": maxInValues}
				p["style"], p["explode"] = "form", false
			}
			out = append(out, p)
		}
	}
	return out
}

// filterValue is a value as a filter takes it.
func filterValue(t dictionary.Type) object {
	o := cellOf(t)
	if t == dictionary.Text {
		o["minLength"] = 1
	}
	return o
}

// decimalPattern is an exact decimal in its shortest form.
const decimalPattern = `^-?(0|[1-9][0-9]{0,19})(\.[0-9]{1,20})?$`

// cellOf is a value as JSON has it.
func cellOf(t dictionary.Type) object {
	switch t {
	case dictionary.Integer:
		return object{"type": "integer", "format": "int64"}
	case dictionary.Decimal:
		return object{"type": "string", "pattern": decimalPattern}
	case dictionary.Date:
		return object{"type": "string", "format": "date"}
	case dictionary.DateTime:
		return object{"type": "string", "format": "date-time"}
	case dictionary.Boolean:
		return object{"type": "boolean"}
	}
	return object{"type": "string"}
}

func (o openAPI) schemas() object {
	properties, names := object{}, []string{}
	for _, c := range o.Columns {
		cell := cellOf(c.Type)
		if !c.Required {
			cell["type"] = []string{cell["type"].(string), "null"}
		}
		cell["title"], cell["description"] = beside(c.Label, c.LabelEn), both(c.Description, c.DescriptionEn)
		if c.Unit != "" {
			cell["x-unit"] = c.Unit
		}
		properties[c.Name] = cell
		names = append(names, c.Name)
	}
	out := object{
		"Row": object{"type": "object", "properties": properties, "required": names, "additionalProperties": false,
			"description": "按数据字典的一行；没有值的格为 null / a row as the dictionary has it; a cell without a value is null"},
		"Problem": object{
			"type": "object", "description": "RFC 9457", "required": []string{"type", "title", "status", "code", "detail"},
			"properties": object{
				"type": object{"type": "string", "format": "uri"}, "title": object{"type": "string"}, "status": object{"type": "integer"},
				"code":   object{"type": "string", "description": "稳定的代码，据此分辨 / stable: tell refusals apart by it"},
				"detail": object{"type": "string"}, "field": object{"type": "string"}, "params": object{"type": "object"},
				"problems": object{"type": "array", "items": object{"type": "object", "required": []string{"code", "detail"}, "properties": object{
					"code": object{"type": "string"}, "detail": object{"type": "string"}, "field": object{"type": "string"}, "params": object{"type": "object"},
				}}},
			},
		},
	}
	if o.Delivery == authorisation.DeliveryAPI {
		out["Page"] = object{
			"type": "object", "required": []string{"product", "dataset", "rows", "hasMore", "next"}, "additionalProperties": false,
			"properties": object{
				"sample":    object{"const": true, "description": "脱敏样例 / the rows are of the masked sample"},
				"synthetic": object{"const": true, "description": "演示用合成数据 / the data was made up for demonstration"},
				"product":   object{"const": o.PublicID()},
				"dataset":   object{"type": []string{"integer", "null"}, "description": "数据版本；变了要从头翻页；样例为 null / when it changes, begin anew; null of a sample"},
				"rows":      object{"type": "array", "items": ref("schemas", "Row"), "maxItems": maxFirst},
				"hasMore":   object{"type": "boolean"},
				"next":      object{"type": []string{"string", "null"}, "description": "下一页的 after / the after of the next page"},
			},
		}
		return out
	}
	out["Link"] = object{
		"type": "object", "required": []string{"url", "expiresAt", "bytes", "rows"}, "additionalProperties": false,
		"properties": object{
			"url": object{"type": "string", "format": "uri-reference"}, "expiresAt": object{"type": "string", "format": "date-time"},
			"bytes": object{"type": "integer"}, "rows": object{"type": "integer"}, "synthetic": object{"const": true},
		},
	}
	return out
}

func headers() object {
	one := func(schema object, description string) object {
		return object{"schema": schema, "description": description}
	}
	text, number := object{"type": "string"}, object{"type": "integer", "minimum": 0}
	return object{
		"X-Usage-Id":              one(text, "本次计量的名称 / names the metered use"),
		"X-Request-Id":            one(text, "求助时请提供 / name it when you ask for help"),
		"Gongshu-Quota-Unit":      one(object{"type": "string", "enum": []string{"calls", "bytes"}}, "配额单位；不限量则无 / absent where the quota is unlimited"),
		"Gongshu-Quota-Limit":     one(number, "配额 / the quota"),
		"Gongshu-Quota-Remaining": one(number, "剩余 / what this use left of it"),
		"Gongshu-Synthetic":       one(object{"const": "true"}, "演示用合成数据 / made up for demonstration"),
		"Gongshu-Sample":          one(object{"const": "true"}, "脱敏样例 / of the masked sample"),
		"RateLimit-Policy":        one(text, "速率上限 / what may be spent in a minute"),
		"RateLimit":               one(text, "速率剩余 / what is left of it"),
		"Retry-After":             one(number, "等候秒数 / how many seconds to wait"),
		"ETag":                    one(text, "文件的版本 / the version of the file"),
		"Content-Range":           one(text, "哪一段 / which range"),
	}
}
