import { useTranslation } from 'react-i18next';
import { SignInForm } from '../pages/account/sign-in-form';
import { Dialog } from '../ui/dialog';

/** Asks to sign in again, over a page that keeps what was typed. */
export function SignInAgain({ onDone, onLeave }: { onDone: () => void; onLeave: () => void }) {
  const { t } = useTranslation();
  return (
    <Dialog open onOpenChange={(open) => !open && onLeave()} title={t('session.title')} description={t('session.what')}>
      <SignInForm onDone={onDone} />
    </Dialog>
  );
}
