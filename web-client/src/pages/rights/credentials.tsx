import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useProblemText } from '../../app/problem-state';
import { useFormats } from '../../lib/format';
import { useEnum, useFaultText } from '../../lib/i18n';
import { faultAt, useIdempotencyKey, useSubmit } from '../../lib/submit';
import { StatusBadge } from '../../ui/badge';
import { Button } from '../../ui/button';
import { SecretOnce } from '../../ui/code';
import { ConfirmDialog } from '../../ui/dialog';
import { Field } from '../../ui/field';
import { TextInput } from '../../ui/input';
import { Section } from '../../ui/layout';
import { Notice } from '../../ui/notice';
import { DataTable } from '../../ui/table';
import { IssueCredentialDocument } from './issue.gql';
import { RevokeCredentialDocument } from './revoke.gql';
import type { EntitlementQuery } from './right.gql';
import { RotateCredentialDocument } from './rotate.gql';

type Right = NonNullable<EntitlementQuery['entitlement']>;
type Credential = Right['credentials'][number];

const touched = { typenames: ['Credential', 'Entitlement'] };

/** The credentials of a right: made, replaced and ended. A secret is shown once. */
export function Credentials({
  right,
  secret,
  onSecret,
  onStored,
}: {
  right: Right;
  secret: string | undefined;
  onSecret: (secret: string | undefined) => void;
  onStored: () => void;
}) {
  const { t } = useTranslation('rights');
  const name = useEnum();
  const format = useFormats();
  const say = useFaultText();
  const problemText = useProblemText();
  const { keyOf, renew } = useIdempotencyKey();
  const issue = useSubmit(IssueCredentialDocument, touched);
  const [asked, setAsked] = useState<{ what: 'rotate' | 'revoke'; credential: Credential }>();
  const [typed, setTyped] = useState('');
  const make = async () => {
    const content = { entitlementId: right.id, name: typed.trim() };
    const outcome = await issue.submit({
      entitlementId: right.id,
      input: { name: content.name, idempotencyKey: keyOf(content) },
    });
    if (!outcome?.done) return;
    renew();
    setTyped('');
    onSecret(outcome.data.credentialIssue.secret ?? undefined);
  };
  const atName = faultAt(issue.faults, 'input.name');
  const refused =
    issue.faults
      .filter((fault) => fault !== atName)
      .map(say)
      .join(' ') ||
    (issue.problem && problemText(issue.problem).what);
  return (
    <Section title={t('credentials.title')} lead={t('credentials.lead')}>
      {right.canIssueCredential ? (
        <form
          noValidate
          className="mb-4 flex flex-wrap items-end gap-3"
          onSubmit={(event) => {
            event.preventDefault();
            make();
          }}
        >
          <div className="min-w-0 max-w-sm flex-1 basis-56">
            <Field id="credential-name" label={t('credentials.name')} required={false} error={atName && say(atName)}>
              <TextInput
                value={typed}
                placeholder={t('credentials.nameExample')}
                onChange={(event) => setTyped(event.target.value)}
              />
            </Field>
          </div>
          <Button type="submit" kind={right.credentials.length === 0 ? 'primary' : 'secondary'} pending={issue.pending}>
            {t('credentials.issue')}
          </Button>
        </form>
      ) : (
        right.usable && <p className="mb-3 text-ink-2">{t('credentials.notYou')}</p>
      )}
      {refused && (
        <Notice tone="refused" live className="mb-3">
          {refused}
        </Notice>
      )}
      {secret && (
        <div className="mb-4">
          <SecretOnce key={secret} label={t('credentials.secret')} secret={secret} onStored={onStored} />
        </div>
      )}
      <DataTable
        caption={t('credentials.title')}
        rows={right.credentials}
        rowKey={(credential) => credential.id}
        empty={<p className="px-3 py-6 text-center text-ink-3">{t('credentials.none')}</p>}
        columns={[
          {
            key: 'hint',
            head: t('credentials.hint'),
            rowHeader: true,
            nowrap: true,
            cell: (credential) => (
              <>
                {credential.name && <span className="block">{credential.name}</span>}
                <span className="font-mono text-13 text-ink-2">{credential.hint}…</span>
              </>
            ),
          },
          {
            key: 'status',
            head: t('credentials.status'),
            nowrap: true,
            cell: (credential) => (
              <StatusBadge tone={credential.status === 'ACTIVE' ? 'success' : 'neutral'}>
                {name('CredentialStatus', credential.status)}
              </StatusBadge>
            ),
          },
          {
            key: 'made',
            head: t('credentials.made'),
            nowrap: true,
            cell: (credential) => format.moment(credential.createdAt),
          },
          {
            key: 'until',
            head: t('credentials.until'),
            nowrap: true,
            cell: (credential) => format.lastDay(credential.expiresAt),
          },
          {
            key: 'acts',
            head: t('credentials.acts'),
            nowrap: true,
            cell: (credential) =>
              (credential.canRotate || credential.canRevoke) && (
                <span className="flex gap-2">
                  {credential.canRotate && (
                    <Button size="small" onClick={() => setAsked({ what: 'rotate', credential })}>
                      {t('credentials.rotate')}
                    </Button>
                  )}
                  {credential.canRevoke && (
                    <Button size="small" kind="danger" onClick={() => setAsked({ what: 'revoke', credential })}>
                      {t('credentials.revoke')}
                    </Button>
                  )}
                </span>
              ),
          },
        ]}
      />
      {asked && <Ask asked={asked} onSecret={onSecret} onDone={() => setAsked(undefined)} />}
    </Section>
  );
}

function Ask({
  asked: { what, credential },
  onSecret,
  onDone,
}: {
  asked: { what: 'rotate' | 'revoke'; credential: Credential };
  onSecret: (secret: string | undefined) => void;
  onDone: () => void;
}) {
  const { t } = useTranslation('rights');
  const say = useFaultText();
  const problemText = useProblemText();
  const { keyOf } = useIdempotencyKey();
  const rotate = useSubmit(RotateCredentialDocument, touched);
  const revoke = useSubmit(RevokeCredentialDocument, touched);
  const running = what === 'rotate' ? rotate : revoke;
  const act = async () => {
    if (what === 'rotate') {
      const outcome = await rotate.submit({ id: credential.id, idempotencyKey: keyOf(credential.id) });
      if (!outcome?.done) return;
      onSecret(outcome.data.credentialRotate.secret ?? undefined);
    } else {
      const outcome = await revoke.submit({ id: credential.id });
      if (!outcome?.done) return;
      onSecret(undefined);
    }
    onDone();
  };
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && onDone()}
      title={t(`credentials.${what}Title`, { hint: credential.hint })}
      consequence={t(`credentials.${what}Consequence`)}
      confirm={t(`credentials.${what}`)}
      danger={what === 'revoke'}
      pending={running.pending}
      error={running.faults.map(say).join(' ') || (running.problem && problemText(running.problem).what)}
      onConfirm={act}
    />
  );
}
