import { useRouterState } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { focusPage } from './focus';

/** The path whose heading has had the focus. */
let focused: string | undefined;

/**
 * Names the page, once its name is known. After a navigation the focus goes to its heading, so that who cannot see the page
 * hears where they are; not after the first load, when the browser says it.
 */
export function useTitle(title: string | undefined) {
  const { t } = useTranslation();
  // Where the router has come to, not where it goes: until then the page that is left is still shown.
  const path = useRouterState({ select: (state) => state.resolvedLocation?.pathname });
  useEffect(() => {
    if (title === undefined) return;
    document.title = `${title} · ${t('brand')}`;
    if (path === undefined) return;
    if (focused !== undefined && focused !== path) focusPage();
    focused = path;
  }, [title, path, t]);
}
