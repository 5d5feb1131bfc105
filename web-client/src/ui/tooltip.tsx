import { Tooltip as Base } from '@base-ui/react/tooltip';
import { type ReactElement, useId } from 'react';

/** A few words about a control, on hovering and on focus. Never the only place they stand on a phone. */
export function Tooltip({ text, children }: { text: string; children: ReactElement }) {
  const id = useId();
  return (
    <Base.Root>
      <Base.Trigger delay={300} aria-describedby={id} render={children} />
      <span id={id} hidden>
        {text}
      </span>
      <Base.Portal>
        <Base.Positioner sideOffset={6} className="z-60">
          <Base.Popup className="max-w-72 rounded-md bg-ink px-2.5 py-1.5 text-white text-xs">{text}</Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
