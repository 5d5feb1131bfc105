import { useMemo } from 'react';
import { grouped } from './grouped';
import { type Language, useLanguage } from './i18n';

/** An amount as the API says it: exact text. */
export interface Amount {
  amount: string;
}

const zone = 'Asia/Shanghai';

/** A share as percent, exactly: 0.06 → 6, 0.125 → 12.5. */
export function percent(exact: string): string {
  const [, sign = '', whole = '0', places = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(exact) ?? [];
  const digits = whole + places.padEnd(2, '0');
  const ones = digits.slice(0, whole.length + 2).replace(/^0+(?=\d)/, '');
  const rest = digits.slice(whole.length + 2).replace(/0+$/, '');
  return `${sign}${ones}${rest && `.${rest}`}%`;
}

/** Says numbers, money, days and times in a language. Days and times are those of Asia/Shanghai. */
export function formats(language: Language) {
  const date = {
    timeZone: zone,
    year: 'numeric',
    month: language === 'en' ? 'short' : 'long',
    day: 'numeric',
  } as const;
  const day = new Intl.DateTimeFormat(language, date);
  const moment = new Intl.DateTimeFormat(language, { ...date, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const whole = new Intl.NumberFormat(language);
  return {
    /** ¥1,234.50 */
    money: (of: Amount) => (of.amount.startsWith('-') ? `-¥${grouped(of.amount.slice(1))}` : `¥${grouped(of.amount)}`),
    /** A rate, which may be below a fen: ¥0.005, ¥0.20 */
    rate: (exact: string) => {
      const [whole = '', fen = ''] = exact.split('.');
      return `¥${grouped(`${whole}.${fen.padEnd(2, '0')}`)}`;
    },
    count: (n: number) => whole.format(n),
    /** 2026年1月31日 / Jan 31, 2026, of a Date or a DateTime. */
    day: (text: string) => day.format(new Date(text.length === 10 ? `${text}T00:00:00+08:00` : text)),
    /** The last day of a period that ends before a moment, as rights do: the midnight after it. */
    lastDay: (end: string) => day.format(new Date(Date.parse(end) - 1)),
    moment: (text: string) => moment.format(new Date(text)),
    /** 1.5 MB, by thousands. */
    bytes: (n: number) => {
      const units = ['B', 'KB', 'MB', 'GB', 'TB'];
      let value = n;
      let unit = 0;
      while (value >= 1000 && unit < units.length - 1) {
        value /= 1000;
        unit++;
      }
      return `${unit === 0 ? value : value.toLocaleString(language, { maximumFractionDigits: 1 })} ${units[unit]}`;
    },
    /** 2026年1月 of 2026-01. */
    month: (text: string) =>
      new Intl.DateTimeFormat(language, {
        timeZone: zone,
        year: 'numeric',
        month: language === 'en' ? 'short' : 'long',
      }).format(new Date(`${text}-01T00:00:00+08:00`)),
  };
}

/** A day of Asia/Shanghai as the API takes it, so many days after today: 2026-11-28. */
export const dayFromNow = (days = 0): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone: zone }).format(new Date(Date.now() + days * 86_400_000));

export function useFormats() {
  const language = useLanguage();
  return useMemo(() => formats(language), [language]);
}
