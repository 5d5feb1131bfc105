import { Suspense, useEffect } from 'react';
import { endOver, useOver } from '../lib/session';
import { again } from '../lib/stream';
import { late } from './late';
import { useViewer } from './viewer';

const SignInAgain = late(() => import('./sign-in-again').then((m) => m.SignInAgain));

/** When the session ended under somebody's hands: asks to sign in again over the page, which keeps what was typed. */
export function SessionGuard() {
  const { viewer, reload } = useViewer();
  const ended = useOver();
  // Where nobody is signed in the page says so itself, and whoever signs in later begins anew.
  useEffect(() => {
    if (ended && !viewer) endOver();
  }, [ended, viewer]);
  if (!ended || !viewer) return null;
  return (
    <Suspense>
      <SignInAgain
        onLeave={endOver}
        onDone={() => {
          endOver();
          reload();
          again();
        }}
      />
    </Suspense>
  );
}
