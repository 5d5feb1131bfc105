/** Class names that several components share. */

/** The visible focus of everything that can be reached by keyboard. */
export const focusRing = 'focus-visible:outline-2 focus-visible:outline-offset-2 focus-visible:outline-brand';

/** The same where what is around would cut it off: inside. */
export const focusRingInside = 'focus-visible:outline-2 focus-visible:-outline-offset-2 focus-visible:outline-brand';

/** The box of a control one types into or chooses from: 36 px high, edge at 3:1. */
export const controlBox =
  'w-full min-w-0 rounded-md border border-field bg-surface px-3 text-sm text-ink placeholder:text-ink-3 ' +
  'aria-invalid:border-rose disabled:cursor-not-allowed disabled:bg-sunken disabled:text-ink-3 ' +
  'focus-visible:outline-2 focus-visible:-outline-offset-1 focus-visible:outline-brand';

/** The box of what is chosen from a list. */
export const selectBox = `${controlBox} flex h-9 items-center justify-between gap-2 text-left`;

/** What floats over the page: menus, lists, pop-overs. */
export const floatBox = 'rounded-lg border border-line bg-surface text-sm text-ink shadow-lg outline-none';

/** One line of a floating list. */
export const floatItem =
  'flex min-h-9 cursor-default select-none items-center gap-2 rounded-md px-3 py-1.5 outline-none ' +
  'data-highlighted:bg-brand-soft data-highlighted:text-brand-ink data-disabled:text-ink-3';

/** A link inside text. */
export const linkText = `rounded-sm text-brand underline-offset-2 hover:underline ${focusRing}`;

/** What a tone says with colour; a word or an icon always says it too. */
export type Tone = 'neutral' | 'info' | 'success' | 'attention' | 'refused' | 'special';

export const toneSoft: Record<Tone, string> = {
  neutral: 'bg-sunken text-ink-2',
  info: 'bg-brand-soft text-brand-ink',
  success: 'bg-jade-soft text-jade',
  attention: 'bg-amber-soft text-amber',
  refused: 'bg-rose-soft text-rose',
  special: 'bg-violet-soft text-violet',
};
