import { Download } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../lib/format';
import { Button } from '../../ui/button';
import { Skeleton } from '../../ui/skeleton';
import { linkText } from '../../ui/styles';
import type { ProceedingFacts } from './proceeding';

type Document = ProceedingFacts['evidence'][number];

/** As much of a text as opens in place; a longer one is downloaded. */
const readable = 200_000;

const opensAs = (document: Document): 'image' | 'text' | undefined => {
  if (/^image\/(png|jpeg|webp)/.test(document.mediaType)) return 'image';
  if (/^text\/plain/.test(document.mediaType) && document.size <= readable) return 'text';
  return undefined;
};

/** The evidence: pictures and texts open in place, everything can be downloaded. */
export function Documents({ documents }: { documents: readonly Document[] }) {
  const { t } = useTranslation('review');
  if (documents.length === 0) return <p className="text-ink-2">{t('evidenceNone')}</p>;
  return (
    <ul className="-my-2 divide-y divide-line">
      {documents.map((document) => (
        <Entry key={document.id} document={document} />
      ))}
    </ul>
  );
}

function Entry({ document }: { document: Document }) {
  const { t } = useTranslation('review');
  const format = useFormats();
  const [open, setOpen] = useState(false);
  const as = opensAs(document);
  const url = `/documents/${document.id}`;
  return (
    <li className="py-2">
      <div className="flex items-start gap-2">
        <a href={url} download className={`${linkText} inline-flex min-h-8 min-w-0 flex-1 items-start gap-1.5 py-1`}>
          <Download aria-hidden className="mt-0.5 size-4 shrink-0" />
          <span className="break-all">{document.name}</span>
        </a>
        {as && (
          <Button size="small" aria-expanded={open} onClick={() => setOpen(!open)}>
            {open ? t('documentClose') : t('documentOpen')}
          </Button>
        )}
      </div>
      <p className="text-ink-3 text-xs">
        {format.bytes(document.size)} · SHA-256 <span className="font-mono">{document.sha256.slice(0, 12)}…</span>
      </p>
      {open && as === 'image' && (
        <img src={url} alt={document.name} className="mt-2 max-w-full rounded-md border border-line" />
      )}
      {open && as === 'text' && <Text url={url} name={document.name} />}
    </li>
  );
}

function Text({ url, name }: { url: string; name: string }) {
  const { t } = useTranslation('review');
  const [text, setText] = useState<string>();
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    const gone = new AbortController();
    fetch(url, { credentials: 'same-origin', signal: gone.signal })
      .then((response) => (response.ok ? response.text() : Promise.reject(new Error(String(response.status)))))
      .then(setText, () => {
        if (!gone.signal.aborted) setFailed(true);
      });
    return () => gone.abort();
  }, [url]);
  if (failed) return <p className="mt-2 text-rose">{t('documentFailed')}</p>;
  if (text === undefined) return <Skeleton lines={3} />;
  return (
    <section
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must take the focus
      tabIndex={0}
      aria-label={name}
      className="mt-2 max-h-80 overflow-auto whitespace-pre-wrap rounded-md border border-line bg-canvas p-3 font-sans text-13"
    >
      {text}
    </section>
  );
}
