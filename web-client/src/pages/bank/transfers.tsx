import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useTitle } from '../../app/title';
import { transferTones } from '../../app/tones';
import { useFormats } from '../../lib/format';
import { useList } from '../../lib/graphql';
import { useEnum, useNamed } from '../../lib/i18n';
import { enums } from '../../lib/schema.gql';
import { Badge, StatusBadge } from '../../ui/badge';
import { Field } from '../../ui/field';
import { Breadcrumbs, PageHead, Row } from '../../ui/layout';
import { Select } from '../../ui/select';
import { Listed } from '../settlement/listed';
import { transfersRoute } from './routes';
import { BankTransfersDocument, type BankTransfersQuery } from './transfers.gql';

/** Whether money goes back to who paid. */
export const goesBack = (kind: string) => kind === 'REFUND' || kind === 'RETURN';

const transfers = (data: BankTransfersQuery) => data.bankTransfers;

/** What is expected over the platform's bank account, in and out. */
export function Screen() {
  const { t } = useTranslation('bank');
  const name = useEnum();
  const named = useNamed();
  const format = useFormats();
  const search = transfersRoute.useSearch();
  const navigate = transfersRoute.useNavigate();
  useTitle(t('transfers.title'));
  const variables = useMemo(() => ({ first: 50, kind: search.kind, state: search.state }), [search.kind, search.state]);
  const list = useList(BankTransfersDocument, variables, transfers, { typenames: ['BankTransfer'] });
  return (
    <>
      <PageHead
        breadcrumbs={
          <Breadcrumbs
            items={[
              { key: 'bank', node: <Link to="/settlement/bank">{t('title')}</Link> },
              { key: 'this', node: t('transfers.title') },
            ]}
          />
        }
        title={t('transfers.title')}
        lead={t('transfers.lead')}
      />
      <div className="mb-5 grid w-full grid-cols-2 gap-3 sm:w-96">
        <Field label={t('transfer.kind')}>
          <Select
            options={[
              { value: '', label: t('lines.all') },
              ...enums.TransferKind.map((one) => ({ value: one, label: name('TransferKind', one) })),
            ]}
            value={search.kind ?? ''}
            onValueChange={(next) =>
              navigate({
                search: { ...search, kind: enums.TransferKind.find((one) => one === next) },
                resetScroll: false,
              })
            }
          />
        </Field>
        <Field label={t('transfer.state')}>
          <Select
            options={[
              { value: '', label: t('lines.all') },
              ...enums.TransferState.map((one) => ({ value: one, label: name('TransferState', one) })),
            ]}
            value={search.state ?? ''}
            onValueChange={(next) =>
              navigate({
                search: { ...search, state: enums.TransferState.find((one) => one === next) },
                resetScroll: false,
              })
            }
          />
        </Field>
      </div>
      <Listed
        list={list}
        label={t('transfers.title')}
        empty={{ title: t('transfers.none'), why: t('transfers.noneWhy') }}
        one={(transfer) => (
          <Row
            key={transfer.id}
            level={2}
            title={
              <Link to="/settlement/bank/transfers/$id" params={{ id: transfer.id }}>
                {transfer.organisation ? named(transfer.organisation) : transfer.payee?.name || t('lines.nobody')}
              </Link>
            }
            marks={
              <>
                <StatusBadge tone={transferTones[transfer.state]}>{name('TransferState', transfer.state)}</StatusBadge>
                <Badge>{name('TransferKind', transfer.kind)}</Badge>
                {goesBack(transfer.kind) && transfer.state === 'EXPECTED' && !transfer.payee && (
                  <Badge tone="attention">{t('transfer.noPayee')}</Badge>
                )}
              </>
            }
            meta={
              <>
                <span className="font-mono">{transfer.code}</span>
                <span>{format.moment(transfer.createdAt)}</span>
                {transfer.payee && (
                  <span>{t('line.ending', { bank: transfer.payee.bank, digits: transfer.payee.lastDigits })}</span>
                )}
                {transfer.exportedAt && (
                  <span>
                    {t('transfer.exported')} {format.moment(transfer.exportedAt)}
                  </span>
                )}
              </>
            }
            aside={
              <span className="font-semibold text-base text-ink tabular-nums">{format.money(transfer.amount)}</span>
            }
          />
        )}
      />
    </>
  );
}
