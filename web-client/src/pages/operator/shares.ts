import type { Channel } from '../../lib/schema.gql';
import type { Edited } from './product';

/** A part of the rule as it is typed. A contributor may have several, on different grounds. */
export interface Part {
  key: string;
  id: string;
  name: string;
  nameEn: string;
  weight: string;
  basis: string;
  channel: Channel;
}

type Candidate = Pick<Part, 'id' | 'name' | 'nameEn'>;

/**
 * The parts with which a new number of the rule is begun: those in force, all of them and in their order, which settles to whom a
 * fen goes that is left over; after them, without a weight, whoever may contribute and has no part yet.
 */
export function partsOf(
  before: NonNullable<Edited['allocationRule']>['parts'],
  candidates: Candidate[],
  blank: (one: Candidate) => Pick<Part, 'basis' | 'channel'>,
): Part[] {
  const had = before.flatMap(({ contributor, weight, basis, channel }, i): Part[] =>
    contributor ? [{ ...contributor, key: `${i} ${contributor.id}`, weight: String(weight), basis, channel }] : [],
  );
  const others = new Map(candidates.map((one) => [one.id, one]));
  for (const part of had) others.delete(part.id);
  return [...had, ...[...others.values()].map((one) => ({ ...one, key: one.id, weight: '', ...blank(one) }))];
}
