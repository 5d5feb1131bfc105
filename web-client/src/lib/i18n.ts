import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';

export const languages = ['zh-CN', 'en'] as const;
export type Language = (typeof languages)[number];

const key = 'gongshu.language';
const texts = import.meta.glob<{ default: Record<string, unknown> }>('../locales/*/*.json');

function isLanguage(value: string | null): value is Language {
  return languages.some((language) => language === value);
}

function chosen(): Language {
  const asked = new URLSearchParams(location.search).get('lang');
  if (isLanguage(asked)) return asked;
  const kept = localStorage.getItem(key);
  return isLanguage(kept) ? kept : 'zh-CN';
}

/** Starts the texts; an area (a file of locales) is loaded when something first asks for it. */
export async function startTexts() {
  i18next.on('languageChanged', (language) => {
    document.documentElement.lang = language;
    localStorage.setItem(key, language);
  });
  await i18next
    .use({
      type: 'backend',
      init() {},
      async read(language: string, area: string) {
        const load = texts[`../locales/${language}/${area}.json`];
        if (!load) throw new Error(`no texts of ${area} in ${language}`);
        return (await load()).default;
      },
    } as const)
    .use(initReactI18next)
    .init({
      lng: chosen(),
      supportedLngs: languages,
      fallbackLng: false,
      ns: ['common'],
      defaultNS: 'common',
      interpolation: { escapeValue: false },
    });
}
