import { Dialog as Base } from '@base-ui/react/dialog';
import clsx from 'clsx';
import { X } from 'lucide-react';
import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, IconButton } from './button';
import { Field } from './field';
import { TextArea } from './input';

export interface DialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: ReactNode;
  /** Read out with the title when the dialog opens. */
  description?: ReactNode;
  children?: ReactNode;
  /** The buttons at the foot. */
  actions?: ReactNode;
  /** `side` and `bottom` make it a sheet. */
  place?: 'middle' | 'side' | 'bottom';
  wide?: boolean;
  /** The id of what takes the focus on opening; otherwise the first thing inside that can, and not the cross that leaves. */
  focus?: string;
}

const places = {
  middle:
    'top-1/2 left-1/2 max-h-[calc(100dvh-2rem)] w-[calc(100vw-2rem)] -translate-x-1/2 -translate-y-1/2 rounded-xl',
  side: 'inset-y-0 right-0 h-dvh w-[min(100vw,26rem)] rounded-l-xl',
  bottom: 'inset-x-0 bottom-0 max-h-[85dvh] w-full rounded-t-xl',
};

/** How long, in milliseconds, two presses may be apart to be one double click. */
const doubleClick = 500;

const focusable = 'input:enabled:not([hidden]), select:enabled, textarea:enabled, button:enabled, a[href]';

/** Work that must be done or left before going on. Focus stays inside; Escape leaves. */
export function Dialog({
  open,
  onOpenChange,
  title,
  description,
  children,
  actions,
  place = 'middle',
  wide,
  focus,
}: DialogProps) {
  const { t } = useTranslation('ui');
  const body = useRef<HTMLDivElement>(null);
  const opened = useRef(0);
  useEffect(() => {
    if (open) opened.current = performance.now();
  }, [open]);
  return (
    <Base.Root
      open={open}
      onOpenChange={(next, details) => {
        // The second press of a double click was meant for what opened it, and lands beside it.
        const doubled = details.reason === 'outside-press' && performance.now() - opened.current < doubleClick;
        if (next || !doubled) onOpenChange(next);
      }}
    >
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-ink/40 transition-opacity data-ending-style:opacity-0 data-starting-style:opacity-0 motion-reduce:transition-none" />
        <Base.Popup
          initialFocus={() =>
            (focus ? document.getElementById(focus) : body.current?.querySelector<HTMLElement>(focusable)) ?? true
          }
          className={clsx(
            'fixed z-50 flex flex-col bg-surface text-ink shadow-xl outline-none transition-opacity',
            'data-ending-style:opacity-0 data-starting-style:opacity-0 motion-reduce:transition-none',
            places[place],
            place === 'middle' && (wide ? 'max-w-3xl' : 'max-w-lg'),
          )}
        >
          <div className="flex items-start gap-3 px-5 pt-4 pb-2">
            <div className="min-w-0 flex-1">
              <Base.Title className="font-semibold text-lg">{title}</Base.Title>
              {description && <Base.Description className="mt-1 text-ink-2 text-sm">{description}</Base.Description>}
            </div>
            <Base.Close render={<IconButton label={t('close')} icon={<X aria-hidden className="size-5" />} />} />
          </div>
          <div ref={body} className={clsx('min-h-0 flex-1 overflow-y-auto px-5 pt-2', actions ? 'pb-2' : 'pb-5')}>
            {children}
          </div>
          {actions && <div className="flex flex-wrap justify-end gap-2 border-line border-t px-5 py-3">{actions}</div>}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

/** A dialog that comes from the side, or on phones from the bottom: facets, the menu. */
export function Sheet({ place = 'side', ...rest }: Omit<DialogProps, 'wide'>) {
  return <Dialog {...rest} place={place} />;
}

/** What was typed before, and where it is kept as it is typed. */
interface Kept {
  text: string;
  onChange: (text: string) => void;
}

export interface ConfirmDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: ReactNode;
  /** What will follow, and whether it can be undone. */
  consequence: ReactNode;
  /** The verb on the button, such as 退回修改. */
  confirm: string;
  danger?: boolean;
  /** Asks for a reason and does not go on without one. */
  reason?: { label: string; hint?: ReactNode; limit?: number; kept?: Kept };
  /** What the server refused. */
  error?: ReactNode;
  pending?: boolean;
  onConfirm: (reason: string) => void;
}

/** Asks before something with consequences; the reason stays when the server refuses. */
export function ConfirmDialog({
  open,
  onOpenChange,
  title,
  consequence,
  confirm,
  danger,
  reason,
  error,
  pending,
  onConfirm,
}: ConfirmDialogProps) {
  const { t } = useTranslation('ui');
  const field = useId();
  const cancel = useId();
  const [text, setText] = useState('');
  const [missing, setMissing] = useState<string>();
  // Opened anew it asks anew, unless the reason of before was kept for this: it may have been another's.
  const [was, setWas] = useState(open);
  if (was !== open) {
    setWas(open);
    if (open) {
      setText(reason?.kept?.text ?? '');
      setMissing(undefined);
    }
  }
  const submit = () => {
    const said = text.trim();
    const wrong =
      reason && !said
        ? t('confirm.reasonMissing')
        : reason?.limit && [...said].length > reason.limit
          ? t('confirm.reasonLong', { limit: reason.limit })
          : undefined;
    setMissing(wrong);
    if (wrong) document.getElementById(field)?.focus();
    else onConfirm(said);
  };
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={title}
      description={consequence}
      focus={reason ? field : cancel}
      actions={
        <>
          <Button id={cancel} onClick={() => onOpenChange(false)}>
            {t('cancel')}
          </Button>
          <Button kind={danger ? 'danger' : 'primary'} pending={pending} onClick={submit}>
            {confirm}
          </Button>
        </>
      }
    >
      {reason && (
        <Field id={field} label={reason.label} hint={reason.hint} error={missing} required>
          <TextArea
            rows={3}
            value={text}
            limit={reason.limit}
            onChange={(event) => {
              setText(event.target.value);
              reason.kept?.onChange(event.target.value);
            }}
          />
        </Field>
      )}
      {error && (
        <p role="alert" className="mt-2 text-rose text-sm">
          {error}
        </p>
      )}
    </Dialog>
  );
}
