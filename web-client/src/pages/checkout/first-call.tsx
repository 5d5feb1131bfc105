import { useState } from 'react';
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
import { useFormats } from '../../lib/format';
import { useFaultText } from '../../lib/i18n';
import { Button, ButtonAnchor } from '../../ui/button';
import { CodeBlock, SecretOnce } from '../../ui/code';
import { Section } from '../../ui/layout';
import { Notice } from '../../ui/notice';
import { Answer } from '../product/answer';
import type { Order } from './placed';
import type { Purchase } from './use-purchase';

interface Props {
  order: Order;
  entitlement: NonNullable<Order['entitlement']>;
  purchase: Purchase;
}

/** The credential, whose secret is shown once, and the first call with it. */
export function FirstCall({ order, entitlement, purchase }: Props) {
  const { t } = useTranslation('checkout');
  const [stored, setStored] = useState(false);
  const { secret } = purchase;
  const shown = secret !== undefined && !stored;
  return (
    <>
      <Section title={t('credential.title')} lead={t('credential.lead')}>
        {secret !== undefined ? (
          <SecretOnce label={t('credential.secret')} secret={secret} onStored={() => setStored(true)} />
        ) : (
          <Unseen entitlement={entitlement} purchase={purchase} />
        )}
      </Section>
      {order.product && (
        <Section title={t('call.title')} card>
          <Call
            product={order.product}
            purpose={order.purpose}
            secret={secret}
            written={shown ? secret : secretVariable}
          />
        </Section>
      )}
    </>
  );
}

/** There is no secret to show: none was issued, or it was shown before. */
function Unseen({ entitlement, purchase }: Omit<Props, 'order'>) {
  const { t } = useTranslation('checkout');
  const say = useFaultText();
  const problemText = useProblemText();
  const active = entitlement.credentials.find((credential) => credential.status === 'ACTIVE');
  const pending = purchase.step !== undefined;
  return (
    <div className="space-y-3 rounded-xl border border-line bg-surface p-4 sm:p-5">
      {purchase.faults.map((fault) => (
        <Notice key={fault.code} tone="refused" live>
          {say(fault)}
        </Notice>
      ))}
      {purchase.problem && (
        <Notice tone="attention" live title={problemText(purchase.problem).title}>
          {problemText(purchase.problem).what}
        </Notice>
      )}
      <p>
        {pending
          ? t('credential.issuing')
          : active
            ? t('credential.shownBefore', { hint: active.hint })
            : t('credential.none')}
      </p>
      {active ? (
        <Button pending={pending} onClick={() => purchase.rotate(active.id)}>
          {t('credential.rotate')}
        </Button>
      ) : (
        <Button kind="primary" pending={pending} onClick={() => purchase.issue(entitlement.id)}>
          {t('credential.issue')}
        </Button>
      )}
    </div>
  );
}

/** The call as it can be pasted, and pressed here while the secret is at hand. */
function Call({
  product,
  purpose,
  secret,
  written,
}: {
  product: NonNullable<Order['product']>;
  purpose: Order['purpose'];
  secret: string | undefined;
  written: string;
}) {
  const { t } = useTranslation('checkout');
  const format = useFormats();
  const problemText = useProblemText();
  const file = product.delivery === 'FILE';
  const [pending, setPending] = useState(false);
  const [rows, setRows] = useState<DataAnswer<RowsAnswer>>();
  const [link, setLink] = useState<DataAnswer<LinkAnswer>>();
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
  };
  return (
    <div className="space-y-3">
      <CodeBlock label={file ? t('call.file') : t('call.rows')} code={curlOf(callWith(written))} />
      {written === secretVariable && <p className="text-ink-2">{t('call.placeholder')}</p>}
      {secret && (
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
          <Button kind="primary" pending={pending} onClick={send}>
            {file ? t('call.getLink') : t('call.try')}
          </Button>
          <span className="text-ink-3 text-xs">{file ? t('call.linkCost') : t('call.cost')}</span>
        </div>
      )}
      {rows && !rows.problem && rows.remaining !== null && (
        <p className="text-ink-2">
          {rows.unit === 'bytes'
            ? t('call.leftBytes', { left: format.bytes(Number(rows.remaining)) })
            : t('call.leftCalls', { left: format.count(Number(rows.remaining)) })}
        </p>
      )}
      {rows && <Answer answer={rows} columns={product.dictionary} />}
      {link?.problem && (
        <Notice tone="refused" live title={problemText(link.problem).title}>
          {problemText(link.problem).what}
        </Notice>
      )}
      {link && !link.problem && (
        <Notice
          tone="success"
          live
          title={t('call.linkMade')}
          actions={
            <ButtonAnchor kind="primary" href={new URL(link.body.url, location.origin).pathname} download>
              {t('call.download', { size: format.bytes(link.body.bytes) })}
            </ButtonAnchor>
          }
        >
          {t('call.linkUntil', { at: format.moment(link.body.expiresAt), rows: format.count(link.body.rows) })}
        </Notice>
      )}
    </div>
  );
}
