import { useTranslation } from 'react-i18next';
import { Go } from '../../app/go';
import { type Amount, useFormats } from '../../lib/format';
import { useEnum, useNamed } from '../../lib/i18n';
import type { AccountKind, Channel } from '../../lib/schema.gql';
import { linkText } from '../../ui/styles';
import { DataTable } from '../../ui/table';

/** An amount that moved, as the ledger has it. */
export interface Moved {
  from: AccountKind;
  to: AccountKind;
  amount: Amount;
  contributor: { name: string; nameEn: string } | null;
  channel: Channel | null;
  basis: string;
  statement: { id: string; month: string } | null;
}

/** From which account to which: a contributor's own goes by its name. */
export function FromTo({ from, to, contributor }: Pick<Moved, 'from' | 'to' | 'contributor'>) {
  const { t } = useTranslation('shares');
  const name = useEnum();
  const named = useNamed();
  const account = (kind: AccountKind) =>
    kind === 'CONTRIBUTOR' && contributor ? named(contributor) : name('AccountKind', kind);
  return (
    <>
      {t('trail.fromTo', { from: account(from), to: account(to) })}
      {contributor && from !== 'CONTRIBUTOR' && to !== 'CONTRIBUTOR' && (
        <span className="block text-ink-3 text-xs">{t('trail.shareOf', { name: named(contributor) })}</span>
      )}
    </>
  );
}

/** Leads to the statement that a posting is on, or says that there is none yet. */
export function OnStatement({ statement, contributor }: Pick<Moved, 'statement' | 'contributor'>) {
  const { t } = useTranslation('shares');
  const format = useFormats();
  if (!contributor) return null;
  if (!statement) return <span className="text-ink-3">{t('trail.noStatement')}</span>;
  return (
    <Go to={`/settlement/statements/${statement.id}`} className={linkText}>
      {t('trail.statementOf', { month: format.month(statement.month) })}
    </Go>
  );
}

/** The postings of an entry, in the order in which they were written. */
export function Postings({ caption, postings }: { caption: string; postings: readonly Moved[] }) {
  const { t } = useTranslation('shares');
  const name = useEnum();
  const format = useFormats();
  return (
    <DataTable
      caption={caption}
      rows={postings.map((posting, i) => ({ ...posting, place: String(i) }))}
      rowKey={(posting) => posting.place}
      columns={[
        { key: 'where', head: t('trail.where'), rowHeader: true, cell: (posting) => <FromTo {...posting} /> },
        {
          key: 'amount',
          head: t('trail.amount'),
          numeric: true,
          cell: (posting) => format.money(posting.amount),
        },
        {
          key: 'channel',
          head: t('trail.channel'),
          nowrap: true,
          cell: (posting) => posting.channel && name('Channel', posting.channel),
        },
        { key: 'basis', head: t('trail.basis'), cell: (posting) => posting.basis },
        {
          key: 'statement',
          head: t('trail.statement'),
          nowrap: true,
          cell: (posting) => <OnStatement {...posting} />,
        },
      ]}
    />
  );
}
