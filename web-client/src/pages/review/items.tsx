import { useTranslation } from 'react-i18next';
import { useEnum, useNamed } from '../../lib/i18n';
import { Badge } from '../../ui/badge';
import type { Tone } from '../../ui/styles';
import { type Column, DataTable } from '../../ui/table';
import type { DeskItemFragment } from './proceeding.gql';

const gradeTones: Record<NonNullable<DeskItemFragment['grade']>, Tone> = {
  CORE: 'refused',
  IMPORTANT: 'attention',
  GENERAL: 'neutral',
};
const linkageTones: Record<NonNullable<DeskItemFragment['linkage']>, Tone> = {
  HIGH: 'refused',
  LINKED: 'attention',
  NONE: 'neutral',
};

/** Data items, with how they are graded and how they are protected. */
export function Items({ items, withResource }: { items: readonly DeskItemFragment[]; withResource?: boolean }) {
  const { t } = useTranslation('review');
  const name = useEnum();
  const named = useNamed();
  const columns: Column<DeskItemFragment>[] = [
    {
      key: 'name',
      head: t('item.name'),
      rowHeader: true,
      cell: (item) => (
        <span className="block min-w-36">
          {named(item)}
          {item.qualifier && <span className="text-ink-3"> {item.qualifier}</span>}
          {withResource && (
            <span className="block text-ink-3 text-xs">
              {named(item.resource)} · {named(item.resource.sourceUnit)}
            </span>
          )}
        </span>
      ),
    },
    {
      key: 'grade',
      head: t('item.grade'),
      nowrap: true,
      cell: (item) =>
        item.grade ? <Badge tone={gradeTones[item.grade]}>{name('Grade', item.grade)}</Badge> : t('fact.open'),
    },
    {
      key: 'linkage',
      head: t('item.linkage'),
      nowrap: true,
      cell: (item) =>
        item.linkage ? (
          <Badge tone={linkageTones[item.linkage]}>{name('Linkage', item.linkage)}</Badge>
        ) : (
          t('fact.open')
        ),
    },
    {
      key: 'sensitivity',
      head: t('item.sensitivity'),
      nowrap: true,
      cell: (item) => (item.sensitivity ? name('Sensitivity', item.sensitivity) : t('fact.open')),
    },
    {
      key: 'protection',
      head: t('item.protection'),
      cell: (item) => {
        const all = [
          ...(item.masked ? [t('item.masked')] : []),
          ...item.protections.map((protection) => name('Protection', protection)),
        ];
        return all.length > 0 ? all.join(t('separator')) : <span className="text-ink-3">{t('item.unprotected')}</span>;
      },
    },
  ];
  return (
    <DataTable
      caption={t('items.title', { count: items.length })}
      rows={items}
      rowKey={(item) => item.id}
      columns={columns}
    />
  );
}
