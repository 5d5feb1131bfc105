import { useTranslation } from 'react-i18next';
import { Refused } from '../../app/refused';
import { Trouble } from '../../app/trouble';
import { Button } from '../../ui/button';
import { SecretOnce } from '../../ui/code';
import { Section } from '../../ui/layout';
import type { Order } from './placed';
import type { Purchase } from './use-purchase';

interface Props {
  entitlement: NonNullable<Order['entitlement']>;
  purchase: Purchase;
}

/** The credential of what was bought; its secret is shown once. */
export function Credential({ entitlement, purchase, onStored }: Props & { onStored: () => void }) {
  const { t } = useTranslation('checkout');
  const { secret } = purchase;
  return (
    <Section title={t('credential.title')} lead={t('credential.lead')}>
      {secret !== undefined ? (
        <SecretOnce label={t('credential.secret')} secret={secret} onStored={onStored} />
      ) : (
        <Unseen entitlement={entitlement} purchase={purchase} />
      )}
    </Section>
  );
}

/** There is no secret to show: none was made, it was shown before, or the credential has ended. */
function Unseen({ entitlement, purchase }: Props) {
  const { t } = useTranslation('checkout');
  const { credentials, canIssueCredential } = entitlement;
  const active = credentials.find((credential) => credential.status === 'ACTIVE');
  const pending = purchase.step !== undefined;
  return (
    <div className="space-y-3 rounded-xl border border-line bg-surface p-4 sm:p-5">
      <Refused faults={purchase.faults} />
      <Trouble problem={purchase.unanswered ? undefined : purchase.problem} />
      <p>
        {pending
          ? t('credential.issuing')
          : active
            ? t('credential.shownBefore', { hint: active.hint })
            : credentials.length > 0
              ? t('credential.ended')
              : t('credential.none')}
      </p>
      {active
        ? active.canRotate && (
            <Button pending={pending} onClick={() => purchase.rotate(active.id)}>
              {t('credential.rotate')}
            </Button>
          )
        : canIssueCredential && (
            <Button kind="primary" pending={pending} onClick={() => purchase.issue(entitlement.id, credentials.length)}>
              {t('credential.issue')}
            </Button>
          )}
      {!canIssueCredential && entitlement.usable && !pending && (
        <p className="text-ink-2">{t('rights:credentials.notYou')}</p>
      )}
    </div>
  );
}
