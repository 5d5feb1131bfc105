import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';

// Components say their texts in Chinese, as most people see them; tests of one area add its own.
const texts = import.meta.glob<Record<string, unknown>>('../locales/zh-CN/*.json', { eager: true, import: 'default' });

await i18next.use(initReactI18next).init({
  lng: 'zh-CN',
  fallbackLng: false,
  defaultNS: 'common',
  interpolation: { escapeValue: false },
  resources: {
    'zh-CN': Object.fromEntries(
      Object.entries(texts).map(([path, value]) => [path.replace(/^.*\/|\.json$/g, ''), value]),
    ),
  },
} as never);
