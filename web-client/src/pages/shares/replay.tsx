import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ProblemState } from '../../app/problem-state';
import { useFormats } from '../../lib/format';
import { useLoad } from '../../lib/graphql';
import { useEnum, useNamed } from '../../lib/i18n';
import { Section } from '../../ui/layout';
import { Skeleton } from '../../ui/skeleton';
import { EmptyState } from '../../ui/state';
import { DataTable } from '../../ui/table';
import { PeriodPicker, periodOf } from '../revenue/period';
import type { PeriodSearch } from '../revenue/routes';
import { AllocationReplayDocument } from './replay.gql';

/** What payments of some months brought each contributor, beside what a rule that is not approved yet would have brought it. */
export function Replay({ ruleId, level }: { ruleId: string; level?: 2 | 3 }) {
  const { t } = useTranslation('shares');
  const format = useFormats();
  const named = useNamed();
  const name = useEnum();
  const [search, setSearch] = useState<PeriodSearch>({});
  const period = periodOf(search);
  const { data, loading, stale, problem, reload } = useLoad(
    AllocationReplayDocument,
    { id: ruleId, ...period },
    { typenames: ['AllocationRule', 'Order'] },
  );
  const replay = data?.allocationRule?.replay;
  return (
    <Section title={t('replay.title')} lead={t('replay.lead')} card level={level}>
      <div className="mb-4">
        <PeriodPicker search={search} onSearch={setSearch} />
      </div>
      {loading ? (
        <Skeleton shape="text" lines={4} />
      ) : !replay ? (
        <ProblemState problem={problem ?? { kind: 'absent' }} reload={reload} />
      ) : replay.payments === 0 ? (
        <EmptyState title={t('replay.none')}>{t('replay.noneWhy')}</EmptyState>
      ) : (
        <div aria-busy={stale}>
          <p className="mb-2 text-ink-2 text-sm">
            {t('replay.payments', { count: replay.payments, n: format.count(replay.payments) })}
          </p>
          <DataTable
            caption={t('replay.title')}
            rows={[
              ...replay.parts.map((part, i) => ({
                key: String(i),
                who: part.contributor && named(part.contributor),
                ground: t('replay.ground', { channel: name('Channel', part.channel), basis: part.basis }),
                posted: format.money(part.posted),
                replayed: format.money(part.replayed),
                difference: format.money(part.difference),
              })),
              {
                key: 'total',
                who: <strong>{t('replay.total')}</strong>,
                ground: '',
                posted: <strong>{format.money(replay.net)}</strong>,
                replayed: <strong>{format.money(replay.net)}</strong>,
                difference: '',
              },
            ]}
            rowKey={(row) => row.key}
            columns={[
              {
                key: 'who',
                head: t('replay.who'),
                rowHeader: true,
                cell: (row) => (
                  <>
                    {row.who}
                    <span className="block font-normal text-ink-3 text-xs">{row.ground}</span>
                  </>
                ),
              },
              { key: 'posted', head: t('replay.posted'), numeric: true, cell: (row) => row.posted },
              { key: 'replayed', head: t('replay.replayed'), numeric: true, cell: (row) => row.replayed },
              { key: 'difference', head: t('replay.difference'), numeric: true, cell: (row) => row.difference },
            ]}
          />
        </div>
      )}
    </Section>
  );
}
