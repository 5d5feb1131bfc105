import { Link } from '@tanstack/react-router';
import clsx from 'clsx';
import { type KeyboardEvent, useCallback, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLoad } from '../../lib/graphql';
import { useEnum, useNamed } from '../../lib/i18n';
import { Disclosure } from '../../ui/disclosure';
import { Skeleton } from '../../ui/skeleton';
import { focusRing, linkText } from '../../ui/styles';
import { ProblemState } from '../problem-state';
import { LineageDocument } from './lineage.gql';
import {
  type Edge,
  kinds,
  type Lineage as Loaded,
  type Neighbours,
  type Node,
  neighbours,
  pathOf,
  productOf,
  stepFrom,
} from './paths';

/** Where the data of a thing comes from and where it goes: as a picture where there is room, and as a list. */
export function Lineage({ id }: { id: string }) {
  const { t } = useTranslation('metadata');
  const { data, loading, problem, reload } = useLoad(LineageDocument, { id }, { typenames: ['Product', 'Resource'] });
  if (loading) return <Skeleton shape="table" lines={6} />;
  const lineage = data?.lineage;
  if (!lineage) return <ProblemState problem={problem ?? { kind: 'absent' }} reload={reload} />;
  return <Drawn key={id} lineage={lineage} rest={<Rest lineage={lineage} label={t('lineage.rest')} />} />;
}

function Drawn({ lineage, rest }: { lineage: Loaded; rest: React.ReactNode }) {
  const { t } = useTranslation('metadata');
  const around = useMemo(() => neighbours(lineage.edges), [lineage]);
  return (
    <div className="rounded-xl border border-line bg-surface p-4">
      <div className="max-md:hidden">
        <Picture lineage={lineage} around={around} />
        <div className="mt-3 border-line border-t pt-2">
          <Disclosure summary={t('lineage.asList')}>
            <Tree lineage={lineage} around={around} />
          </Disclosure>
        </div>
      </div>
      <div className="md:hidden">
        <Tree lineage={lineage} around={around} />
      </div>
      {rest}
    </div>
  );
}

/** How many things are left out, of each kind. */
function Rest({ lineage, label }: { lineage: Loaded; label: string }) {
  const { t } = useTranslation('metadata');
  if (lineage.rest.length === 0) return null;
  return (
    <p className="mt-2 text-13 text-ink-3">
      {label}
      {lineage.rest.map(({ kind, count }) => t(`lineage.restOf.${kind}`, { count })).join(t('lineage.separator'))}
    </p>
  );
}

/** A thing as a link to its page: a column's is its product's, an item's its resource's. */
function ToThing({ node, around }: { node: Node; around: Neighbours }) {
  const named = useNamed();
  const text = named(node);
  const className = clsx(linkText, 'inline-block min-h-6');
  switch (node.kind) {
    case 'SOURCE_UNIT':
      return (
        <Link to="/resources" search={{ unit: node.id }} className={className}>
          {text}
        </Link>
      );
    case 'RESOURCE':
      return (
        <Link to="/resources/$id" params={{ id: node.id }} className={className}>
          {text}
        </Link>
      );
    case 'ITEM':
      return (
        <Link to="/resources/$id" params={{ id: around.before.get(node.id)?.[0] ?? '' }} className={className}>
          {text}
        </Link>
      );
    default:
      return (
        <Link
          to="/products/$id"
          params={{ id: node.kind === 'COLUMN' ? productOf(node.id) : node.id }}
          className={className}
        >
          {text}
        </Link>
      );
  }
}

/** The things under one another: each with what is made of it below it. */
function Tree({ lineage, around }: { lineage: Loaded; around: Neighbours }) {
  const { t } = useTranslation('metadata');
  const name = useEnum();
  const named = useNamed();
  const nodes = new Map(lineage.nodes.map((node) => [node.id, node]));
  // Below each column of a product there would be the product, whose page this is.
  const said = nodes.get(lineage.id)?.kind === 'PRODUCT' ? lineage.id : undefined;
  const below = (node: Node): Node[] =>
    (around.behind.get(node.id) ?? []).filter((id) => id !== said).flatMap((id) => nodes.get(id) ?? []);
  const roots = lineage.nodes.filter((node) => !around.before.has(node.id));
  const whole = roots.filter((node) => node.kind === 'COLUMN');
  const branch = (of: Node[], label: string, depth: number) => (
    <ul aria-label={label} className={clsx('space-y-1', depth > 0 && 'mt-1 ml-1.5 border-line border-l pl-3')}>
      {of.map((node) => (
        <li key={node.id}>
          <span className="mr-1.5 text-ink-3 text-xs">{name('LineageKind', node.kind)}</span>
          <ToThing node={node} around={around} />
          {below(node).length > 0 && branch(below(node), t('lineage.madeOf', { name: named(node) }), depth + 1)}
        </li>
      ))}
    </ul>
  );
  return (
    <div className="space-y-3 text-sm">
      {branch(
        roots.filter((node) => node.kind !== 'COLUMN'),
        t('lineage.title'),
        0,
      )}
      {whole.length > 0 && (
        <div>
          <p className="text-ink-2">{t('lineage.general')}</p>
          {branch(whole, t('lineage.general'), 1)}
        </div>
      )}
    </div>
  );
}

