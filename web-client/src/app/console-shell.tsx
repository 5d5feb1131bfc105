import { Outlet, useRouterState } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Skeleton } from '../ui/skeleton';
import { Go } from './go';
import { Header } from './header';
import { consolesOf } from './menus';
import { ProblemState } from './problem-state';
import { useViewer } from './viewer';

/** Around the consoles: at the left the pages of whatever the viewer takes part as. */
export function ConsoleShell() {
  const { t } = useTranslation();
  const { viewer, known, problem, reload } = useViewer();
  const path = useRouterState({ select: (state) => state.location.pathname });
  const consoles = consolesOf(viewer);
  const mine = consoles.some((console) =>
    console.entries.some((entry) => path.startsWith(entry.to) || (entry.also && path.startsWith(entry.also))),
  );
  return (
    <div className="flex min-h-dvh flex-col">
      <Header />
      <div className="mx-auto flex w-full max-w-page flex-1 px-4 lg:px-8">
        {(!known || consoles.length > 0) && (
          // Its place is kept while nobody knows yet who asks: what is beside it stays where it is shown.
          <nav aria-label={t('console.label')} className="hidden w-48 shrink-0 border-line border-r py-6 pr-4 lg:block">
            {consoles.map((console) => (
              <section key={console.key} className="mb-5">
                <h2 className="px-3 pb-1 font-medium text-ink-3 text-xs">{t(`console.${console.key}`)}</h2>
                <ul className="space-y-0.5">
                  {console.entries.map((entry) => (
                    <li key={entry.key}>
                      <Go
                        to={entry.to}
                        activeOptions={{ exact: entry.to === '/operator', includeSearch: false }}
                        activeProps={{ className: 'bg-brand-soft font-medium text-brand-ink' }}
                        className="block rounded-md px-3 py-1.5 hover:bg-sunken"
                      >
                        {t(`nav.${entry.key}`)}
                      </Go>
                    </li>
                  ))}
                </ul>
              </section>
            ))}
          </nav>
        )}
        <main id="main" tabIndex={-1} className="min-w-0 flex-1 py-6 lg:pl-8">
          {!known ? (
            problem ? (
              <ProblemState whole problem={problem} reload={reload} />
            ) : (
              <Skeleton shape="text" lines={6} />
            )
          ) : mine ? (
            <Outlet />
          ) : (
            <ProblemState whole problem={{ kind: viewer ? 'forbidden' : 'signedOut' }} />
          )}
        </main>
      </div>
    </div>
  );
}
