import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useTitle } from '../../app/title';
import { Trouble } from '../../app/trouble';
import { useViewer } from '../../app/viewer';
import { useFormErrors } from '../../lib/form';
import { useFormats } from '../../lib/format';
import { useLoad } from '../../lib/graphql';
import { useEnum, useLanguage } from '../../lib/i18n';
import { ofTab } from '../../lib/store';
import { useSubmit } from '../../lib/submit';
import { Button, ButtonLink } from '../../ui/button';
import { Field } from '../../ui/field';
import { FormErrors } from '../../ui/form-errors';
import { TextInput } from '../../ui/input';
import { DescriptionList, PageHead } from '../../ui/layout';
import { Notice } from '../../ui/notice';
import { InvitationAcceptDocument, InvitationDocument } from './invitation.gql';

const held = 'gongshu.invitation';

/** Joins an organisation by the link of an invitation. Its token is behind the #, so that no server sees it in an address. */
export function Screen() {
  const { t } = useTranslation('account');
  useTitle(t('invitation.title'));
  const name = useEnum();
  const language = useLanguage();
  const format = useFormats();
  const { viewer, reload } = useViewer();
  const navigate = useNavigate();
  const { submit, pending, faults, problem } = useSubmit(InvitationAcceptDocument, {
    typenames: ['Viewer', 'Membership'],
  });
  const [token, setToken] = useState(() => location.hash.slice(1) || (ofTab.get(held) ?? ''));
  // It opens the organisation: it does not stay in the address, the history or a log. Who signs in first finds it in this tab.
  useEffect(() => {
    if (location.hash) history.replaceState(history.state, '', location.pathname);
  }, []);
  useEffect(() => ofTab.set(held, token), [token]);
  const [displayName, setDisplayName] = useState('');
  const [password, setPassword] = useState('');
  const { at, errors, attempt, ready } = useFormErrors(
    {
      token: !token.trim() && t('missing.token'),
      displayName: !viewer && !displayName.trim() && t('missing.displayName'),
      password: !viewer && [...password].length < 10 && t('missing.passwordShort'),
    },
    faults,
  );
  const send = async (event: FormEvent) => {
    event.preventDefault();
    if (!ready()) return;
    const outcome = await submit({
      input: { token: token.trim(), ...(viewer ? {} : { displayName: displayName.trim(), password }) },
    });
    if (!outcome?.done) return;
    ofTab.remove(held);
    reload();
    navigate({ to: '/organisation' as '/', replace: true });
  };
  // Both write it as bytes of base64: what cannot be a token is not asked.
  const asked = useMemo(() => ({ token: token.trim() }), [token]);
  const { data } = useLoad(InvitationDocument, asked, { typenames: [], pause: asked.token.length < 20 });
  const invited = data?.invitation;
  return (
    <div className="mx-auto max-w-md pt-6">
      <PageHead
        title={t('invitation.title')}
        lead={viewer ? t('invitation.signedIn', { name: viewer.person.displayName }) : t('invitation.lead')}
      />
      <form onSubmit={send} noValidate className="space-y-4 rounded-xl border border-line bg-surface p-5 sm:p-6">
        <FormErrors errors={errors} attempt={attempt} />
        {faults.some((fault) => fault.code === 'SIGN_IN_TO_ACCEPT') && (
          <ButtonLink to="/sign-in" search={{ to: '/invitation' }}>
            {t('signIn')}
          </ButtonLink>
        )}
        <Trouble problem={problem} />
        {invited && (
          <DescriptionList
            facts={[
              {
                key: 'organisation',
                term: t('invitation.organisation'),
                value: (language === 'en' && invited.organisationNameEn) || invited.organisationName,
              },
              {
                key: 'roles',
                term: t('invitation.roles'),
                value: invited.roles.map((role) => name('Role', role)).join(t('invitation.listSeparator')),
              },
              { key: 'until', term: t('invitation.until'), value: format.moment(invited.expiresAt) },
            ]}
          />
        )}
        {data && !invited && asked.token && <Notice tone="attention">{t('invitation.over')}</Notice>}
        <Field id="token" label={t('invitation.token')} error={at('token')}>
          <TextInput
            autoComplete="off"
            spellCheck={false}
            value={token}
            onChange={(event) => setToken(event.target.value)}
          />
        </Field>
        {!viewer && (
          <>
            <Field id="displayName" label={t('field.displayName')} error={at('displayName')}>
              <TextInput
                autoComplete="name"
                value={displayName}
                onChange={(event) => setDisplayName(event.target.value)}
              />
            </Field>
            <Field id="password" label={t('password')} hint={t('field.passwordHint')} error={at('password')}>
              <TextInput
                type="password"
                autoComplete="new-password"
                value={password}
                onChange={(event) => setPassword(event.target.value)}
              />
            </Field>
          </>
        )}
        <Button type="submit" kind="primary" size="large" block pending={pending}>
          {t('invitation.accept')}
        </Button>
      </form>
    </div>
  );
}