/** Five columns with lines between them; a press shows the way through a thing, the arrows walk from one to the next. */
function Picture({ lineage, around }: { lineage: Loaded; around: Neighbours }) {
  const { t } = useTranslation('metadata');
  const name = useEnum();
  const named = useNamed();
  const [chosen, choose] = useState<string>();
  const [walked, walk] = useState(lineage.id);
  const boxes = useRef(new Map<string, HTMLButtonElement>());
  const ground = useRef<HTMLDivElement>(null);
  const lines = useLines(ground, boxes, lineage.edges);
  const path = useMemo(() => (chosen ? pathOf(lineage, around, chosen) : undefined), [lineage, around, chosen]);
  const shown = kinds.filter((kind) => lineage.nodes.some((node) => node.kind === kind));
  const onKeyDown = (event: KeyboardEvent) => {
    const next = stepFrom(lineage, around, walked, event.key);
    if (next === undefined) return;
    event.preventDefault();
    walk(next);
    boxes.current.get(next)?.focus();
  };
  return (
    <>
      <p className="mb-3 text-13 text-ink-3">{t('lineage.how')}</p>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the arrows of the buttons in it bubble to here. */}
      <div ref={ground} className="relative flex items-stretch gap-8" onKeyDown={onKeyDown}>
        <svg aria-hidden="true" className="pointer-events-none absolute inset-0 size-full overflow-visible" fill="none">
          {lines.map(({ from, to, stated, d }) => {
            const on = path?.has(from) && path.has(to);
            return (
              <path
                key={`${from} ${to}`}
                d={d}
                className={on ? 'stroke-brand' : path ? 'stroke-line' : 'stroke-line-strong'}
                strokeWidth={on ? 2 : 1}
                strokeDasharray={stated ? undefined : '4 4'}
              />
            );
          })}
        </svg>
        {shown.map((kind) => (
          <div key={kind} className="relative flex min-w-0 flex-1 flex-col">
            <h3 className="mb-2 font-medium text-13 text-ink-2">{name('LineageKind', kind)}</h3>
            <ul aria-label={name('LineageKind', kind)} className="flex flex-1 flex-col justify-center gap-2">
              {lineage.nodes
                .filter((node) => node.kind === kind)
                .map((node) => (
                  <li key={node.id} className="min-w-0">
                    <button
                      type="button"
                      ref={(box) => {
                        if (box) boxes.current.set(node.id, box);
                        else boxes.current.delete(node.id);
                      }}
                      aria-pressed={node.id === chosen}
                      tabIndex={node.id === walked ? 0 : -1}
                      onFocus={() => walk(node.id)}
                      onClick={() => choose(node.id === chosen ? undefined : node.id)}
                      className={clsx(
                        'block min-h-8 w-full break-words rounded-md border px-2 py-1 text-left text-13',
                        focusRing,
                        !node.stated && 'border-dashed',
                        node.id === chosen
                          ? 'border-brand bg-brand-soft font-medium text-brand-ink'
                          : path?.has(node.id)
                            ? 'border-brand bg-surface text-ink'
                            : path
                              ? 'border-line-strong bg-surface text-ink-3'
                              : 'border-field bg-surface text-ink',
                      )}
                    >
                      {named(node)}
                    </button>
                  </li>
                ))}
            </ul>
          </div>
        ))}
      </div>
      <div aria-live="polite" className="mt-3 min-h-6">
        {path && chosen && <Way lineage={lineage} around={around} path={path} chosen={chosen} />}
      </div>
    </>
  );
}

/** The way through the chosen thing in words, with a link to each thing on it. */
function Way({
  lineage,
  around,
  path,
  chosen,
}: {
  lineage: Loaded;
  around: Neighbours;
  path: ReadonlySet<string>;
  chosen: string;
}) {
  const { t } = useTranslation('metadata');
  const name = useEnum();
  const on = lineage.nodes.filter((node) => path.has(node.id));
  const general = on.some((node) => node.id === chosen && !node.stated);
  return (
    <>
      <dl aria-label={t('lineage.way')} className="flex flex-wrap gap-x-6 gap-y-1 text-sm">
        {kinds
          .filter((kind) => on.some((node) => node.kind === kind))
          .map((kind) => (
            <div key={kind} className="min-w-0">
              <dt className="text-ink-3 text-xs">{name('LineageKind', kind)}</dt>
              <dd className="flex flex-wrap gap-x-2">
                {on
                  .filter((node) => node.kind === kind)
                  .map((node) => (
                    <ToThing key={node.id} node={node} around={around} />
                  ))}
              </dd>
            </div>
          ))}
      </dl>
      {general && <p className="mt-1 text-13 text-ink-2">{t('lineage.generalColumn')}</p>}
    </>
  );
}

interface Line extends Edge {
  d: string;
}

/** The lines between the boxes as they stand, drawn again when the ground changes its size. */
function useLines(
  ground: React.RefObject<HTMLDivElement | null>,
  boxes: React.RefObject<Map<string, HTMLButtonElement>>,
  edges: readonly Edge[],
): Line[] {
  const [lines, setLines] = useState<Line[]>([]);
  const draw = useCallback(() => {
    const origin = ground.current?.getBoundingClientRect();
    if (!origin || origin.width === 0) return;
    const ends = (id: string) => boxes.current.get(id)?.getBoundingClientRect();
    setLines(
      edges.flatMap((edge) => {
        const from = ends(edge.from);
        const to = ends(edge.to);
        if (!from || !to) return [];
        const [x1, y1] = [from.right - origin.left, from.top + from.height / 2 - origin.top];
        const [x2, y2] = [to.left - origin.left, to.top + to.height / 2 - origin.top];
        const bend = Math.min(24, (x2 - x1) / 2);
        return [{ ...edge, d: `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}` }];
      }),
    );
  }, [ground, boxes, edges]);
  useLayoutEffect(() => {
    draw();
    if (!ground.current) return;
    const watch = new ResizeObserver(draw);
    watch.observe(ground.current);
    return () => watch.disconnect();
  }, [draw, ground]);
  return lines;
}
