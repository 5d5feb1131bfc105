import { useRouter } from '@tanstack/react-router';
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLoad } from '../lib/graphql';
import { useNamed } from '../lib/i18n';
import { CommandPalette } from '../ui/palette';
import { FindDocument } from './find.gql';
import { consolesOf, ownEntries, publicEntries } from './menus';
import { useProblemText } from './problem-state';
import { useViewer } from './viewer';

/** Goes to any page, product or resource by typing; Ctrl K opens it. */
export function Finder({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const { t } = useTranslation();
  const { viewer } = useViewer();
  const named = useNamed();
  const problemText = useProblemText();
  const router = useRouter();
  const [query, setQuery] = useState('');
  const [asked, setAsked] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setAsked(query.trim()), 150);
    return () => clearTimeout(timer);
  }, [query]);
  useEffect(() => {
    if (open) setQuery('');
  }, [open]);
  const variables = useMemo(() => ({ query: asked }), [asked]);
  const { data, loading, problem } = useLoad(FindDocument, variables, { pause: !open || asked === '' });
  const go = (href: string) => () => router.navigate({ href });
  const pages = [
    ...publicEntries.map((entry) => ({ ...entry, group: t('finder.pages') })),
    ...consolesOf(viewer).flatMap((console) =>
      console.entries.map((entry) => ({ ...entry, group: t(`console.${console.key}`) })),
    ),
    ...(viewer ? ownEntries : []).map((entry) => ({ ...entry, group: t('nav.own') })),
  ]
    .map((entry) => ({ key: entry.to, label: t(`nav.${entry.key}`), group: entry.group, onSelect: go(entry.to) }))
    .filter((entry) => entry.label.toLowerCase().includes(query.trim().toLowerCase()));
  const found = asked !== '' && asked === query.trim() ? data : undefined;
  const products = (found?.products.edges ?? []).map(({ node }) => ({
    key: node.id,
    label: named(node),
    group: t('finder.products'),
    hint: named(node.domain),
    onSelect: go(`/products/${node.id}`),
  }));
  const resources = (found?.publishedResources.edges ?? []).map(({ node }) => ({
    key: node.id,
    label: named(node),
    group: t('finder.resources'),
    hint: named(node.sourceUnit),
    onSelect: go(`/resources/${node.id}`),
  }));
  return (
    <CommandPalette
      open={open}
      onOpenChange={onOpenChange}
      query={query}
      onQueryChange={setQuery}
      items={[...pages, ...products, ...resources]}
      pending={loading && query.trim() !== ''}
      failed={problem && asked !== '' && problemText(problem).title}
    />
  );
}
