import { Popover as Base } from '@base-ui/react/popover';
import clsx from 'clsx';
import type { ReactElement, ReactNode } from 'react';
import { floatBox } from './styles';

/** More about a thing, or a few settings, on pressing its button. */
export function Popover({
  trigger,
  title,
  children,
  align = 'start',
}: {
  trigger: ReactElement;
  title?: ReactNode;
  children: ReactNode;
  align?: 'start' | 'center' | 'end';
}) {
  return (
    <Base.Root>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner sideOffset={6} align={align} className="z-60">
          <Base.Popup className={clsx(floatBox, 'max-w-[min(24rem,var(--available-width))] p-4')}>
            {title && <Base.Title className="mb-1 font-medium">{title}</Base.Title>}
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
