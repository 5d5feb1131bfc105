import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Trouble } from '../../app/trouble';
import { useFormErrors } from '../../lib/form';
import { useFormats } from '../../lib/format';
import { useEnum } from '../../lib/i18n';
import { enums, type Role } from '../../lib/schema.gql';
import { useSubmit } from '../../lib/submit';
import { Button } from '../../ui/button';
import { CheckboxGroup } from '../../ui/choice';
import { SecretOnce } from '../../ui/code';
import { Field } from '../../ui/field';
import { FormErrors } from '../../ui/form-errors';
import { TextInput } from '../../ui/input';
import { Section } from '../../ui/layout';
import { MemberInviteDocument } from './invite.gql';

/** Invites a person into the organisation; the link is shown once and handed on by whoever invites. */
export function Invite({ organisationId }: { organisationId: string }) {
  const { t } = useTranslation('account');
  const name = useEnum();
  const format = useFormats();
  const { submit, pending, faults, problem } = useSubmit(MemberInviteDocument);
  const [email, setEmail] = useState('');
  const [roles, setRoles] = useState<string[]>(['MEMBER']);
  const [given, setGiven] = useState<{ link: string; until: string; email: string }>();
  const { at, errors, attempt, ready, reset } = useFormErrors(
    { email: !email.trim() && t('emailMissing'), roles: roles.length === 0 && t('missing.roles') },
    faults,
  );
  const send = async (event: FormEvent) => {
    event.preventDefault();
    if (!ready()) return;
    const outcome = await submit({ organisationId, input: { email: email.trim(), roles: roles as Role[] } });
    const made = outcome?.done ? outcome.data.memberInvite : undefined;
    if (!made?.token || !made.expiresAt) return;
    setGiven({ link: `${location.origin}/invitation#${made.token}`, until: made.expiresAt, email: email.trim() });
    setEmail('');
    reset();
  };
  return (
    <Section title={t('invite.title')} lead={t('invite.lead')} card>
      {given ? (
        <>
          <p className="mb-3">{t('invite.made', { email: given.email, until: format.moment(given.until) })}</p>
          <SecretOnce label={t('invite.link')} secret={given.link} onStored={() => setGiven(undefined)} />
        </>
      ) : (
        <form onSubmit={send} noValidate className="space-y-4">
          <FormErrors errors={errors} attempt={attempt} />
          <Trouble problem={problem} />
          <Field id="email" label={t('email')} hint={t('invite.emailHint')} error={at('email')}>
            <TextInput
              type="email"
              autoComplete="off"
              value={email}
              onChange={(event) => setEmail(event.target.value)}
            />
          </Field>
          <Field as="group" id="roles" label={t('organisation.roles')} error={at('roles')}>
            <CheckboxGroup
              inline
              options={enums.Role.map((role) => ({ value: role, label: name('Role', role) }))}
              value={roles}
              onValueChange={setRoles}
            />
          </Field>
          <Button type="submit" pending={pending}>
            {t('invite.submit')}
          </Button>
        </form>
      )}
    </Section>
  );
}
