import type { AllocationKind, Channel } from '../../lib/schema.gql';
import type { CalculateSplitQueryVariables } from '../pricing/calculate.gql';
import { membersOf, setsOf } from '../shares/coalitions';
import type { AgreeAllocationMutationVariables } from './allocation.gql';
import type { Edited } from './product';

/** Under which a rule that is begun for a product is kept. */
export const sharesForm = (productId: string) => `shares.${productId}`;

/** A part of the rule as it is typed. A contributor may have several, on different grounds. */
export interface Part {
  key: string;
  id: string;
  name: string;
  nameEn: string;
  weight: string;
  cost: string;
  uses: string;
  quality: string;
  /** Whether it takes part, in a rule by Shapley value: there it has no measure of its own. */
  plays: boolean;
  basis: string;
  channel: Channel;
}

/** A rule as it is typed. */
export interface Typed {
  kind: AllocationKind;
  parts: Part[];
  /** What sets of contributors are worth together, by coalitionKey. */
  worth: Record<string, string>;
  effectiveOn: string;
  source: string;
}

type Candidate = Pick<Part, 'id' | 'name' | 'nameEn'>;
type Before = NonNullable<Edited['allocationRule']>;

/**
 * The parts with which a new number of the rule is begun: those in force, all of them and in their order, which settles to whom a
 * fen goes that is left over; after them, without a measure, whoever may contribute and has no part yet.
 */
export function partsOf(
  before: readonly Omit<Before['parts'][number], 'sharePercent'>[],
  candidates: Candidate[],
  blank: (one: Candidate) => Pick<Part, 'basis' | 'channel'>,
  shapley = false,
): Part[] {
  const had = before.flatMap(({ contributor, weight, cost, uses, quality, basis, channel }, i): Part[] =>
    contributor
      ? [
          {
            ...contributor,
            key: `${i} ${contributor.id}`,
            weight: String(weight ?? ''),
            cost: cost?.amount ?? '',
            uses: String(uses ?? ''),
            quality: quality ?? '1',
            plays: shapley,
            basis,
            channel,
          },
        ]
      : [],
  );
  const others = new Map(candidates.map((one) => [one.id, one]));
  for (const part of had) others.delete(part.id);
  return [
    ...had,
    ...[...others.values()].map((one) => ({
      ...one,
      key: one.id,
      weight: '',
      cost: '',
      uses: '',
      quality: '1',
      plays: false,
      ...blank(one),
    })),
  ];
}

/** Under which the worth of a set of contributors is kept, whatever their order. */
export const coalitionKey = (ids: readonly string[]) => [...ids].sort().join(' ');

/** What the coalitions of a rule are worth, as they are typed. */
export const worthOf = (coalitions: Before['coalitions']): Typed['worth'] =>
  Object.fromEntries(
    coalitions.map(({ members, value }) => [
      coalitionKey(members.flatMap((member) => member?.id ?? [])),
      String(value),
    ]),
  );

const measured: Record<AllocationKind, (part: Part) => boolean> = {
  FIXED: (part) => Number(part.weight) > 0,
  COST_PROPORTIONAL: (part) => part.cost !== '',
  USE_WEIGHTED: (part) => part.uses !== '',
  SHAPLEY: (part) => part.plays,
};

/** The parts that take part: those whose measure is given. */
export const givenOf = ({ kind, parts }: Pick<Typed, 'kind' | 'parts'>) => parts.filter(measured[kind]);

/** The sets of contributors whose worth a rule by Shapley value needs, each as its members. */
export const coalitionsOf = (given: readonly Part[]) =>
  setsOf(given.length).map((set) => membersOf(set).flatMap((i) => given[i] ?? []));

const measures = (kind: AllocationKind, part: Part) => ({
  ...(kind === 'FIXED' && { weight: Number(part.weight) }),
  ...(kind === 'COST_PROPORTIONAL' && { cost: part.cost }),
  ...(kind === 'USE_WEIGHTED' && { uses: Number(part.uses), quality: part.quality || '0' }),
});

/** What is agreed, as the API takes it. */
export function agreementOf(typed: Typed): AgreeAllocationMutationVariables['input'] {
  const given = givenOf(typed);
  return {
    kind: typed.kind,
    sourceDocument: typed.source.trim(),
    effectiveOn: typed.effectiveOn || undefined,
    parts: given.map((part) => ({
      contributorId: part.id,
      basis: part.basis,
      channel: part.channel,
      ...measures(typed.kind, part),
    })),
    ...(typed.kind === 'SHAPLEY' && {
      coalitions: coalitionsOf(given).map((members) => ({
        memberIds: members.map((member) => member.id),
        value: Number(typed.worth[coalitionKey(members.map((member) => member.id))]),
      })),
    }),
  };
}

/** How 100 yuan would be shared by it. */
export function splitOf(typed: Typed, named: (one: Part) => string): CalculateSplitQueryVariables['input'] {
  const given = givenOf(typed);
  return {
    amount: '100',
    kind: typed.kind,
    parts: given.map((part) => ({ contributor: named(part), ...measures(typed.kind, part) })),
    ...(typed.kind === 'SHAPLEY' && {
      coalitions: coalitionsOf(given).map((members) => ({
        members: members.map(named),
        value: Number(typed.worth[coalitionKey(members.map((member) => member.id))]),
      })),
    }),
  };
}
