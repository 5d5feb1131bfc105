import type { ReactNode } from 'react';
import { More } from '../../app/more';
import { ProblemState } from '../../app/problem-state';
import { actsAs, useViewer } from '../../app/viewer';
import type { List } from '../../lib/graphql';
import { Rows } from '../../ui/layout';
import { Skeleton } from '../../ui/skeleton';
import { EmptyState } from '../../ui/state';

/** A list with what stands in its place: while it is read, where it could not be, and where there is nothing. */
export function Listed<Data, Node>({
  list,
  label,
  empty,
  one,
}: {
  list: List<Data, Node>;
  label: string;
  empty: { title: string; why: string };
  one: (node: Node) => ReactNode;
}) {
  if (list.problem && !list.data) return <ProblemState problem={list.problem} reload={list.reload} />;
  if (!list.data) return <Skeleton shape="row" lines={4} />;
  if (list.nodes.length === 0) {
    return (
      <div className="rounded-xl border border-line bg-surface">
        <EmptyState title={empty.title}>{empty.why}</EmptyState>
      </div>
    );
  }
  return (
    <>
      <Rows label={label}>{list.nodes.map(one)}</Rows>
      <More list={list} />
    </>
  );
}

/** Whether the viewer keeps the market's books: what is offered; the API says what is done. */
export function useKeepsBooks(): boolean {
  const { viewer } = useViewer();
  return actsAs(viewer, ['PLATFORM'], ['FINANCE']);
}
