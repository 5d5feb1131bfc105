import { lazy, Suspense, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { endOver, useOver } from '../lib/session';
import { again } from '../lib/stream';
import { useViewer } from './viewer';

const Dialog = lazy(() => import('../ui/dialog').then((m) => ({ default: m.Dialog })));
const SignInForm = lazy(() => import('../pages/account/sign-in-form').then((m) => ({ default: m.SignInForm })));

/** When the session ended under somebody's hands: asks to sign in again over the page, which keeps what was typed. */
export function SessionGuard() {
  const { t } = useTranslation();
  const { viewer, reload } = useViewer();
  const ended = useOver();
  // Where nobody is signed in the page says so itself, and whoever signs in later begins anew.
  useEffect(() => {
    if (ended && !viewer) endOver();
  }, [ended, viewer]);
  if (!ended || !viewer) return null;
  return (
    <Suspense>
      <Dialog
        open
        onOpenChange={(open) => !open && endOver()}
        title={t('session.title')}
        description={t('session.what')}
      >
        <SignInForm
          onDone={() => {
            endOver();
            reload();
            again();
          }}
        />
      </Dialog>
    </Suspense>
  );
}
