import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { More } from '../../app/more';
import { ProblemState } from '../../app/problem-state';
import { billTones } from '../../app/tones';
import { useFormats } from '../../lib/format';
import { useList } from '../../lib/graphql';
import { useEnum, useNamed } from '../../lib/i18n';
import type { BillStatus } from '../../lib/schema.gql';
import { Badge, StatusBadge } from '../../ui/badge';
import { Row, Rows } from '../../ui/layout';
import { Skeleton } from '../../ui/skeleton';
import { EmptyState } from '../../ui/state';
import { BillsDocument, type BillsQuery } from './bills.gql';
import { SalesBillsDocument, type SalesBillsQuery } from './sales.gql';

type Bill = BillsQuery['bills']['edges'][number]['node'];
type SalesBill = SalesBillsQuery['salesBills']['edges'][number]['node'];

const bills = (data: BillsQuery) => data.bills;
const salesBills = (data: SalesBillsQuery) => data.salesBills;

/** The viewer's bills, of one order or all, newest first. */
export function BillRows({ orderId, status, pause }: { orderId?: string; status?: BillStatus; pause?: boolean }) {
  const variables = useMemo(() => ({ orderId, status, first: 20 }), [orderId, status]);
  const list = useList(BillsDocument, variables, bills, { typenames: ['Bill'], pause });
  return <Listed list={list} one={(bill) => <One key={bill.id} bill={bill} />} />;
}

/** Bills for the viewer's products, newest first. */
export function SalesBillRows({ orderId, status }: { orderId?: string; status?: BillStatus }) {
  const variables = useMemo(() => ({ orderId, status, first: 20 }), [orderId, status]);
  const list = useList(SalesBillsDocument, variables, salesBills, { typenames: ['Bill'] });
  const named = useNamed();
  return (
    <Listed
      list={list}
      one={(bill: SalesBill) => <One key={bill.id} bill={bill} buyer={bill.buyer && named(bill.buyer)} />}
    />
  );
}

function Listed<T>({
  list,
  one,
}: {
  list: Parameters<typeof More>[0]['list'] & {
    data: unknown;
    nodes: readonly T[];
    problem?: Parameters<typeof ProblemState>[0]['problem'];
    reload: () => void;
  };
  one: (bill: T) => React.ReactNode;
}) {
  const { t } = useTranslation('bills');
  if (list.problem && !list.data) return <ProblemState problem={list.problem} reload={list.reload} />;
  if (!list.data) return <Skeleton shape="row" lines={4} />;
  if (list.nodes.length === 0) {
    return (
      <div className="rounded-xl border border-line bg-surface">
        <EmptyState title={t('empty.title')}>{t('empty.why')}</EmptyState>
      </div>
    );
  }
  return (
    <>
      <Rows label={t('title')}>{list.nodes.map(one)}</Rows>
      <More list={list} />
    </>
  );
}

function One({ bill, buyer }: { bill: Bill; buyer?: string | null }) {
  const { t } = useTranslation('bills');
  const named = useNamed();
  const name = useEnum();
  const format = useFormats();
  const { terms } = bill.order;
  return (
    <Row
      level={2}
      title={
        <Link to="/bills/$id" params={{ id: bill.id }}>
          {t('of', {
            month: format.month(bill.month),
            product: named(bill.product ?? { name: terms.productName, nameEn: terms.productNameEn }),
          })}
        </Link>
      }
      marks={
        <>
          <StatusBadge tone={billTones[bill.status]}>{name('BillStatus', bill.status)}</StatusBadge>
          {bill.overdue && <Badge tone="refused">{t('overdue')}</Badge>}
        </>
      }
      meta={
        <>
          {buyer && <span>{buyer}</span>}
          <span>{named({ name: terms.planName, nameEn: terms.planNameEn })}</span>
          {bill.status === 'ISSUED' && <span>{t('dueOn', { day: format.day(bill.dueOn) })}</span>}
        </>
      }
      aside={
        <span className="font-semibold text-base text-ink tabular-nums">
          {format.money(bill.status === 'ISSUED' ? bill.owed : bill.total)}
        </span>
      }
    />
  );
}
