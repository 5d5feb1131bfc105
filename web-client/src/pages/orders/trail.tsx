import { useTranslation } from 'react-i18next';
import { useFormats } from '../../lib/format';
import { useEnum } from '../../lib/i18n';
import { Disclosure } from '../../ui/disclosure';
import { Section } from '../../ui/layout';
import { EmptyState } from '../../ui/state';
import { Postings } from '../shares/postings';
import type { OrderQuery } from './order.gql';

type Order = NonNullable<OrderQuery['order']>;

/** Where the money of an order went, as far as its viewer may see it: every entry of the ledger with its postings. */
export function Trail({ order }: { order: Order }) {
  const { t } = useTranslation('shares');
  const name = useEnum();
  const format = useFormats();
  return (
    <Section title={t('trail.title')} lead={t('trail.lead')} card>
      {order.entries.length === 0 ? (
        <EmptyState title={t('trail.none')}>{t('trail.noneWhy')}</EmptyState>
      ) : (
        <div className="divide-y divide-line border-line border-y">
          {order.entries.map((entry) => {
            const whole = entry.postings.find((posting) => posting.from === 'PROVIDER' || posting.to === 'PROVIDER');
            return (
              <Disclosure
                key={`${entry.kind} ${entry.createdAt}`}
                open={order.entries.length < 4}
                summary={
                  <span className="flex min-w-0 flex-1 flex-wrap items-baseline gap-x-3">
                    <span>{name('EntryKind', entry.kind)}</span>
                    <span className="font-normal text-ink-3 text-xs">{format.moment(entry.createdAt)}</span>
                    {whole && <span className="ml-auto tabular-nums">{format.money(whole.amount)}</span>}
                  </span>
                }
              >
                <Postings
                  caption={t('trail.of', {
                    kind: name('EntryKind', entry.kind),
                    at: format.moment(entry.createdAt),
                  })}
                  postings={entry.postings}
                />
              </Disclosure>
            );
          })}
        </div>
      )}
    </Section>
  );
}
