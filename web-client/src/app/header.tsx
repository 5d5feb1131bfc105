import { Link, useNavigate, useRouter, useRouterState } from '@tanstack/react-router';
import { ALargeSmall, Building2, ChevronDown, Languages, LogOut, Menu as MenuIcon } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { changeLanguage, loadTexts, useFaultText, useLanguage, useNamed } from '../lib/i18n';
import { ofTab } from '../lib/store';
import { useSubmit } from '../lib/submit';
import { Button, ButtonLink, IconButton } from '../ui/button';
import { SearchInput } from '../ui/input';
import { Notice } from '../ui/notice';
import { Bell } from './bell';
import { Go } from './go';
import { late } from './late';
import { consolesOf, ownEntries, publicEntries } from './menus';
import { useProblemText } from './problem-state';
import { setLarge, useLarge } from './scale';
import { SignOutDocument, SwitchOrganisationDocument } from './session.gql';
import { useViewer } from './viewer';

// What opens on a press comes when it is pressed: the first load stays small.
const Menu = late(() => import('../ui/menu').then((m) => m.Menu));
const Finder = late(() => import('./finder').then((m) => m.Finder));
const Words = late(() => Promise.all([import('./words'), loadTexts('search')]).then(([m]) => m.Words));
const MenuSheet = late(() => import('./menu-sheet').then((m) => m.MenuSheet));

/** The head of every page: the name, where one can go, who one is. */
export function Header() {
  const { t } = useTranslation();
  const { viewer, known } = useViewer();
  const [menu, setMenu] = useState(false);
  const [finding, setFinding] = useState(false);
  // The palette takes the keys itself once it is there.
  const [found, setFound] = useState(false);
  useEffect(() => {
    if (found) return;
    const press = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      setFound(true);
      setFinding(true);
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, [found]);
  const language = useLanguage();
  const large = useLarge();
  const path = useRouterState({ select: (state) => state.location.pathname });
  return (
    <header className="sticky top-0 z-30 border-line border-b bg-surface">
      <div className="@container mx-auto flex h-16 max-w-page items-center gap-2 px-4 lg:gap-5 lg:px-8">
        <span className="lg:hidden">
          <IconButton
            label={t('menu')}
            icon={<MenuIcon aria-hidden className="size-5" />}
            onClick={() => setMenu(true)}
          />
        </span>
        <Link to="/" className="flex shrink-0 items-center gap-2 rounded-md font-semibold text-lg">
          <img src={mark} alt="" className="size-7" />
          <span className="@max-xs:sr-only">{t('brand')}</span>
        </Link>
        <nav aria-label={t('nav.label')} className="hidden items-center gap-1 lg:flex">
          {publicEntries.map((entry) => (
            <Go
              key={entry.key}
              to={entry.to}
              activeOptions={{ exact: entry.to === '/', includeSearch: false }}
              activeProps={{ className: 'text-brand-ink bg-brand-soft' }}
              className="rounded-md px-3 py-1.5 font-medium hover:bg-sunken"
            >
              {t(`nav.${entry.key}`)}
            </Go>
          ))}
        </nav>
        <div className="ml-auto flex min-w-0 items-center gap-1 @max-xs:gap-0">
          {path !== '/' && <HeaderSearch />}
          <IconButton
            label={large ? t('scale.normal') : t('scale.large')}
            aria-pressed={large}
            icon={<ALargeSmall aria-hidden className="size-5" />}
            onClick={() => setLarge(!large)}
          />
          <IconButton
            label={language === 'en' ? '中文' : 'English'}
            lang={language === 'en' ? 'zh-CN' : 'en'}
            icon={<Languages aria-hidden className="size-5" />}
            onClick={() => changeLanguage(language === 'en' ? 'zh-CN' : 'en')}
          />
          {viewer && <Bell />}
          {known && (viewer ? <Account /> : <SignIn />)}
        </div>
      </div>
      {found && <Finder open={finding} onOpenChange={setFinding} />}
      {menu && <MenuSheet onClose={() => setMenu(false)} />}
    </header>
  );
}

const mark = new URL('./icon.svg', import.meta.url).href;

function HeaderSearch() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  return (
    <div className="hidden w-64 xl:block">
      <Words
        label={t('search.label')}
        hint={t('search.placeholder')}
        onAsk={(q) => navigate({ to: '/', search: { q } })}
        suggests
        bare
        fallback={
          <SearchInput
            label={t('search.label')}
            placeholder={t('search.placeholder')}
            value=""
            onValueChange={() => {}}
            disabled
          />
        }
      />
    </div>
  );
}

