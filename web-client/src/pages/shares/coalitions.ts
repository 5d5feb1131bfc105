/** By Shapley value every set of contributors has a worth, and a table of more than 31 is nobody's to type: it goes through the API. */
export const mostTyped = 5;

/** The sets of so many contributors, the small ones first; one is the bits of its members' places. */
export const setsOf = (n: number) =>
  Array.from({ length: 2 ** n - 1 }, (_, i) => i + 1).sort(
    (a, b) => membersOf(a).length - membersOf(b).length || a - b,
  );

/** The places of a set's members. */
export const membersOf = (set: number) =>
  Array.from({ length: set.toString(2).length }, (_, i) => i).filter((i) => set & (2 ** i));
