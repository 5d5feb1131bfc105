import type { LineageKind } from '../../lib/schema.gql';
import type { LineageQuery } from './lineage.gql';

export type Lineage = NonNullable<LineageQuery['lineage']>;
export type Node = Lineage['nodes'][number];
export type Edge = Lineage['edges'][number];

/** From where data comes to where it goes. */
export const kinds: readonly LineageKind[] = ['SOURCE_UNIT', 'RESOURCE', 'ITEM', 'COLUMN', 'PRODUCT'];

/** What lies before and behind each thing. */
export interface Neighbours {
  before: Map<string, string[]>;
  behind: Map<string, string[]>;
}

export function neighbours(edges: readonly Edge[]): Neighbours {
  const before = new Map<string, string[]>();
  const behind = new Map<string, string[]>();
  for (const { from, to } of edges) {
    behind.set(from, [...(behind.get(from) ?? []), to]);
    before.set(to, [...(before.get(to) ?? []), from]);
  }
  return { before, behind };
}

/** Of which product a column is. */
export const productOf = (columnId: string) => columnId.slice(0, columnId.indexOf('/'));

/**
 * What is on the way through a thing: all that it comes from and all that it goes into. A column that names no items comes from
 * all items that are shown of its product.
 */
export function pathOf(lineage: Lineage, around: Neighbours, id: string): Set<string> {
  const path = new Set([id]);
  const walk = (from: string, next: Map<string, string[]>) => {
    for (const other of next.get(from) ?? []) {
      if (path.has(other)) continue;
      path.add(other);
      walk(other, next);
    }
  };
  walk(id, around.behind);
  walk(id, around.before);
  const node = lineage.nodes.find((one) => one.id === id);
  if (node?.kind === 'COLUMN' && !node.stated) {
    for (const item of lineage.nodes) {
      if (item.kind !== 'ITEM') continue;
      path.add(item.id);
      walk(item.id, around.before);
    }
  }
  return path;
}

/** Where an arrow leads from a thing: up and down among its kind, left to what it comes from, right to what it goes into. */
export function stepFrom(lineage: Lineage, around: Neighbours, id: string, key: string): string | undefined {
  const node = lineage.nodes.find((one) => one.id === id);
  const alike = lineage.nodes.filter((one) => one.kind === node?.kind);
  const at = alike.findIndex((one) => one.id === id);
  switch (key) {
    case 'ArrowUp':
      return alike[at - 1]?.id;
    case 'ArrowDown':
      return alike[at + 1]?.id;
    case 'ArrowLeft':
      return around.before.get(id)?.[0];
    case 'ArrowRight':
      return around.behind.get(id)?.[0];
    case 'Home':
      return alike[0]?.id;
    case 'End':
      return alike.at(-1)?.id;
    default:
      return undefined;
  }
}
