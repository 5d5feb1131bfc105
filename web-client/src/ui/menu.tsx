import { Menu as Base } from '@base-ui/react/menu';
import clsx from 'clsx';
import type { ReactElement, ReactNode } from 'react';
import { floatBox, floatItem } from './styles';

export interface MenuEntry {
  key: string;
  label: ReactNode;
  icon?: ReactNode;
  danger?: boolean;
  disabled?: boolean;
  onSelect?: () => void;
  /** An element that goes somewhere, such as `<Link to="/orders" />`, in the place of onSelect. */
  link?: ReactElement;
}

/** Actions behind a button. `trigger` is a Button or IconButton. */
export function Menu({
  trigger,
  items,
  align = 'end',
}: {
  trigger: ReactElement;
  items: readonly MenuEntry[];
  align?: 'start' | 'end';
}) {
  return (
    <Base.Root modal={false}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner sideOffset={4} align={align} className="z-60">
          <Base.Popup className={clsx(floatBox, 'max-h-(--available-height) min-w-40 overflow-y-auto p-1')}>
            {items.map((item) => {
              const className = clsx(floatItem, item.danger && 'text-rose');
              return item.link ? (
                <Base.LinkItem key={item.key} className={className} render={item.link} closeOnClick>
                  {item.icon}
                  {item.label}
                </Base.LinkItem>
              ) : (
                <Base.Item key={item.key} className={className} disabled={item.disabled} onClick={item.onSelect}>
                  {item.icon}
                  {item.label}
                </Base.Item>
              );
            })}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
