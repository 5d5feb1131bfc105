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

/** Data items, with how they are graded and how they are protected: a table for each resource that they are of. */
export function Items({ items, withResource }: { items: readonly DeskItemFragment[]; withResource?: boolean }) {
  const { t } = useTranslation('review');
  const name = useEnum();
  const named = useNamed();
  const resources = [...new Map(items.map((item) => [item.resource.id, item.resource])).values()];
  const columns: Column<DeskItemFragment>[] = [
    {
      key: 'name',
      head: t('item.name'),
      rowHeader: true,
      cell: (item) => (
        <span className="block min-w-28">
          {named(item)}
          {item.qualifier && <span className="block text-ink-3 text-xs">{item.qualifier}</span>}
        </span>
      ),
    },
    {
      key: 'grade',
      head: t('item.grade'),
      nowrap: true,
      cell: (item) => (
        <>
          {item.grade ? <Badge tone={gradeTones[item.grade]}>{name('Grade', item.grade)}</Badge> : t('fact.open')}
          <span className="block text-ink-3 text-xs">
            {item.sensitivity ? name('Sensitivity', item.sensitivity) : t('fact.open')}
          </span>
        </>
      ),
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
      key: 'protection',
      head: t('item.protection'),
      cell: (item) => {
        const all = [
          ...(item.masked ? [t('item.masked')] : []),
          ...item.protections.map((protection) => name('Protection', protection)),
        ];
        return (
          <span className="block min-w-24">
            {all.length > 0 ? all.join(t('separator')) : <span className="text-ink-3">{t('item.unprotected')}</span>}
          </span>
        );
      },
    },
  ];
  return (
    <div className="space-y-4">
      {resources.map((resource) => (
        <DataTable
          key={resource.id}
          caption={t('item.ofUnit', { resource: named(resource), unit: named(resource.sourceUnit) })}
          showCaption={withResource}
          rows={items.filter((item) => item.resource.id === resource.id)}
          rowKey={(item) => item.id}
          columns={columns}
        />
      ))}
    </div>
  );
}
