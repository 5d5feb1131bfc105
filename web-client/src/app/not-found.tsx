import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

export function NotFound() {
  const { t } = useTranslation();
  return (
    <main className="mx-auto max-w-xl px-4 py-16">
      <h1 className="font-semibold text-xl">{t('notFound.title')}</h1>
      <p className="mt-2 text-ink-2">{t('notFound.text')}</p>
      <Link to="/" className="mt-4 inline-block text-brand underline">
        {t('notFound.home')}
      </Link>
    </main>
  );
}