/** Where signing in leads: back to the page that is left, unless one came there only to sign in. What is behind a # stays here. */
export function backTo({ pathname, searchStr }: { pathname: string; searchStr: string }): string | undefined {
  if (pathname === '/sign-in') return new URLSearchParams(searchStr).get('to') ?? undefined;
  return pathname === '/sign-up' ? undefined : pathname + searchStr;
}

function SignIn() {
  const { t } = useTranslation();
  const to = useRouterState({ select: ({ location }) => backTo(location) });
  return (
    <ButtonLink to="/sign-in" search={{ to }} kind="primary">
      {t('signIn')}
    </ButtonLink>
  );
}

/** Who is signed in, as which organisation; where that one's pages are; and the way out. */
function Account() {
  const { t } = useTranslation();
  const { viewer, reload } = useViewer();
  const router = useRouter();
  const out = useSubmit(SignOutDocument);
  const other = useSubmit(SwitchOrganisationDocument);
  const say = useFaultText();
  const problemText = useProblemText();
  const named = useNamed();
  if (!viewer) return null;
  const name = viewer.organisation ? named(viewer.organisation) : viewer.person.displayName;
  const leave = async () => {
    other.reset();
    const outcome = await out.submit({});
    if (!outcome?.done) return;
    ofTab.clear(); // a draft is its writer's
    location.assign('/'); // a fresh page: nothing that was read as this person stays in memory
  };
  const act = async (id: string) => {
    out.reset();
    const outcome = await other.submit({ id });
    if (!outcome) return;
    if (outcome.done) location.assign('/');
    else {
      reload();
      router.invalidate();
    }
  };
  const refused = [...out.faults, ...other.faults].map(say).join(' ');
  const problem = out.problem ?? other.problem;
  // Until its menu is there it cannot be pressed: a press would be lost.
  const trigger = (ready: boolean) => (
    <Button
      kind="quiet"
      disabled={!ready}
      aria-busy={!ready}
      aria-label={t('account.label', { name })}
      className="max-w-56 text-ink! @max-xs:px-2!"
      icon={<Building2 aria-hidden className="size-4 shrink-0" />}
    >
      <span className="hidden truncate sm:inline">{name}</span>
      <ChevronDown aria-hidden className="size-4 shrink-0 @max-xs:hidden" />
    </Button>
  );
  const others = viewer.memberships.filter((membership) => membership.organisation.id !== viewer.organisation?.id);
  return (
    <>
      <Menu
        fallback={trigger(false)}
        trigger={trigger(true)}
        items={[
          ...consolesOf(viewer).map((console) => ({
            key: console.key,
            label: t(`console.${console.key}`),
            link: <Go to={console.entries[0]?.to ?? '/'} />,
          })),
          ...ownEntries.map((entry) => ({ key: entry.key, label: t(`nav.${entry.key}`), link: <Go to={entry.to} /> })),
          ...others.map((membership) => ({
            key: membership.organisation.id,
            label: t('account.switch', { name: named(membership.organisation) }),
            onSelect: () => act(membership.organisation.id),
          })),
          { key: 'leave', label: t('signOut'), icon: <LogOut aria-hidden className="size-4" />, onSelect: leave },
        ]}
      />
      {(refused || problem) && (
        <Notice
          tone="refused"
          live
          className="absolute top-full right-4 left-4 mt-2 shadow-lg sm:left-auto sm:max-w-sm"
          title={problem && problemText(problem).title}
          actions={
            <Button
              size="small"
              onClick={() => {
                out.reset();
                other.reset();
              }}
            >
              {t('ui:close')}
            </Button>
          }
        >
          {refused || (problem && problemText(problem).what)}
        </Notice>
      )}
    </>
  );
}
