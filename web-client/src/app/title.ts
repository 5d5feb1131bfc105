import { useLocation } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';

/** The path whose heading has had the focus. */
let focused: string | undefined;

/**
 * Names the page, once its name is known. After a navigation the focus goes to its heading, so that who cannot see the page
 * hears where they are; not after the first load, when the browser says it.
 */
export function useTitle(title: string | undefined) {
  const { t } = useTranslation();
  const path = useLocation({ select: (location) => location.pathname });
  useEffect(() => {
    if (title === undefined) return;
    document.title = `${title} · ${t('brand')}`;
    if (focused !== undefined && focused !== path) {
      const heading = document.querySelector<HTMLElement>('main h1');
      heading?.setAttribute('tabindex', '-1');
      heading?.focus({ preventScroll: true });
    }
    focused = path;
  }, [title, path, t]);
}
