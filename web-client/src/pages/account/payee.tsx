import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Trouble } from '../../app/trouble';
import { useFormErrors } from '../../lib/form';
import { useSubmit } from '../../lib/submit';
import { Button } from '../../ui/button';
import { Field } from '../../ui/field';
import { FormErrors } from '../../ui/form-errors';
import { TextInput } from '../../ui/input';
import { DescriptionList, Section } from '../../ui/layout';
import { toast } from '../../ui/toast';
import { SetPayeeDocument } from './payee.gql';

/** Into which bank account the organisation is paid; of its number the last digits are shown. */
export function Payee({
  account,
  maySet,
}: {
  account: { name: string; bank: string; lastDigits: string; connectedAccount: string | null } | null;
  maySet: boolean;
}) {
  const { t } = useTranslation('account');
  const [changing, setChanging] = useState(false);
  return (
    <Section
      id="payee"
      title={t('payee.title')}
      lead={t('payee.lead')}
      card
      actions={
        maySet && !changing ? (
          <Button onClick={() => setChanging(true)}>{account ? t('payee.change') : t('payee.state')}</Button>
        ) : undefined
      }
    >
      {changing ? (
        <Form onLeave={() => setChanging(false)} />
      ) : account ? (
        <DescriptionList
          facts={[
            { key: 'name', term: t('payee.name'), value: account.name },
            { key: 'bank', term: t('payee.bank'), value: account.bank },
            { key: 'number', term: t('payee.number'), value: t('payee.masked', { digits: account.lastDigits }) },
            { key: 'connected', term: t('payee.connected'), value: account.connectedAccount },
          ]}
        />
      ) : (
        <p className="text-ink-2 text-sm">{t('payee.none')}</p>
      )}
    </Section>
  );
}

function Form({ onLeave }: { onLeave: () => void }) {
  const { t } = useTranslation('account');
  const { submit, pending, faults, problem } = useSubmit(SetPayeeDocument, { typenames: ['Organisation'] });
  const [typed, setTyped] = useState({ name: '', bank: '', number: '', connectedAccount: '' });
  const { at, errors, attempt, ready } = useFormErrors(
    {
      name: !typed.name.trim() && t('payee.nameMissing'),
      bank: !typed.bank.trim() && t('payee.bankMissing'),
      number: !typed.number.trim() && t('payee.numberMissing'),
      connectedAccount: false,
    },
    faults,
  );
  const send = async (event: FormEvent) => {
    event.preventDefault();
    if (!ready()) return;
    const outcome = await submit({ input: typed });
    if (!outcome?.done) return;
    toast(t('payee.done'));
    onLeave();
  };
  const input = (field: keyof typeof typed) => ({
    autoComplete: 'off',
    value: typed[field],
    onChange: (event: { target: { value: string } }) => setTyped({ ...typed, [field]: event.target.value }),
  });
  return (
    <form onSubmit={send} noValidate className="space-y-4">
      <FormErrors errors={errors} attempt={attempt} />
      <Trouble problem={problem} />
      <Field id="name" label={t('payee.name')} hint={t('payee.nameHint')} error={at('name')} required>
        <TextInput {...input('name')} />
      </Field>
      <Field id="bank" label={t('payee.bank')} hint={t('payee.bankHint')} error={at('bank')} required>
        <TextInput {...input('bank')} />
      </Field>
      <Field id="number" label={t('payee.number')} hint={t('payee.numberHint')} error={at('number')} required>
        <TextInput inputMode="numeric" {...input('number')} />
      </Field>
      <Field
        id="connectedAccount"
        label={t('payee.connected')}
        hint={t('payee.connectedHint')}
        error={at('connectedAccount')}
        required={false}
      >
        <TextInput {...input('connectedAccount')} />
      </Field>
      <div className="flex flex-wrap gap-2">
        <Button type="submit" kind="primary" pending={pending}>
          {t('payee.submit')}
        </Button>
        <Button onClick={onLeave}>{t('ui:cancel')}</Button>
      </div>
    </form>
  );
}
