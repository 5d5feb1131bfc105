import { useTranslation } from 'react-i18next';
import { Act } from '../../app/act';
import { useTitle } from '../../app/title';
import { useFormats } from '../../lib/format';
import { useLoad } from '../../lib/graphql';
import { useEnum } from '../../lib/i18n';
import { enums } from '../../lib/schema.gql';
import { Field } from '../../ui/field';
import { KpiStrip } from '../../ui/figures';
import { PageHead } from '../../ui/layout';
import { Select } from '../../ui/select';
import { Skeleton } from '../../ui/skeleton';
import { toast } from '../../ui/toast';
import { monthsBack } from '../revenue/period';
import { Do } from './do';
import { DrawStatementsDocument } from './draw.gql';
import { FinaliseStatementsDocument } from './finalise.gql';
import { useKeepsBooks } from './listed';
import { monthRoute } from './routes';
import { StatementRows } from './statement-rows';
import { StatementTotalsDocument } from './totals.gql';

/** The platform's: all statements of a month, drawn from the ledger and closed. */
export function Screen() {
  const { t } = useTranslation('settlement');
  const format = useFormats();
  const name = useEnum();
  useTitle(t('month.title'));
  const search = monthRoute.useSearch();
  const navigate = monthRoute.useNavigate();
  const keeps = useKeepsBooks();
  const months = monthsBack(36);
  // The month before is the one to be closed.
  const month = search.month ?? months[1] ?? '';
  const { data, loading } = useLoad(StatementTotalsDocument, { month }, { typenames: ['Statement'] });
  const totals = data?.statementTotals ?? [];
  const count = (status: (typeof enums.StatementStatus)[number]) =>
    totals.find((total) => total.status === status)?.count ?? 0;
  return (
    <>
      <PageHead
        title={t('month.title')}
        lead={t('month.lead')}
        actions={
          keeps && (
            <>
              <Do
                label={t('month.draw')}
                mutation={DrawStatementsDocument}
                variables={() => ({ month })}
                typenames={['Statement']}
                onDone={(done) => toast(t('month.drawn', { count: done.statementsDraw.statements ?? 0 }))}
              />
              <Act
                kind="primary"
                label={t('month.finalise')}
                title={t('month.finaliseTitle', { month: format.month(month) })}
                consequence={
                  t('month.closes', { count: count('PREVIEW') }) +
                  (count('OBJECTED') > 0 ? t('month.stayOpen', { count: count('OBJECTED') }) : '') +
                  t('month.cannotUndo')
                }
                done={t('month.finalised')}
                asksReason={false}
                mutation={FinaliseStatementsDocument}
                variables={() => ({ month })}
                typenames={['Statement']}
              />
            </>
          )
        }
      />
      <div className="mb-5 grid w-full grid-cols-2 gap-3 sm:w-96">
        <Field label={t('month.label')}>
          <Select
            options={months.map((one) => ({ value: one, label: format.month(one) }))}
            value={month}
            onValueChange={(next) => navigate({ search: { ...search, month: next }, resetScroll: false })}
          />
        </Field>
        <Field label={t('month.status')}>
          <Select
            options={[
              { value: '', label: t('month.all') },
              ...enums.StatementStatus.map((one) => ({ value: one, label: name('StatementStatus', one) })),
            ]}
            value={search.status ?? ''}
            onValueChange={(next) =>
              navigate({
                search: { ...search, status: enums.StatementStatus.find((one) => one === next) },
                resetScroll: false,
              })
            }
          />
        </Field>
      </div>
      {totals.length > 0 && (
        <KpiStrip
          label={t('month.totals')}
          items={totals.map((total) => ({
            key: total.status,
            label: name('StatementStatus', total.status),
            value: format.count(total.count),
            unit: t('month.unit'),
            basis: t('month.closing', { amount: format.money(total.closing) }),
          }))}
        />
      )}
      {/* The rows come under the totals, and stay where they are shown. */}
      {loading ? <Skeleton shape="row" lines={4} /> : <StatementRows month={month} status={search.status} />}
    </>
  );
}
