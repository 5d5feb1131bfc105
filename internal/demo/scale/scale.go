// Package scale owns the scale market: as many listed products as are asked for, over 200 operators and 2,000 resources,
// half as many orders, and everything under and behind them, all of it synthetic and saying so.
//
// It describes the rows and hands them to the store's bulk writing; no use-case brings them about, so that it answers for
// what use-cases would refuse: its products pass the listing gate, its prices are quoted, its fees shared and its rights
// made by the market's own rules, and the whole passes every invariant. Of the procedures it writes their approval; audit
// records it writes one, of the load.
//
// It promises that the same seed and number give the same rows, ids and times included, whenever they are made; that a
// market is there whole or not at all; and that memory grows with the number of products by no more than 8 bytes for each,
// the odds of its being ordered.
package scale

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gongshu/internal/authorisation"
	"gongshu/internal/demo"
	"gongshu/internal/fault"
	"gongshu/internal/market"
	"gongshu/internal/store"
)

// MaxProducts is the greatest number of products.
const MaxProducts = 1_000_000

// passwordHash is of demo.Password, made once: all share it, and the rows of two loads are equal.
const passwordHash = "$argon2id$v=19$m=19456,t=2,p=1$2TH7Td4GVmlb0+8HbpTpSQ$hBsUUnlPFqp4ql9DfQNpkcHO1FnoOMdfadiOoLOX2qo"

const (
	mailHost       = "@scale.gongshu.example"
	sourceDocument = "合成目录（演示）"
)

// SignIns are accounts of the scale market worth trying, all with demo.Password.
var SignIns = []demo.SignIn{
	{Email: "buyer1" + mailHost, As: "enterprise that buys most / 采购最多的企业"},
	{Email: "welfare1" + mailHost, As: "public-welfare organisation / 公益组织"},
	{Email: "operator1.publisher" + mailHost, As: "largest operator: products / 最大的运营机构：产品"},
	{Email: "operator1.finance" + mailHost, As: "largest operator: revenue / 最大的运营机构：收入"},
	{Email: "agency.approver" + mailHost, As: "implementing agency: decides / 实施机构：审批"},
	{Email: "registrar.approver" + mailHost, As: "registrar / 登记机构"},
	{Email: "platform.admin" + mailHost, As: "platform / 平台方"},
}

// Load fills an empty database with a scale market of n products; progress says what is done and how much of it.
// What is cut short leaves nothing behind but files that the next load writes again.
//
// Refused with SCALE_OUT_OF_RANGE when n is not 1 to 1,000,000, SCALE_NOT_EMPTY where the database holds a market, and
// SCALE_OUT_OF_TIME when today is before or after the days on which its agreements are in force and its orders placed.
func Load(ctx context.Context, m *market.Market, n int, seed uint64, progress func(string)) error {
	if n < 1 || n > MaxProducts {
		return fault.New(fault.Invalid, "SCALE_OUT_OF_RANGE", "A scale market has 1 to %d products.", MaxProducts).At("scale").With("max", MaxProducts)
	}
	state, err := demo.StateOf(ctx, m.Store)
	switch {
	case err != nil:
		return err
	case state != demo.Nothing:
		return notEmpty()
	}
	s := &scheme{draw: draw{seed}, count: n, today: authorisation.DayOf(m.Store.Now())}
	if s.policies, err = m.Store.Policies(ctx); err != nil {
		return err
	}
	last := authorisation.DayOf(signedAt).TermEnd(s.policies.Agreement.TermMonths)
	if today := authorisation.DayOf(m.Store.Now()); today.Before(wholeOn) || today.After(last) {
		return fault.New(fault.Conflict, "SCALE_OUT_OF_TIME", "The scale market is of the days from %s to %s; outside of them its products could not be listed.", wholeOn, last)
	}
	progress("datasets")
	if s.served, err = writeDatasets(ctx, s.draw, m.Blobs, s.policies.OutputControl); err != nil {
		return err
	}
	if s.evidence, err = writeEvidence(ctx, s.draw, m.Blobs); err != nil {
		return err
	}
	err = m.Store.Fill(ctx, func(ctx context.Context, b *store.Bulk) error { return s.fill(ctx, b, progress) })
	if errors.Is(err, store.ErrNotEmpty) {
		return notEmpty()
	}
	return err
}

func notEmpty() error {
	return fault.New(fault.Conflict, "SCALE_NOT_EMPTY", "A scale market goes into an empty database, and this one holds a market already.")
}

func (s *scheme) fill(ctx context.Context, to *store.Bulk, progress func(string)) error {
	var b batch
	progress("participants, resources and grants")
	if err := s.lay(&b); err != nil {
		return err
	}
	if err := b.write(ctx, to); err != nil {
		return err
	}
	orders, free := (s.count+1)/2, (s.count+19)/20
	for _, part := range []struct {
		what string
		n    int
		lay  func(n int) error
	}{
		{"products", s.count, func(n int) error { return s.layProduct(&b, s.product(n)) }},
		{"orders", orders, func(n int) error { return s.layOrder(&b, n, orders) }},
		{"free uses", free, func(n int) error { return s.layFreeUse(&b, n, free) }},
	} {
		err := s.each(part.n, part.lay, func() error { return b.write(ctx, to) }, func(done int) {
			progress(fmt.Sprintf("%d of %d %s", done, part.n, part.what))
		})
		if err != nil {
			return err
		}
	}
	return to.Record(ctx, store.Act{Name: demo.ScaleAct, Kind: "Demo", Change: map[string]any{"products": s.count, "orders": orders, "seed": s.seed}})
}

// chunk is how many products or orders are held in memory before they are written.
const chunk = 2000

// each lays so many things and writes them chunk by chunk; it tells what is done at most once in two seconds.
func (s *scheme) each(n int, lay func(int) error, write func() error, tell func(done int)) error {
	told := time.Now()
	for i := range n {
		if err := lay(i); err != nil {
			return err
		}
		if (i+1)%chunk != 0 && i+1 != n {
			continue
		}
		if err := write(); err != nil {
			return err
		}
		if time.Since(told) > 2*time.Second || i+1 == n {
			tell(i + 1)
			told = time.Now()
		}
	}
	return nil
}
