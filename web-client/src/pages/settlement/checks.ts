/** What must hold of money and rights, in Chinese, by the name that invariants.sql or discrepancies.go of internal/store gives it. */
export const checks: Readonly<Record<string, string>> = {
  'a provider takes what it was asked for, and nothing else': '支付渠道只收取所请求的款项，金额和币种一致',
  'what a provider took pays an order or bill, or goes back': '支付渠道收取的款项用于支付订单或账单，否则退回',
  'what a provider gave back of a payment is a refund of it that is paid here':
    '支付渠道退回的款项，都是本平台已完成的退款',
  'what a lost dispute took of a payment is what refunds left of it': '拒付扣回的款项不超过该笔付款退款后的余额',
  'a dispute stays as it was decided': '拒付裁定后不再改变',
  'what a provider paid out stays with whom it was paid to': '支付渠道已付出的款项留在收款方',
  'an order is paid if and only if it has exactly one entitlement': '已付款的订单有且只有一项权益，未付款的没有',
  'an order is paid if and only if exactly one payment of its total succeeded, or it costs nothing':
    '已付款的订单有且只有一笔付清全额的成功付款，或者不收费',
  'at most one payment of an order is on its way, and none of one that is cancelled or paid':
    '一个订单至多有一笔付款在途；已取消或已付款的没有',
  'what is owed of a bill is its total less what payments brought, and what banks took back of them again; one payment of it at most is on its way':
    '账单尚待付款的金额等于应付减去成功的付款、加上被银行扣回的金额；至多有一笔付款在途',
  'a bill is of a metered order that is confirmed, and of its buyer and product':
    '账单属于已生效的按月结算订单，购买方和产品与订单一致',
  'a bill brings the credit that the one before carried': '账单承接上一张账单结转的余额',
  'a payment of a bill has exactly one entry if and only if it succeeded':
    '账单的每笔成功付款有且只有一笔分录，未成功的没有',
  'an order is paid with more than nothing if and only if it has exactly one entry, of the payment that succeeded':
    '付款额大于零的订单有且只有一笔分录，记的是成功的那笔付款',
  'of a plan that is limited in number, as many orders are taken as are kept, or paid and not given back whole':
    '限量方案已占份数等于保留中、已付款且未全额退款的订单数',
  'an order has dates that fit its status': '订单的各个时间与状态相符',
  "an order's total is net and VAT, and its purpose pays": '订单总额等于不含税金额加增值税，且用途属于收费用途',
  'what an entry of a payment takes from the provider is the total of the order, or what was paid of the bill':
    '付款分录从支付渠道记入的金额等于订单总额，或所付的账单款',
  'what an entry of a payment gives to VAT is the VAT of the order or bill, of a part of a bill its part but for rounding':
    '付款分录记入增值税的金额等于订单或账单的增值税；部分付款按比例，仅差尾数',
  'the shares of an entry of a payment are what it takes from the provider less VAT':
    '付款分录中各方分得的合计等于付款额减去增值税',
  'nothing of an entry stays in clearing': '每笔分录在清算账户上没有余额',
  'a posting moves a positive amount between two accounts, one of them clearing, or between the bank and suspense':
    '每笔分录金额为正，并且一端是清分户，或者在银行户与暂收款户之间',
  'what lies in suspense of a bank line is what of it was neither applied to a whole payment nor returned':
    '每笔来款留在暂收款户的金额，等于尚未认领付齐、也未退回的部分',
  'a bank line is applied and returned as far as it goes, once it waits no more, and what is to be returned is a transfer':
    '处理完毕的流水，认领与退回之和等于其金额，要退回的都有待转出的款项',
  'what came of a transfer is what lines were applied to it, and of a payment all of it once it is done':
    '每笔应收款已到的金额等于认领到它的流水之和，完成的都已付齐',
  'a payment by transfer is paid only with its transfer, and is of its amount':
    '对公转账的付款只在款项到齐后成立，金额与应收款一致',
  'a share that comes or goes back names contributor, rule, channel and basis, and rests with the treasury or its contributor':
    '分得或退回的份额载明贡献方、规则、渠道和依据，记在国库或贡献方名下',
  'a posting of an order is of its product, and a share by a rule of that product':
    '订单的记账属于该订单的产品，份额依据该产品的分配规则',
  'an entry is of what its kind says, and only of that': '分录的对象与其类型相符，且只有这一个对象',
  'a share is by a rule that was approved': '份额依据的是已批准的分配规则',
  'refunds on their way and done are never more than their payment took': '在途和已完成的退款合计不超过所退付款的金额',
  'a refund is paid if and only if it has exactly one entry, which gives the provider its amount':
    '已退的退款有且只有一笔分录，退回支付渠道的金额等于退款额',
  'a dispute is of a payment that took money, and a refund of it was lost and no more than it asked':
    '拒付针对成功的付款；因拒付产生的退款只在拒付成立时有，且不超过拒付金额',
  'the right of an order whose payment is disputed is not in use': '付款正被拒付的订单，其权益不在使用中',
  'what refunds took back of a share, or of VAT, is never more than it was, and all of it once everything went back':
    '退款收回的份额和增值税不超过原额；全额退款后全部收回',
  'an invoice that was issued, less the red ones to it, says what was paid by its payment and not refunded':
    '已开发票减去其红字发票，等于其付款已付而未退的金额',
  'an invoice is of a payment that succeeded, of the same order and bill, and live for it alone':
    '发票对应同一订单或账单的一笔成功付款，一笔付款至多有一张有效发票',
  'a red invoice is to one that was issued, for a refund of the same order that is paid, and takes back no more than it gave':
    '红字发票对应一张已开发票和同一订单的一笔已完成退款，冲减额不超过退款额',
  'a statement opens with what the one before it closed': '结算单的期初等于上一张的期末',
  'a final statement says what the ledger says of its month': '已确定的结算单与账簿当月的记载一致',
  'a contributor that earned in a month with final statements has one of it':
    '当月结算单确定时，当月有收入的贡献方都有结算单',
  'no batch pays more than its lines, and a line that was paid has its entry':
    '支付批次的金额不超过各行合计，已支付的行有其分录',
  "a line of a batch that was paid names the account into which it went, but for the treasury's":
    '付款批次中已付款的行载明收款账户，国库除外',
  'no two accounts are the same': '没有两个相同的账户',
  "an entitlement's used calls are those of its uses": '权益的已用次数等于其使用记录的合计',
  "an entitlement's used bytes are those of its uses": '权益的已用流量等于其使用记录的合计',
  'an entitlement is within its quota': '权益的用量不超过其额度',
  "an entitlement's quota is what was bought, of a package at least its allowance, and none where each month is billed; less only where a refund was paid":
    '权益的额度等于所购数量，套餐不少于其包含的数量，按月结算的没有额度；只有已退款的才可减少',
  'the right of an order that was given back whole is taken back': '已全额退款的订单，其权益已终止',
  "an entitlement is for its order's buyer, product and purpose": '权益的购买方、产品和用途与订单一致',
  'a free entitlement comes from an approved application for free use, and serves its applicant, its product and a free purpose':
    '免费权益来自已批准的免费使用申请，权利人、产品与申请一致，且用途免费',
  'an approved application for free use has its entitlement': '已批准的免费使用申请有其权益',
  "a use is of its entitlement's product and purpose, and what was called of its credential":
    '使用记录的产品和用途与权益一致，调用记录属于该权益的访问凭证',
  'a reversal takes back what its use took, and nothing else is below 0': '冲减收回的等于原用量，此外没有负数用量',
  'a download that was metered is a use of its entitlement': '已计量的下载是其权益的一次使用',
  'a credential ends with its entitlement at the latest': '访问凭证的有效期不晚于其权益',
  'a listed product serves an accepted dataset of its own': '已上架的产品提供的是本产品已通过检查的数据',
};
