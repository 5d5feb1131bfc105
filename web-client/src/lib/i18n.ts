import i18next, { type BackendModule } from 'i18next';
import { initReactI18next, useTranslation } from 'react-i18next';
import { comes } from './comes';
import { grouped } from './grouped';
import type { Fault } from './problem';
import type { EnumName } from './schema.gql';
import { ofBrowser } from './store';

/** Chinese first; English is as complete. */
export const languages = ['zh-CN', 'en'] as const;
export type Language = (typeof languages)[number];

const remembered = 'gongshu.language';

/** The texts of an area, a chunk for each language: they come with the pages that say them. */
const files = import.meta.glob<{ default: Record<string, unknown> }>([
  '../locales/*/*.json',
  '!../locales/*/{common,enums,errors,ui}.json',
]);

/** The texts that every page needs, of a language in one chunk. */
const first = { 'zh-CN': () => import('../locales/zh-CN'), en: () => import('../locales/en') };
const everywhere = ['common', 'enums', 'errors', 'ui'] as const;
type Everywhere = (typeof everywhere)[number];
const isEverywhere = (area: string): area is Everywhere => everywhere.some((one) => one === area);

async function textsOf(language: Language, area: string): Promise<object> {
  if (isEverywhere(area)) return (await first[language]())[area];
  const load = files[`../locales/${language}/${area}.json`];
  if (!load) throw new Error(`no texts for ${language}/${area}`);
  return (await comes(load)).default;
}

const backend: BackendModule = {
  type: 'backend',
  init() {},
  read(language, area, callback) {
    textsOf(language as Language, area).then(
      (texts) => callback(null, texts as never),
      (error: Error) => callback(error, true as never), // it is asked for again
    );
  },
};

/** The language that was chosen here last, by ?lang= before that, or the browser's first that there is. */
function firstLanguage(): Language {
  const asked = languages.find((language) => language === new URLSearchParams(location.search).get('lang'));
  if (asked) ofBrowser.set(remembered, asked);
  const known = asked ?? languages.find((language) => language === ofBrowser.get(remembered));
  if (known) return known;
  return navigator.languages.some((language) => /^zh\b/i.test(language)) || !/^en\b/i.test(navigator.language)
    ? 'zh-CN'
    : 'en';
}

/** Begins with the texts that every page needs. */
export async function startI18n(): Promise<void> {
  i18next.on('languageChanged', (language) => {
    document.documentElement.lang = language;
  });
  await i18next
    .use(backend)
    .use(initReactI18next)
    .init({
      lng: firstLanguage(),
      fallbackLng: false,
      load: 'currentOnly', // there is no zh beside zh-CN
      ns: [...everywhere],
      defaultNS: 'common',
      nsSeparator: ':',
      interpolation: { escapeValue: false },
      react: { useSuspense: true },
    });
}

/** Loads the texts of areas; a route does before it is shown. */
export const loadTexts = (...areas: string[]) => i18next.loadNamespaces(areas);

export async function changeLanguage(language: Language): Promise<void> {
  ofBrowser.set(remembered, language);
  await i18next.changeLanguage(language);
}

export function useLanguage(): Language {
  const { i18n } = useTranslation();
  return i18n.language === 'en' ? 'en' : 'zh-CN';
}

/** Of a name in both languages, the one to show; the Chinese one where there is no other. */
export function useNamed(): (of: { name: string; nameEn?: string | null }) => string {
  const language = useLanguage();
  return (of) => (language === 'en' && of.nameEn) || of.name;
}

/** What a proceeding is about, by the name that it was applied for under; in English by the name that its subject has there. */
export function useSubjectName(): (of: { subjectName: string; subject?: object | null }) => string {
  const named = useNamed();
  return ({ subjectName, subject }) => {
    return named({ name: subjectName, nameEn: subject ? englishOf(subject) : undefined });
  };
}

/** The English name of a subject, or of what it is about: a rule's product, a refund's, the operator and year of a cost survey. */
function englishOf(subject: {
  nameEn?: string | null;
  product?: { nameEn?: string | null } | null;
  order?: { terms?: { productNameEn: string } } | null;
  operator?: { nameEn?: string | null } | null;
  year?: number;
}): string | null | undefined {
  const { operator, year } = subject;
  if (operator?.nameEn && year) return `${operator.nameEn} ${year}`;
  return subject.nameEn ?? subject.product?.nameEn ?? subject.order?.terms?.productNameEn;
}

/** Says a value of an enum of the schema: useEnum()('OrderStatus', order.status). */
export function useEnum(): (type: EnumName, value: string) => string {
  const { t } = useTranslation('enums');
  return (type, value) => t(`${type}.${value}`);
}

/** The parameters of faults that are quantities or amounts; others may be years, rows or codes. */
const figures = new Set(
  'max min minimum limit quota used needed quantity total count rows revenue permitted paid refunded entitled'.split(
    ' ',
  ),
);

/**
 * Says a fault in the person's language, by its code and, of an obstacle, by what it is found at; the server's English
 * sentence where that has no text.
 */
export function useFaultText(): (fault: Fault) => string {
  const { t, i18n } = useTranslation('errors');
  return (fault) => {
    const params = Object.fromEntries(
      (fault.params ?? []).map(({ name, value }) => [name, figures.has(name) ? grouped(value) : value]),
    );
    const values = { ...params, context: params.subjectKind };
    return i18n.exists(`errors:${fault.code}`, values) ? t(fault.code, values) : fault.message;
  };
}
