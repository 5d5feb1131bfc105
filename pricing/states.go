package pricing

// ChargingMode is what a price is charged per (计费方式).
type ChargingMode string

// The modes of P65 in use here.
const (
	PerProduct ChargingMode = "PER_PRODUCT" // 按产品
	PerCall    ChargingMode = "PER_CALL"    // 按次
	PerPeriod  ChargingMode = "PER_PERIOD"  // 按期
	PerVolume  ChargingMode = "PER_VOLUME"  // 按数据量
	// PerItemPeriod counts items times periods, as a registration for an item and a year (按项按期).
	PerItemPeriod ChargingMode = "PER_ITEM_PERIOD"
)

// Values lists the stored forms.
func (ChargingMode) Values() []string {
	return []string{"PER_PRODUCT", "PER_CALL", "PER_PERIOD", "PER_VOLUME", "PER_ITEM_PERIOD"}
}

func (m ChargingMode) known() bool {
	switch m {
	case PerProduct, PerCall, PerPeriod, PerVolume, PerItemPeriod:
		return true
	}
	return false
}

// Scheme is how the bands of a tariff apply.
type Scheme string

// FLAT has one rate; GRADUATED charges each band at its own rate; VOLUME charges all at the reached band's rate.
const (
	Flat      Scheme = "FLAT"
	Graduated Scheme = "GRADUATED"
	Volume    Scheme = "VOLUME"
)

// Values lists the stored forms.
func (Scheme) Values() []string { return []string{"FLAT", "GRADUATED", "VOLUME"} }

// Settlement is when a plan is paid.
type Settlement string

// PREPAID: the quantity bought is the quota. METERED: what was used is billed by the month.
const (
	Prepaid Settlement = "PREPAID"
	Metered Settlement = "METERED"
)

// Values lists the stored forms.
func (Settlement) Values() []string { return []string{"PREPAID", "METERED"} }

// Channel is the ground on which a contributor receives its share.
type Channel string

// The channels of CITY 11.3.
const (
	ChannelCost   Channel = "COST"
	ChannelProfit Channel = "PROFIT"
	ChannelInKind Channel = "IN_KIND"
)

// Values lists the stored forms.
func (Channel) Values() []string { return []string{"COST", "PROFIT", "IN_KIND"} }

// AccountKind is what a ledger account holds.
type AccountKind string

// The kinds of account. Money comes in from PROVIDER (what a payment provider owes us), passes through CLEARING
// while it is divided, and rests with VAT, TREASURY (非税收入: the share of administrative organs) or a CONTRIBUTOR.
const (
	AccountProvider    AccountKind = "PROVIDER"
	AccountClearing    AccountKind = "CLEARING"
	AccountVAT         AccountKind = "VAT"
	AccountTreasury    AccountKind = "TREASURY"
	AccountContributor AccountKind = "CONTRIBUTOR"
)

// Values lists the stored forms.
func (AccountKind) Values() []string {
	return []string{"PROVIDER", "CLEARING", "VAT", "TREASURY", "CONTRIBUTOR"}
}
