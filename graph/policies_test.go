package graph

import (
	"testing"

	"gongshu/internal/access"
)

func TestEverybodySeesTheCalendarAndTheCodeTables(t *testing.T) {
	eachHarness(t, func(t *testing.T, h *harness) {
		var out struct {
			WorkingCalendar struct {
				Years []struct {
					Year                int
					EffectiveOn, Source string
					Holidays            []struct{ FirstOn, LastOn string }
					MakeUpDays          []string
				}
				MissingYears       []int
				WaitingProceedings int
			}
			Now  []struct{ Name string }
			Then []struct{ Name string }
			One  *struct {
				EffectiveOn, Source string
				Codes               []struct {
					Code, Name string
					NameEn     *string
				}
			}
			None *struct{ Name string }
		}
		ctx := access.With(t.Context(), access.Viewer{})
		if _, err := h.Store.Policies(ctx); err != nil { // which are kept
			t.Fatal(err)
		}
		errs, statements := h.do(t, ctx, `{
			workingCalendar { years { year effectiveOn source holidays { firstOn lastOn } makeUpDays } missingYears waitingProceedings }
			now: codeTables { name }
			then: codeTables(on: "2025-07-21") { name }
			one: codeTable(name: "updateFrequency") { effectiveOn source codes { code name nameEn } }
			none: codeTable(name: "nothing") { name }
		}`, nil, &out)
		if errs != nil {
			t.Fatal(errs)
		}
		c := out.WorkingCalendar
		if len(c.Years) != 2 || c.Years[1].Year != 2026 || c.Years[1].EffectiveOn != "2026-01-01" || c.Years[1].Source != "国办发明电〔2025〕7号" ||
			c.Years[1].Holidays[0].LastOn != "2026-01-03" || c.Years[1].MakeUpDays[0] != "2026-01-04" || c.MissingYears == nil || c.WaitingProceedings != 0 {
			t.Errorf("the calendar is %+v", c)
		}
		if len(out.Now) != 7 || len(out.Then) != 0 || out.None != nil {
			t.Errorf("the tables are %v, before they hold %v, one that is none %v", out.Now, out.Then, out.None)
		}
		if out.One == nil || out.One.EffectiveOn != "2025-07-22" || len(out.One.Codes) != 9 || *out.One.Codes[0].NameEn != "real-time" {
			t.Errorf("update frequency is %+v", out.One)
		}
		if statements > 7 {
			t.Errorf("%d statements", statements)
		}
	})
}
