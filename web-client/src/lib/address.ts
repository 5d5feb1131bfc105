/** Reads one member of an address; undefined for what it does not know. */
type Reader = (value: unknown) => unknown;

/** What readers take of an address. */
export type Address<R extends Record<string, Reader>> = { [K in keyof R]?: Exclude<ReturnType<R[K]>, undefined> };

/**
 * Takes of an address what a page understands, for the validateSearch of its route. Whoever wrote it, nothing unknown comes
 * through: every member is answered, an unknown one as undefined, since the router keeps what a validateSearch leaves out as it came.
 */
export const addressOf =
  <R extends Record<string, Reader>>(readers: R) =>
  (search: Record<string, unknown>): Address<R> =>
    Object.fromEntries(Object.entries(readers).map(([name, read]) => [name, read(search[name])])) as Address<R>;

/** One of the values that are known. */
export const oneOf =
  <T extends string>(known: readonly T[]) =>
  (value: unknown): T | undefined =>
    known.find((one) => one === value);

/** Some of the values that are known. */
export const someOf =
  <T extends string>(known: readonly T[]) =>
  (value: unknown): T[] | undefined => {
    const chosen = listed(value).filter((one): one is T => known.some((other) => other === one));
    return chosen.length > 0 ? chosen : undefined;
  };

/** Words of so many characters; longer ones are cut to one more than that, so that the API says that they are too long. */
export const text =
  (max: number) =>
  (value: unknown): string | undefined =>
    [...(typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '')]
      .slice(0, max + 1)
      .join('') || undefined;

/** What may be an id of a kind of thing, by its prefix; the API says whether there is such a thing. */
export const id =
  (prefix: string) =>
  (value: unknown): string | undefined =>
    typeof value === 'string' &&
    value.startsWith(`${prefix}_`) &&
    /^[0-7][0-9a-hjkmnp-tv-z]{25}$/.test(value.slice(prefix.length + 1))
      ? value
      : undefined;

/** Up to fifty of them. */
export const ids =
  (prefix: string) =>
  (value: unknown): string[] | undefined => {
    const all = listed(value).flatMap((one) => id(prefix)(one) ?? []);
    return all.length > 0 ? all.slice(0, 50) : undefined;
  };

/** True, or not said. */
export const flag = (value: unknown): true | undefined => (value === true || value === 'true' ? true : undefined);

/** A month: 2026-11. */
export const month = (value: unknown): string | undefined =>
  typeof value === 'string' && /^\d{4}-(0[1-9]|1[0-2])$/.test(value) ? value : undefined;

const listed = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);
