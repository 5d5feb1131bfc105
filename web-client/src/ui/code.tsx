import clsx from 'clsx';
import { Check, Copy } from 'lucide-react';
import { useEffect, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from './button';
import { Checkbox } from './choice';
import { VisuallyHidden } from './hidden';
import { Notice } from './notice';
import { focusRingInside } from './styles';

/** Copies a text, and says whether that worked. */
export function CopyButton({ text, label }: { text: string; label?: string }) {
  const { t } = useTranslation('ui');
  const [state, setState] = useState<'idle' | 'copied' | 'failed'>('idle');
  useEffect(() => {
    if (state !== 'copied') return;
    const timer = setTimeout(() => setState('idle'), 3000);
    return () => clearTimeout(timer);
  }, [state]);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setState('copied');
    } catch {
      setState('failed');
    }
  };
  const copied = state === 'copied';
  return (
    <span className="inline-flex flex-wrap items-center gap-2">
      <Button
        size="small"
        onClick={copy}
        icon={copied ? <Check aria-hidden className="size-4" /> : <Copy aria-hidden className="size-4" />}
      >
        {copied ? t('copied') : (label ?? t('copy'))}
      </Button>
      <VisuallyHidden live>{copied ? t('copied') : ''}</VisuallyHidden>
      {state === 'failed' && (
        <span role="alert" className="text-rose text-xs">
          {t('copyFailed')}
        </span>
      )}
    </span>
  );
}

/** Code to take along. It scrolls inside itself. */
export function CodeBlock({ label, code }: { label: string; code: string }) {
  const id = useId();
  return (
    <figure className="overflow-hidden rounded-lg border border-line bg-sunken text-sm">
      <figcaption className="flex flex-wrap items-center justify-between gap-2 border-line border-b px-3 py-1.5 text-ink-2 text-xs">
        <span id={id}>{label}</span>
        <CopyButton text={code} />
      </figcaption>
      <section
        aria-labelledby={id}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must take the focus
        tabIndex={0}
        className={clsx('relative overflow-x-auto', focusRingInside)}
      >
        <pre className="p-3 font-mono text-ink text-xs/5">{code}</pre>
      </section>
    </figure>
  );
}

/** A secret that is shown once: it can be put away only by saying that it is stored. */
export function SecretOnce({ label, secret, onStored }: { label: string; secret: string; onStored: () => void }) {
  const { t } = useTranslation('ui');
  const [stored, setStored] = useState(false);
  const [gone, setGone] = useState(false);
  if (gone)
    return (
      <Notice tone="success" live>
        {t('secret.gone')}
      </Notice>
    );
  return (
    <Notice tone="attention" title={t('secret.once')}>
      <p className="text-ink-2">{label}</p>
      <code className="my-1.5 block select-all break-all rounded-md border border-line-strong bg-surface px-3 py-2 font-mono text-sm">
        {secret}
      </code>
      <CopyButton text={secret} />
      <div className="mt-2 flex flex-wrap items-center gap-x-4 gap-y-1">
        <Checkbox label={t('secret.stored')} checked={stored} onCheckedChange={setStored} />
        <Button
          size="small"
          disabled={!stored}
          onClick={() => {
            setGone(true);
            onStored();
          }}
        >
          {t('close')}
        </Button>
      </div>
    </Notice>
  );
}

/** A key to press. */
export function KeyHint({ keys }: { keys: readonly string[] }) {
  return (
    <span className="inline-flex gap-0.5">
      {keys.map((key) => (
        <kbd key={key} className="rounded-sm border border-line-strong bg-surface px-1 font-sans text-ink-3 text-xs">
          {key}
        </kbd>
      ))}
    </span>
  );
}

export interface LoadMoreProps {
  shown: number;
  total?: number | null;
  hasMore: boolean;
  pending?: boolean;
  onMore: () => void;
}

/** How many of a list are shown, and the next of them; nothing where the list is a short one. */
export function LoadMore({ shown, total, hasMore, pending, onMore }: LoadMoreProps) {
  const { t } = useTranslation('ui');
  if (!hasMore && shown <= 20) return null;
  return (
    <div className="flex flex-wrap items-center justify-center gap-3 py-4 text-ink-3 text-sm">
      <span role="status" className="tabular-nums">
        {total != null ? t('more.shown', { shown, total }) : !hasMore && t('more.all')}
      </span>
      {hasMore && (
        <Button onClick={onMore} pending={pending}>
          {t('more.load')}
        </Button>
      )}
    </div>
  );
}
