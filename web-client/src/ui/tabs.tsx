import { Tabs as Base } from '@base-ui/react/tabs';
import clsx from 'clsx';
import type { ReactNode } from 'react';
import { focusRing, focusRingInside } from './styles';

export interface Tab {
  value: string;
  label: ReactNode;
  /** A count beside the label. */
  count?: number;
  content: ReactNode;
}

/** Parts of a page of which one shows. Keep `value` in the URL. */
export function Tabs({
  label,
  tabs,
  value,
  onValueChange,
}: {
  label: string;
  tabs: readonly Tab[];
  value: string;
  onValueChange: (value: string) => void;
}) {
  return (
    <Base.Root value={value} onValueChange={(next) => onValueChange(String(next))}>
      <Base.List aria-label={label} className="relative mb-4 flex overflow-x-auto border-line border-b">
        {tabs.map((tab) => (
          <Base.Tab
            key={tab.value}
            value={tab.value}
            className={clsx(
              'min-h-10 shrink-0 whitespace-nowrap border-transparent border-b-2 px-3 text-ink-2 text-sm hover:text-ink',
              'data-active:border-brand data-active:font-medium data-active:text-brand-ink',
              focusRingInside,
            )}
          >
            {tab.label}
            {tab.count !== undefined && (
              <span className="ml-1.5 rounded-full bg-sunken px-1.5 text-ink-2 text-xs tabular-nums">{tab.count}</span>
            )}
          </Base.Tab>
        ))}
      </Base.List>
      {tabs.map((tab) => (
        <Base.Panel key={tab.value} value={tab.value} className={clsx('min-w-0', focusRing)}>
          {tab.content}
        </Base.Panel>
      ))}
    </Base.Root>
  );
}
