import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useTitle } from '../../app/title';
import { lineTones } from '../../app/tones';
import { useFormats } from '../../lib/format';
import { useList } from '../../lib/graphql';
import { useEnum } from '../../lib/i18n';
import { enums } from '../../lib/schema.gql';
import { Badge, StatusBadge } from '../../ui/badge';
import { Field } from '../../ui/field';
import { Breadcrumbs, PageHead, Row } from '../../ui/layout';
import { Select } from '../../ui/select';
import { Listed } from '../settlement/listed';
import { BankLinesDocument, type BankLinesQuery } from './lines.gql';
import { bankLinesRoute } from './routes';

const lines = (data: BankLinesQuery) => data.bankLines;

/** Movements on the platform's bank account, of one state or statement. */
export function Screen() {
  const { t } = useTranslation('bank');
  const name = useEnum();
  const format = useFormats();
  const search = bankLinesRoute.useSearch();
  const navigate = bankLinesRoute.useNavigate();
  useTitle(t('lines.title'));
  const variables = useMemo(
    () => ({ first: 50, state: search.state, statementId: search.statement }),
    [search.state, search.statement],
  );
  const list = useList(BankLinesDocument, variables, lines, { typenames: ['BankLine'] });
  return (
    <>
      <PageHead
        breadcrumbs={
          <Breadcrumbs
            items={[
              { key: 'bank', node: <Link to="/settlement/bank">{t('title')}</Link> },
              { key: 'this', node: t('lines.title') },
            ]}
          />
        }
        title={t('lines.title')}
        lead={t('lines.lead')}
      />
      <div className="mb-5 w-full sm:w-48">
        <Field label={t('lines.state')}>
          <Select
            options={[
              { value: '', label: t('lines.all') },
              ...enums.BankLineState.map((one) => ({ value: one, label: name('BankLineState', one) })),
            ]}
            value={search.state ?? ''}
            onValueChange={(next) =>
              navigate({
                search: { ...search, state: enums.BankLineState.find((one) => one === next) },
                resetScroll: false,
              })
            }
          />
        </Field>
      </div>
      <Listed
        list={list}
        label={t('lines.title')}
        empty={{ title: t('lines.none'), why: t('lines.noneWhy') }}
        one={(line) => (
          <Row
            key={line.id}
            level={2}
            title={
              <Link to="/settlement/bank/lines/$id" params={{ id: line.id }}>
                {line.counterparty.name || t('lines.nobody')}
              </Link>
            }
            marks={
              <>
                <StatusBadge tone={lineTones[line.state]}>{name('BankLineState', line.state)}</StatusBadge>
                {line.reason && <Badge tone="attention">{name('BankLineReason', line.reason)}</Badge>}
              </>
            }
            meta={
              <>
                <span>{format.day(line.bookedOn)}</span>
                <span className="break-all">{line.remark}</span>
              </>
            }
            aside={<span className="font-semibold text-base text-ink tabular-nums">{format.money(line.amount)}</span>}
          />
        )}
      />
    </>
  );
}
