// Package demo owns the loading of the demo market: the real first batch of resources with participants, agreements,
// grants and listed products that are synthetic and say so.
//
// What it describes is package demo/market; here it is brought about by the market's own use-cases, each done as the
// person whose part it is. It promises that loading twice changes nothing, that a load that was cut short goes on
// where it stopped, and that what people did with the demo meanwhile is left alone.
package demo

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"gongshu/ent/db/auditrecord"
	spec "gongshu/internal/demo/market"
	"gongshu/internal/fault"
	"gongshu/internal/market"
	"gongshu/internal/store"
)

// Password opens every demo account. It is printed at start and guards nothing.
const Password = "gongshu-demo"

// SignIn is a demo account worth trying.
type SignIn struct{ Email, As string }

// SignIns are the demo accounts that the program prints, one for each part.
var SignIns = []SignIn{
	{"bank.buyer@demo.gongshu.example", "enterprise that buys / 企业采购"},
	{"welfare.admin@demo.gongshu.example", "public-welfare organisation / 公益组织"},
	{"insurer.admin@demo.gongshu.example", "insurer, billed by the month: buys / 按月结算的保险企业：采购"},
	{"insurer.finance@demo.gongshu.example", "insurer: pays its bills / 保险企业：付账"},
	{"operator.publisher@demo.gongshu.example", "operator: products / 运营机构：产品"},
	{"operator.finance@demo.gongshu.example", "operator: revenue / 运营机构：收入"},
	{"operator.controller@demo.gongshu.example", "operator: decides with finance / 运营机构：财务复核"},
	{"agency.approver@demo.gongshu.example", "implementing agency: decides / 实施机构：审批"},
	{"agency.security@demo.gongshu.example", "implementing agency: security review / 实施机构：安全审查"},
	{"development.source@demo.gongshu.example", "source unit / 数源单位"},
	{"bus.source@demo.gongshu.example", "source unit: income and statements / 数源单位：收益与结算"},
	{"vendor.finance@demo.gongshu.example", "data vendor: statements / 数商：结算"},
	{"finance.authority@demo.gongshu.example", "industry authority / 行业主管部门"},
	{"transport.authority@demo.gongshu.example", "industry authority: caps of public utilities / 行业主管部门：公用事业价格上限"},
	{"price.approver@demo.gongshu.example", "price authority: cost surveys / 价格主管部门：成本调查"},
	{"registrar.approver@demo.gongshu.example", "registrar / 登记机构"},
	{"platform.admin@demo.gongshu.example", "platform / 平台方"},
	{"platform.finance@demo.gongshu.example", "platform: settlement / 平台方：结算"},
	{"platform.auditor@demo.gongshu.example", "platform: looks into differences / 平台方：审计"},
}

type loader struct {
	market *market.Market
	store  *store.Store
	cast   *cast
	seed   uint64
	// permitted is the operator's permitted revenue of this year.
	permitted uuid.UUID
}

// State says how far the demo is.
type State int

// Nothing: the database is empty. Begun: a load was cut short. Whole: it is there. Taken: the market is somebody's own.
// Scale: a scale market is there (package scale), which is a demo market too, and takes no other into it.
const (
	Nothing State = iota
	Begun
	Whole
	Taken
	Scale
)

// StateOf reads how far the demo is.
func StateOf(ctx context.Context, s *store.Store) (State, error) {
	ctx = store.AsSystem(ctx)
	acts, err := s.Read().AuditRecord.Query().Where(auditrecord.ActionIn(beginAct, wholeAct, ScaleAct)).Select(auditrecord.FieldAction).Strings(ctx)
	if err != nil {
		return Nothing, fmt.Errorf("look for the demo: %w", err)
	}
	switch {
	case slices.Contains(acts, ScaleAct):
		return Scale, nil
	case slices.Contains(acts, wholeAct):
		return Whole, nil
	case len(acts) > 0:
		return Begun, nil
	}
	taken, err := s.Read().Organisation.Query().Exist(ctx)
	if taken {
		return Taken, err
	}
	return Nothing, err
}

// The acts that the audit log knows the load by.
const (
	beginAct = "demoBegin"
	wholeAct = "demoWhole"
	// ScaleAct is the act of package scale.
	ScaleAct = "demoScale"
)

// Load brings the demo market about; progress says what is being done, for people who wait.
// The same seed gives the same rows. It is refused with DEMO_NOT_EMPTY where the market is somebody's own.
func Load(ctx context.Context, m *market.Market, seed uint64, progress func(string)) error {
	state, err := StateOf(ctx, m.Store)
	switch {
	case err != nil || state == Whole:
		return err
	case state == Taken || state == Scale:
		return fault.New(fault.Conflict, "DEMO_NOT_EMPTY", "The demo market goes into an empty database, and this one has organisations of its own.")
	}
	hash, err := market.HashPassword(ctx, Password)
	if err != nil {
		return err
	}
	progress("participants")
	if err := layParticipants(ctx, m.Store, hash); err != nil {
		return fmt.Errorf("demo participants: %w", err)
	}
	cast, err := readCast(ctx, m.Store)
	if err != nil {
		return fmt.Errorf("demo participants: %w", err)
	}
	l := &loader{market: m, store: m.Store, cast: cast, seed: seed}
	if err := l.load(ctx, progress); err != nil {
		return err
	}
	return m.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		return tx.Record(ctx, store.Act{Name: wholeAct, Kind: "Demo"})
	})
}

func (l *loader) load(ctx context.Context, progress func(string)) error {
	progress("discounts")
	if err := l.discounts(ctx); err != nil {
		return fmt.Errorf("demo discounts: %w", err)
	}
	progress("resources of the first batch")
	if err := l.resources(ctx); err != nil {
		return fmt.Errorf("demo resources: %w", err)
	}
	progress("agreement and grants")
	if err := l.authorise(ctx); err != nil {
		return fmt.Errorf("demo authorisation: %w", err)
	}
	progress("permitted revenue")
	var err error
	if l.permitted, err = l.permit(ctx); err != nil {
		return fmt.Errorf("demo permitted revenue: %w", err)
	}
	for i, p := range spec.Products() {
		progress(fmt.Sprintf("product %d of %d", i+1, len(spec.Products())))
		if err := l.product(ctx, p); err != nil {
			return fmt.Errorf("demo product %s: %w", p.Key, err)
		}
	}
	progress("a month of use")
	if err := l.monthOfUse(ctx); err != nil {
		return fmt.Errorf("demo use: %w", err)
	}
	progress("a month to settle")
	if err := l.monthToSettle(ctx); err != nil {
		return fmt.Errorf("demo settlement: %w", err)
	}
	return nil
}

func mailboxOf(p spec.Person) string {
	mailbox, _, _ := strings.Cut(p.Email, "@")
	return mailbox
}
