import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useProblemText } from '../../app/problem-state';
import {
  curlOf,
  type DataAnswer,
  type DataCall,
  type LinkAnswer,
  type RowsAnswer,
  secretVariable,
  sendCall,
} from '../../lib/data-call';
import { changedHere } from '../../lib/events';
import { useFormats } from '../../lib/format';
import type { Delivery, Purpose } from '../../lib/schema.gql';
import { Button, ButtonAnchor } from '../../ui/button';
import { CodeBlock } from '../../ui/code';
import { Section } from '../../ui/layout';
import { Notice } from '../../ui/notice';
import { Answer, type ColumnFacts } from '../product/answer';

/**
 * How to call, as a line to paste; while a secret that was just made is at hand it can be sent from here. It is there as soon as
 * the right can be used, and stays when that is over: what the last call brought is not lost with it.
 */
export function FirstCall({
  product,
  purpose,
  usable,
  secret,
  stored = false,
}: {
  product: { callUrl: string; delivery: Delivery; dictionary: readonly ColumnFacts[] };
  purpose: Purpose;
  /** The right can be used now. */
  usable: boolean;
  secret: string | undefined;
  /** The secret is put away: it can still be used, and is written nowhere. */
  stored?: boolean;
}) {
  const { t } = useTranslation('rights');
  const file = product.delivery === 'FILE';
  const [pending, setPending] = useState(false);
  const [rows, setRows] = useState<DataAnswer<RowsAnswer>>();
  const [link, setLink] = useState<DataAnswer<LinkAnswer>>();
  const begun = useRef(false);
  begun.current ||= usable;
  // The button goes with the last call, and with it the focus would.
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!usable && document.activeElement === document.body) box.current?.focus({ preventScroll: true });
  }, [usable]);
  const callWith = (bearer: string): DataCall => ({
    method: file ? 'POST' : 'GET',
    url: product.callUrl,
    headers: [
      ['Authorization', `Bearer ${bearer}`],
      ['Gongshu-Purpose', purpose],
    ],
    params: file ? [] : [['first', '5']],
  });
  const send = async () => {
    if (!secret) return;
    setPending(true);
    if (file) setLink(await sendCall<LinkAnswer>(callWith(secret)));
    else setRows(await sendCall<RowsAnswer>(callWith(secret)));
    setPending(false);
    changedHere(['Entitlement', 'Usage']); // what was used is read again
  };
  if (!begun.current) return null;
  const written = secret && !stored ? secret : secretVariable;
  return (
    <Section title={t('call.title')} card>
      <div ref={box} tabIndex={-1} className="space-y-3 outline-none">
        <CodeBlock label={file ? t('call.file') : t('call.rows')} code={curlOf(callWith(written))} />
        {written === secretVariable && <p className="text-ink-2">{t('call.placeholder')}</p>}
        {secret && usable && (
          <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
            <Button kind="primary" pending={pending} onClick={send}>
              {file ? t('call.getLink') : t('call.try')}
            </Button>
            <span className="text-ink-3 text-xs">{file ? t('call.linkCost') : t('call.cost')}</span>
          </div>
        )}
        {rows && <Left answer={rows} />}
        {rows && <Answer answer={rows} columns={product.dictionary} />}
        {link && <FileLink answer={link} />}
      </div>
    </Section>
  );
}

/** What a call left of the quota. */
function Left({ answer }: { answer: DataAnswer<RowsAnswer> }) {
  const { t } = useTranslation('rights');
  const format = useFormats();
  if (answer.problem || answer.remaining === null) return null;
  const left = Number(answer.remaining);
  return (
    <p className="text-ink-2">
      {answer.unit === 'bytes'
        ? t('call.leftBytes', { left: format.bytes(left) })
        : t('call.leftCalls', { left: format.count(left) })}
    </p>
  );
}

/** The link to a file, or why there is none. */
function FileLink({ answer }: { answer: DataAnswer<LinkAnswer> }) {
  const { t } = useTranslation('rights');
  const format = useFormats();
  const problemText = useProblemText();
  if (answer.problem) {
    return (
      <Notice tone="refused" live title={problemText(answer.problem).title}>
        {problemText(answer.problem).what}
      </Notice>
    );
  }
  const { url, bytes, rows, expiresAt } = answer.body;
  return (
    <Notice
      tone="success"
      live
      title={t('call.linkMade')}
      actions={
        <ButtonAnchor kind="primary" href={new URL(url, location.origin).pathname} download>
          {t('call.download', { size: format.bytes(bytes) })}
        </ButtonAnchor>
      }
    >
      {t('call.linkUntil', { at: format.moment(expiresAt), rows: format.count(rows) })}
    </Notice>
  );
}
