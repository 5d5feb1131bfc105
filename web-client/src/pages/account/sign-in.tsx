import { useNavigate } from '@tanstack/react-router';
import { useCallback, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { Go } from '../../app/go';
import { useTitle } from '../../app/title';
import { useViewer } from '../../app/viewer';
import { PageHead } from '../../ui/layout';
import { signInRoute } from './routes';
import { SignInForm } from './sign-in-form';

export function Screen() {
  const { t } = useTranslation('account');
  useTitle(t('signIn'));
  const { to } = signInRoute.useSearch();
  const { viewer, over, reload } = useViewer();
  const navigate = useNavigate();
  const goOn = useCallback(() => navigate({ href: to ?? '/', replace: true }), [navigate, to]);
  // Who is signed in already has nothing to do here.
  const signedIn = viewer !== null && !over;
  useEffect(() => {
    if (signedIn) goOn();
  }, [signedIn, goOn]);
  const done = () => {
    reload();
    goOn();
  };
  return (
    <div className="mx-auto max-w-md pt-6">
      <PageHead title={t('signIn')} lead={t('signInLead')} />
      <div className="rounded-xl border border-line bg-surface p-5 sm:p-6">
        <SignInForm onDone={done} />
      </div>
      <p className="mt-4 text-ink-2">
        {t('noAccount')}{' '}
        <Go to="/sign-up" className="text-brand underline">
          {t('signUp')}
        </Go>
      </p>
    </div>
  );
}
