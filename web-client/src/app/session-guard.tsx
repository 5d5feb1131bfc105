import { lazy, Suspense, useEffect, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import type { Problem } from '../lib/problem';
import { useViewer } from './viewer';

const Dialog = lazy(() => import('../ui/dialog').then((m) => ({ default: m.Dialog })));
const SignInForm = lazy(() => import('../pages/account/sign-in-form').then((m) => ({ default: m.SignInForm })));

let over = false;
const listeners = new Set<() => void>();
const set = (now: boolean) => {
  if (over === now) return;
  over = now;
  for (const told of listeners) told();
};

/** Is told of what the API refuses; that the session is over concerns the whole page. */
export function tellProblem(problem: Problem) {
  if (problem.kind === 'signedOut') set(true);
}

/** When the session ended under somebody's hands: asks to sign in again over the page, which keeps what was typed. */
export function SessionGuard() {
  const { t } = useTranslation();
  const { viewer, reload } = useViewer();
  const ended = useSyncExternalStore(
    (told) => {
      listeners.add(told);
      return () => listeners.delete(told);
    },
    () => over,
  );
  // Where nobody is signed in the page says so itself, and whoever signs in later begins anew.
  useEffect(() => {
    if (ended && !viewer) set(false);
  }, [ended, viewer]);
  if (!ended || !viewer) return null;
  return (
    <Suspense>
      <Dialog
        open
        onOpenChange={(open) => !open && set(false)}
        title={t('session.title')}
        description={t('session.what')}
      >
        <SignInForm
          onDone={() => {
            set(false);
            reload();
          }}
        />
      </Dialog>
    </Suspense>
  );
}
