import { useTranslation } from 'react-i18next';
import { Go } from './go';

/** The foot of the pages of everybody. */
export function Footer() {
  const { t } = useTranslation();
  return (
    <footer className="mt-10 border-line border-t bg-surface">
      <div className="mx-auto flex max-w-page flex-wrap items-center gap-x-6 gap-y-2 px-4 py-6 text-13 text-ink-3 lg:px-8">
        <p>{t('footer.about')}</p>
        <nav aria-label={t('footer.label')} className="flex flex-wrap gap-x-4">
          {[
            { to: '/prices', text: t('nav.prices') },
            { to: '/disclosure', text: t('nav.disclosure') },
            { to: '/calculators', text: t('nav.calculators') },
            { to: '/help', text: t('nav.help') },
          ].map(({ to, text }) => (
            <Go key={to} to={to} className="inline-flex min-h-8 items-center text-ink-2 hover:underline">
              {text}
            </Go>
          ))}
          <a href="/explorer" className="inline-flex min-h-8 items-center text-ink-2 hover:underline">
            {t('nav.explorer')}
          </a>
          {[
            { href: '/catalog.ttl', text: t('footer.openCatalogue') },
            { href: '/feed.atom', text: t('footer.feed') },
          ].map(({ href, text }) => (
            <a key={href} href={href} className="inline-flex min-h-8 items-center text-ink-2 hover:underline">
              {text}
            </a>
          ))}
        </nav>
      </div>
    </footer>
  );
}
