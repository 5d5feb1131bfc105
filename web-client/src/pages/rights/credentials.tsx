import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Act } from '../../app/act';
import { useProblemText } from '../../app/problem-state';
import { useFormats } from '../../lib/format';
import { useEnum, useFaultText } from '../../lib/i18n';
import { faultAt, useIdempotencyKey, useSubmit } from '../../lib/submit';
import { StatusBadge } from '../../ui/badge';
import { Button } from '../../ui/button';
import { SecretOnce } from '../../ui/code';
import { Field } from '../../ui/field';
import { TextInput } from '../../ui/input';
import { Section } from '../../ui/layout';
import { Notice } from '../../ui/notice';
import { DataTable } from '../../ui/table';
import { IssueCredentialDocument, type IssueCredentialMutation } from './issue.gql';
import { RevokeCredentialDocument } from './revoke.gql';
import type { EntitlementQuery } from './right.gql';
import { RotateCredentialDocument } from './rotate.gql';

type Right = NonNullable<EntitlementQuery['entitlement']>;

const touched = ['Credential', 'Entitlement'];

/** A secret that was made on this page: it is shown until it is put away, and can be called with as long as its credential lasts. */
export interface Made {
  credential: { id: string; hint: string };
  secret: string;
  stored: boolean;
}

/** The credentials of a right: made, replaced and ended. A secret is shown once, and no other takes its place meanwhile. */
export function Credentials({
  right,
  made,
  onMade,
}: {
  right: Right;
  made: readonly Made[];
  onMade: (change: (now: readonly Made[]) => readonly Made[]) => void;
}) {
  const { t } = useTranslation('rights');
  const name = useEnum();
  const format = useFormats();
  const say = useFaultText();
  const problemText = useProblemText();
  const { keyOf, renew } = useIdempotencyKey();
  const issue = useSubmit(IssueCredentialDocument, { typenames: touched });
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
    show(outcome.data.credentialIssue);
  };
  const show = ({ credential, secret }: IssueCredentialMutation['credentialIssue']) => {
    if (!credential || !secret) return;
    onMade((now) => [...now.filter((one) => !one.stored), { credential, secret, stored: false }]);
  };
  const ended = (id: string) => onMade((now) => now.filter((one) => one.credential.id !== id));
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
      {made.map(({ credential, secret }) => (
        <div key={credential.id} className="mb-4">
          <SecretOnce
            label={t('credentials.secret', { hint: credential.hint })}
            secret={secret}
            onStored={() =>
              onMade((now) => now.map((one) => (one.credential.id === credential.id ? { ...one, stored: true } : one)))
            }
          />
        </div>
      ))}
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
                    <Act
                      size="small"
                      label={t('credentials.rotate')}
                      title={t('credentials.rotateTitle', { hint: credential.hint })}
                      consequence={t('credentials.rotateConsequence')}
                      done={t('credentials.rotated')}
                      mutation={RotateCredentialDocument}
                      variables={() => ({ id: credential.id, idempotencyKey: `${credential.id}.rotate` })}
                      typenames={touched}
                      asksReason={false}
                      onDone={({ credentialRotate }) => {
                        ended(credential.id);
                        show(credentialRotate);
                      }}
                    />
                  )}
                  {credential.canRevoke && (
                    <Act
                      size="small"
                      danger
                      label={t('credentials.revoke')}
                      title={t('credentials.revokeTitle', { hint: credential.hint })}
                      consequence={t('credentials.revokeConsequence')}
                      done={t('credentials.revoked')}
                      mutation={RevokeCredentialDocument}
                      variables={() => ({ id: credential.id })}
                      typenames={touched}
                      asksReason={false}
                      onDone={() => ended(credential.id)}
                    />
                  )}
                </span>
              ),
          },
        ]}
      />
    </Section>
  );
}
