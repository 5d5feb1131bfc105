import { type ErrorComponentProps, Outlet, useRouter, useRouterState } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { ButtonLink } from '../ui/button';
import { EmptyState, ErrorState } from '../ui/state';
import { PublicShell } from './public-shell';
import { useTitle } from './title';

/** What is around every page: a bar while the next one is on its way. */
export function Root() {
  const loading = useRouterState({ select: (state) => state.status === 'pending' });
  const { t } = useTranslation();
  return (
    <>
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50 focus:rounded-md focus:bg-brand focus:px-4 focus:py-2 focus:text-white"
      >
        {t('skip')}
      </a>
      {loading && (
        <div
          aria-hidden
          className="fixed inset-x-0 top-0 z-50 h-0.5 animate-pulse bg-brand motion-reduce:animate-none"
        />
      )}
      <Outlet />
    </>
  );
}

/** A page that is not there, or not for who asks: the two look alike. */
export function NotFound() {
  const { t } = useTranslation();
  useTitle(t('notFound.title'));
  return (
    <PublicShell>
      <h1 className="sr-only">{t('notFound.title')}</h1>
      <EmptyState title={t('notFound.title')} action={<ButtonLink to="/">{t('notFound.action')}</ButtonLink>}>
        {t('notFound.why')}
      </EmptyState>
    </PublicShell>
  );
}

/** A page that broke. The address stays, so that trying again is safe. */
export function Trouble({ error }: ErrorComponentProps) {
  const { t } = useTranslation();
  const router = useRouter();
  useTitle(t('trouble.title'));
  console.error(error);
  return (
    <main id="main" tabIndex={-1} className="mx-auto max-w-page px-4 py-16 lg:px-8">
      <h1 className="sr-only">{t('trouble.title')}</h1>
      <ErrorState title={t('trouble.title')} onRetry={() => router.invalidate()}>
        {t('trouble.what')}
      </ErrorState>
    </main>
  );
}
