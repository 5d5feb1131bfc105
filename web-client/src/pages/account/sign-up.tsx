import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Go } from '../../app/go';
import { useTitle } from '../../app/title';
import { Trouble } from '../../app/trouble';
import { useViewer } from '../../app/viewer';
import { useFormErrors } from '../../lib/form';
import { useEnum } from '../../lib/i18n';
import { enums, type LegalForm, type Party } from '../../lib/schema.gql';
import { useSubmit } from '../../lib/submit';
import { Button } from '../../ui/button';
import { CheckboxGroup } from '../../ui/choice';
import { Field } from '../../ui/field';
import { FormErrors } from '../../ui/form-errors';
import { TextInput } from '../../ui/input';
import { PageHead, Section } from '../../ui/layout';
import { Select } from '../../ui/select';
import { SignUpDocument } from './sign-up.gql';

/** What an organisation can ask for itself. */
const parties: Party[] = ['BUYER', 'OPERATOR', 'DATA_VENDOR'];

export function Screen() {
  const { t } = useTranslation('account');
  useTitle(t('signUp'));
  const name = useEnum();
  const navigate = useNavigate();
  const { reload } = useViewer();
  const { submit, pending, faults, problem } = useSubmit(SignUpDocument, { typenames: ['Viewer', 'Organisation'] });
  const [form, setForm] = useState({
    name: '',
    nameEn: '',
    creditCode: '',
    legalForm: '',
    parties: ['BUYER'] as string[],
    displayName: '',
    email: '',
    password: '',
  });
  const set = (change: Partial<typeof form>) => setForm((now) => ({ ...now, ...change }));
  const { at, errors, attempt, ready } = useFormErrors(
    {
      name: !form.name.trim() && t('missing.name'),
      creditCode: !form.creditCode.trim() && t('missing.creditCode'),
      legalForm: !form.legalForm && t('missing.legalForm'),
      parties: form.parties.length === 0 && t('missing.parties'),
      displayName: !form.displayName.trim() && t('missing.displayName'),
      email: !form.email.trim() && t('emailMissing'),
      password: [...form.password].length < 10 && t('missing.passwordShort'),
    },
    faults,
    ['name', 'nameEn', 'creditCode', 'legalForm', 'parties', 'displayName', 'email', 'password'],
  );
  const send = async (event: FormEvent) => {
    event.preventDefault();
    if (!ready()) return;
    const outcome = await submit({
      input: {
        ...form,
        name: form.name.trim(),
        nameEn: form.nameEn.trim() || undefined,
        creditCode: form.creditCode.trim().toUpperCase(),
        legalForm: form.legalForm as LegalForm,
        parties: form.parties as Party[],
        email: form.email.trim(),
        displayName: form.displayName.trim(),
      },
    });
    if (!outcome?.done) return;
    reload();
    navigate({ to: '/organisation' as '/' });
  };
  return (
    <div className="mx-auto max-w-2xl">
      <PageHead title={t('signUp')} lead={t('signUpLead')} />
      <form onSubmit={send} noValidate className="space-y-6">
        <FormErrors errors={errors} attempt={attempt} />
        <Trouble problem={problem} />
        <Section title={t('part.organisation')} card>
          <div className="grid gap-4 sm:grid-cols-2">
            <Field id="name" label={t('field.name')} hint={t('field.nameHint')} error={at('name')}>
              <TextInput
                autoComplete="organization"
                value={form.name}
                onChange={(event) => set({ name: event.target.value })}
              />
            </Field>
            <Field
              id="nameEn"
              label={t('field.nameEn')}
              hint={t('field.nameEnHint')}
              error={at('nameEn')}
              required={false}
            >
              <TextInput lang="en" value={form.nameEn} onChange={(event) => set({ nameEn: event.target.value })} />
            </Field>
            <Field
              id="creditCode"
              label={t('field.creditCode')}
              hint={t('field.creditCodeHint')}
              error={at('creditCode')}
            >
              <TextInput
                autoCapitalize="characters"
                spellCheck={false}
                value={form.creditCode}
                onChange={(event) => set({ creditCode: event.target.value })}
              />
            </Field>
            <Field id="legalForm" label={t('field.legalForm')} hint={t('field.legalFormHint')} error={at('legalForm')}>
              <Select
                options={enums.LegalForm.map((form) => ({ value: form, label: name('LegalForm', form) }))}
                value={form.legalForm || null}
                placeholder={t('choose')}
                onValueChange={(legalForm) => set({ legalForm })}
              />
            </Field>
          </div>
          <div className="mt-4">
            <Field as="group" id="parties" label={t('field.parties')} error={at('parties')}>
              <CheckboxGroup
                options={parties.map((party) => ({
                  value: party,
                  label: name('Party', party),
                  hint: t(`partyHint.${party}`),
                }))}
                value={form.parties}
                onValueChange={(chosen) => set({ parties: chosen })}
              />
            </Field>
          </div>
        </Section>
        <Section title={t('part.person')} lead={t('part.personLead')} card>
          <div className="grid gap-4 sm:grid-cols-2">
            <Field id="displayName" label={t('field.displayName')} error={at('displayName')}>
              <TextInput
                autoComplete="name"
                value={form.displayName}
                onChange={(event) => set({ displayName: event.target.value })}
              />
            </Field>
            <Field id="email" label={t('email')} error={at('email')}>
              <TextInput
                type="email"
                autoComplete="username"
                value={form.email}
                onChange={(event) => set({ email: event.target.value })}
              />
            </Field>
            <Field id="password" label={t('password')} hint={t('field.passwordHint')} error={at('password')}>
              <TextInput
                type="password"
                autoComplete="new-password"
                value={form.password}
                onChange={(event) => set({ password: event.target.value })}
              />
            </Field>
          </div>
        </Section>
        <div className="flex flex-wrap items-center gap-4">
          <Button type="submit" kind="primary" size="large" pending={pending}>
            {t('signUp')}
          </Button>
          <p className="text-ink-2">
            {t('haveAccount')}{' '}
            <Go to="/sign-in" className="text-brand underline">
              {t('signIn')}
            </Go>
          </p>
        </div>
      </form>
    </div>
  );
}
