package pricing

import "slices"

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
// while it is divided, and rests with VAT, TREASURY (非税收入: the share of administrative organs) or a CONTRIBUTOR. What came in
// and is not known yet to be for anything waits in SUSPENSE (暂收款).
const (
	AccountProvider    AccountKind = "PROVIDER"
	AccountClearing    AccountKind = "CLEARING"
	AccountVAT         AccountKind = "VAT"
	AccountTreasury    AccountKind = "TREASURY"
	AccountContributor AccountKind = "CONTRIBUTOR"
	AccountSuspense    AccountKind = "SUSPENSE"
)

// Values lists the stored forms.
func (AccountKind) Values() []string {
	return []string{"PROVIDER", "CLEARING", "VAT", "TREASURY", "CONTRIBUTOR", "SUSPENSE"}
}

// EntryKind is what a ledger entry records.
type EntryKind string

// Money that came in, that went back, and that was paid out. RECEIPT puts a bank's money that nobody asked for in this way into
// suspense, and RELEASE takes it out once it was applied or returned.
const (
	EntryPayment EntryKind = "PAYMENT"
	EntryRefund  EntryKind = "REFUND"
	EntryPayout  EntryKind = "PAYOUT"
	EntryReceipt EntryKind = "RECEIPT"
	EntryRelease EntryKind = "RELEASE"
)

// Values lists the stored forms.
func (EntryKind) Values() []string {
	return []string{"PAYMENT", "REFUND", "PAYOUT", "RECEIPT", "RELEASE"}
}

// SurveyStatus is the life of a reported cost survey and of the permitted revenue that it leads to.
type SurveyStatus string

// SUBMITTED → APPROVED | REFUSED | WITHDRAWN, all final. An approved one of the same year takes the place of the one before.
const (
	SurveySubmitted SurveyStatus = "SUBMITTED"
	SurveyApproved  SurveyStatus = "APPROVED"
	SurveyRefused   SurveyStatus = "REFUSED"
	SurveyWithdrawn SurveyStatus = "WITHDRAWN"
)

// Values lists the stored forms.
func (SurveyStatus) Values() []string {
	return []string{"SUBMITTED", "APPROVED", "REFUSED", "WITHDRAWN"}
}

// StatementStatus is the life of a contributor's monthly statement.
type StatementStatus string

// PREVIEW → OBJECTED → PREVIEW; PREVIEW → FINAL. A month with a final statement is closed.
const (
	StatementPreview  StatementStatus = "PREVIEW"
	StatementObjected StatementStatus = "OBJECTED"
	StatementFinal    StatementStatus = "FINAL"
)

// Values lists the stored forms.
func (StatementStatus) Values() []string { return []string{"PREVIEW", "OBJECTED", "FINAL"} }

// The tables list the legal moves; a status without an entry is final.
var nextStatement = map[StatementStatus][]StatementStatus{
	StatementPreview:  {StatementObjected, StatementFinal},
	StatementObjected: {StatementPreview},
}

// CanBecome reports whether a statement may move from s to t.
func (s StatementStatus) CanBecome(t StatementStatus) bool {
	return slices.Contains(nextStatement[s], t)
}

// PayoutBatchStatus is the life of a payout batch.
type PayoutBatchStatus string

// SUBMITTED → APPROVED → DONE; SUBMITTED → REFUSED | WITHDRAWN.
const (
	PayoutSubmitted PayoutBatchStatus = "SUBMITTED"
	PayoutApproved  PayoutBatchStatus = "APPROVED"
	PayoutDone      PayoutBatchStatus = "DONE"
	PayoutRefused   PayoutBatchStatus = "REFUSED"
	PayoutWithdrawn PayoutBatchStatus = "WITHDRAWN"
)

// Values lists the stored forms.
func (PayoutBatchStatus) Values() []string {
	return []string{"SUBMITTED", "APPROVED", "DONE", "REFUSED", "WITHDRAWN"}
}

var nextPayoutBatch = map[PayoutBatchStatus][]PayoutBatchStatus{
	PayoutSubmitted: {PayoutApproved, PayoutRefused, PayoutWithdrawn},
	PayoutApproved:  {PayoutDone},
}

// CanBecome reports whether a payout batch may move from s to t.
func (s PayoutBatchStatus) CanBecome(t PayoutBatchStatus) bool {
	return slices.Contains(nextPayoutBatch[s], t)
}

// PayoutLineState is where one line of a payout batch stands.
type PayoutLineState string

// PENDING → CONFIRMED | FAILED: a FAILED line pays nothing, and the next batch has its amount again. FAILED → CONFIRMED: the bank paid after all.
const (
	PayoutLinePending   PayoutLineState = "PENDING"
	PayoutLineConfirmed PayoutLineState = "CONFIRMED"
	PayoutLineFailed    PayoutLineState = "FAILED"
)

// Values lists the stored forms.
func (PayoutLineState) Values() []string { return []string{"PENDING", "CONFIRMED", "FAILED"} }

var nextPayoutLine = map[PayoutLineState][]PayoutLineState{
	PayoutLinePending: {PayoutLineConfirmed, PayoutLineFailed},
	PayoutLineFailed:  {PayoutLineConfirmed},
}

// CanBecome reports whether a line of a payout batch may move from s to t.
func (s PayoutLineState) CanBecome(t PayoutLineState) bool {
	return slices.Contains(nextPayoutLine[s], t)
}
