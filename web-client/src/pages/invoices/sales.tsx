import { Link } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Act } from '../../app/act';
import { useTitle } from '../../app/title';
import { invoiceTones } from '../../app/tones';
import { useViewer } from '../../app/viewer';
import { useFormats } from '../../lib/format';
import { useList } from '../../lib/graphql';
import { useEnum, useNamed } from '../../lib/i18n';
import { enums, type InvoiceStatus } from '../../lib/schema.gql';
import { Badge, StatusBadge } from '../../ui/badge';
import { Button, ButtonAnchor } from '../../ui/button';
import { Field } from '../../ui/field';
import { PageHead, Row } from '../../ui/layout';
import { Select } from '../../ui/select';
import { Tabs } from '../../ui/tabs';
import { monthsBack } from '../revenue/period';
import { Listed } from '../settlement/listed';
import { IssueDialog, type SalesInvoice } from './issue-form';
import { Issued, useSigned } from './parts';
import { RefuseInvoiceDocument } from './refuse.gql';
import { salesInvoicesRoute } from './routes';
import { SalesInvoicesDocument, type SalesInvoicesQuery } from './sales.gql';

const invoices = (data: SalesInvoicesQuery) => data.salesInvoices;

/** An operator's invoices: those that it has to issue, by status. */
export function Screen() {
  const { t } = useTranslation('invoices');
  const name = useEnum();
  useTitle(t('title'));
  const { viewer } = useViewer();
  const { status = 'REQUESTED' } = salesInvoicesRoute.useSearch();
  const navigate = salesInvoicesRoute.useNavigate();
  return (
    <>
      <PageHead title={t('title')} lead={t('sales.lead')} actions={viewer?.roles.includes('FINANCE') && <Export />} />
      <Tabs
        label={t('status')}
        value={status}
        onValueChange={(next) =>
          navigate({ search: { status: enums.InvoiceStatus.find((one) => one === next) }, resetScroll: false })
        }
        tabs={enums.InvoiceStatus.map((one) => ({
          value: one,
          label: name('InvoiceStatus', one),
          content: one === status && <Of status={one} />,
        }))}
      />
    </>
  );
}

/** What is still to be issued of a month, as the tax system takes it. */
function Export() {
  const { t } = useTranslation('invoices');
  const format = useFormats();
  const months = monthsBack(36);
  const [month, setMonth] = useState(months[0] ?? '');
  return (
    <div className="flex flex-wrap items-end gap-3">
      <div className="w-40">
        <Field label={t('sales.month')}>
          <Select
            options={months.map((one) => ({ value: one, label: format.month(one) }))}
            value={month}
            onValueChange={setMonth}
          />
        </Field>
      </div>
      <ButtonAnchor href={`/reports/invoices.csv?month=${month}`}>{t('sales.export')}</ButtonAnchor>
    </div>
  );
}

function Of({ status }: { status: InvoiceStatus }) {
  const { t } = useTranslation('invoices');
  const variables = useMemo(() => ({ status, first: 20 }), [status]);
  const list = useList(SalesInvoicesDocument, variables, invoices, { typenames: ['Invoice'] });
  const [issuing, setIssuing] = useState<SalesInvoice>();
  return (
    <>
      <Listed
        list={list}
        label={t('title')}
        empty={{ title: t('sales.none'), why: t('sales.noneWhy') }}
        one={(invoice) => <One key={invoice.id} invoice={invoice} onIssue={() => setIssuing(invoice)} />}
      />
      {issuing && <IssueDialog key={issuing.id} invoice={issuing} onDone={() => setIssuing(undefined)} />}
    </>
  );
}

function One({ invoice, onIssue }: { invoice: SalesInvoice; onIssue: () => void }) {
  const { t } = useTranslation('invoices');
  const name = useEnum();
  const named = useNamed();
  const format = useFormats();
  const signed = useSigned();
  const { terms } = invoice.order;
  const product = named({ name: terms.productName, nameEn: terms.productNameEn });
  return (
    <Row
      level={2}
      title={
        invoice.bill ? (
          <Link to="/bills/$id" params={{ id: invoice.bill.id }}>
            {t('sales.ofBill', { month: format.month(invoice.bill.month), product })}
          </Link>
        ) : (
          <Link to="/orders/$id" params={{ id: invoice.order.id }}>
            {product}
          </Link>
        )
      }
      marks={
        <>
          <StatusBadge tone={invoiceTones[invoice.status]}>{name('InvoiceStatus', invoice.status)}</StatusBadge>
          {invoice.colour === 'RED' && <Badge tone="refused">{name('InvoiceColour', 'RED')}</Badge>}
        </>
      }
      meta={
        <>
          <span>{name('InvoiceKind', invoice.kind)}</span>
          <span>{invoice.holder.title}</span>
          <span>{format.moment(invoice.issuedAt ?? invoice.createdAt)}</span>
          {invoice.reason && <span>{t('reason', { reason: invoice.reason })}</span>}
        </>
      }
      aside={
        <span className="flex flex-wrap items-center justify-end gap-2">
          <span className="mr-2 font-semibold text-base text-ink tabular-nums">{signed(invoice, invoice.total)}</span>
          {invoice.canRefuse && (
            <Act
              size="small"
              label={t('refuse.act')}
              title={t('refuse.title')}
              consequence={t('refuse.consequence')}
              done={t('refuse.done')}
              mutation={RefuseInvoiceDocument}
              variables={(reason) => ({ id: invoice.id, reason })}
              typenames={['Invoice']}
              danger
            />
          )}
          {invoice.canIssue && (
            <Button size="small" onClick={onIssue}>
              {t('issue.act')}
            </Button>
          )}
        </span>
      }
    >
      <Issued invoice={invoice} />
    </Row>
  );
}
