import type { Language } from './i18n';

function grouped(digits: string) {
  return digits.replace(/\B(?=(\d{3})+$)/g, ',');
}

/** The exact text of an amount in yuan, never by way of a float: at least two places, more when it has them. */
export function money(amount: string): string {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(amount);
  if (!match) throw new Error(`not a decimal: ${amount}`);
  const [, sign, whole = '0', places = ''] = match;
  return `${sign ? '−' : ''}¥${grouped(whole)}.${places.padEnd(2, '0')}`;
}

/** A whole number with its thousands apart; text, because a Long may be more than a float holds. */
export function count(value: string | number): string {
  const match = /^(-?)(\d+)$/.exec(String(value));
  if (!match) throw new Error(`not a whole number: ${value}`);
  return `${match[1] ? '−' : ''}${grouped(match[2] ?? '')}`;
}

export function dateTime(moment: string, language: Language): string {
  return new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : 'zh-CN', {
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone: 'Asia/Shanghai',
  }).format(new Date(moment));
}

/** A day as the API gives it (2026-11-28), which has no zone. */
export function date(day: string, language: Language): string {
  return new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : 'zh-CN', {
    dateStyle: 'medium',
    timeZone: 'UTC',
  }).format(new Date(`${day}T00:00:00Z`));
}
