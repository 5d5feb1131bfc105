import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useProblemText } from '../../app/problem-state';
import {
  curlOf,
  type DataAnswer,
  type DataCall,
  type LinkAnswer,
  type RowsAnswer,
  sendCall,
} from '../../lib/data-call';
import { useFormats } from '../../lib/format';
import { useFaultText } from '../../lib/i18n';
import type { Delivery, Purpose } from '../../lib/schema.gql';
import { Button, ButtonAnchor } from '../../ui/button';
import { CodeBlock } from '../../ui/code';
import { Section } from '../../ui/layout';
import { Notice } from '../../ui/notice';
import { DataTable } from '../../ui/table';

/** Stands in a call for a secret that is not shown. */
const placeholder = '$SECRET';

/** How to call, as a line to paste; with a secret that was just made it can be sent from here. */
export function FirstCall({
  product,
  purpose,
  secret,
}: {
  product: { callUrl: string; delivery: Delivery };
  purpose: Purpose;
  secret: string | undefined;
}) {
  const { t } = useTranslation('rights');
  const format = useFormats();
  const say = useFaultText();
  const problemText = useProblemText();
  const [pending, setPending] = useState(false);
  const [answer, setAnswer] = useState<DataAnswer<RowsAnswer | LinkAnswer>>();
  const call = (with_: string): DataCall => ({
    method: product.delivery === 'FILE' ? 'POST' : 'GET',
    url: product.callUrl,
    params: product.delivery === 'FILE' ? [] : [['first', '5']],
    headers: [
      ['Authorization', `Bearer ${with_}`],
      ['Gongshu-Purpose', purpose],
    ],
  });
  const send = async () => {
    if (!secret) return;
    setPending(true);
    setAnswer(await sendCall<RowsAnswer | LinkAnswer>(call(secret)));
    setPending(false);
  };
  const body = answer && !answer.problem ? answer.body : undefined;
  return (
    <Section
      title={t('call.title')}
      lead={!secret ? t('call.leadWithout') : product.delivery === 'FILE' ? t('call.leadFile') : t('call.lead')}
      card
    >
      <div className="space-y-3">
        <CodeBlock label={t('call.request')} code={curlOf(call(secret ?? placeholder))} />
        {secret && (
          <Button kind="primary" pending={pending} onClick={send}>
            {product.delivery === 'FILE' ? t('call.getLink') : t('call.send')}
          </Button>
        )}
        {answer?.problem && (
          <Notice tone="refused" live title={problemText(answer.problem).title}>
            {answer.problem.fault ? say(answer.problem.fault) : problemText(answer.problem).what}
          </Notice>
        )}
        {body && 'rows' in body && Array.isArray(body.rows) && (
          <div role="status" className="space-y-2">
            <p className="text-ink-2">{t('call.rows', { count: body.rows.length })}</p>
            <DataTable
              caption={t('call.answer')}
              rows={body.rows.map((row, i) => ({ key: String(i), row }))}
              rowKey={(one) => one.key}
              columns={Object.keys(body.rows[0] ?? {}).map((key) => ({
                key,
                head: key,
                nowrap: true,
                cell: (one: { row: Record<string, unknown> }) => String(one.row[key] ?? ''),
              }))}
            />
          </div>
        )}
        {body && 'url' in body && (
          <Notice
            tone="success"
            live
            title={t('call.link', { size: format.bytes(body.bytes) })}
            actions={
              <ButtonAnchor href={new URL(body.url, location.origin).pathname}>{t('call.download')}</ButtonAnchor>
            }
          >
            {t('call.linkUntil', { at: format.moment(body.expiresAt) })}
          </Notice>
        )}
      </div>
    </Section>
  );
}
