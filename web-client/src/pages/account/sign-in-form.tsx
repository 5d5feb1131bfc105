import { type FormEvent, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Trouble } from '../../app/trouble';
import { useFaultText } from '../../lib/i18n';
import { useSubmit } from '../../lib/submit';
import { Button } from '../../ui/button';
import { Field } from '../../ui/field';
import { TextInput } from '../../ui/input';
import { Notice } from '../../ui/notice';
import { SignInDocument } from './sign-in.gql';

/** E-mail address and password. What was typed stays when it is refused; which of the two is wrong nobody says. */
export function SignInForm({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation('account');
  const say = useFaultText();
  const { submit, pending, faults, problem } = useSubmit(SignInDocument, { typenames: ['Viewer'] });
  const id = useId(); // it may stand over a form that asks for an e-mail address too
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [missing, setMissing] = useState(false);
  const send = async (event: FormEvent) => {
    event.preventDefault();
    setMissing(true);
    if (!email.trim() || !password) {
      document.getElementById(id + (email.trim() ? 'password' : 'email'))?.focus();
      return;
    }
    const outcome = await submit({ input: { email: email.trim(), password } });
    if (outcome?.done) onDone();
  };
  const refused = faults[0];
  return (
    <form onSubmit={send} noValidate className="space-y-4">
      {refused && (
        <Notice tone="refused" live>
          {say(refused)}
        </Notice>
      )}
      <Trouble problem={problem} />
      <Field id={`${id}email`} label={t('email')} error={missing && !email.trim() ? t('emailMissing') : undefined}>
        <TextInput
          type="email"
          autoComplete="username"
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
      </Field>
      <Field id={`${id}password`} label={t('password')} error={missing && !password ? t('passwordMissing') : undefined}>
        <TextInput
          type="password"
          autoComplete="current-password"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
      </Field>
      <Button type="submit" kind="primary" size="large" block pending={pending}>
        {t('signIn')}
      </Button>
    </form>
  );
}
