import { Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFaultText } from '../lib/i18n';
import type { Problem, ProblemKind } from '../lib/problem';
import { useReached } from '../lib/reached';
import { EmptyState, ErrorState } from '../ui/state';
import { useTitle } from './title';
import { useViewer } from './viewer';

/** The problems whose fault says more than their kind: what is wrong, or how long to wait. */
const saysMore: ReadonlySet<ProblemKind> = new Set<ProblemKind>(['refused', 'forbidden', 'tooMany']);

/** Says a problem in words: what happened, and how to go on. */
export function useProblemText(): (problem: Problem) => { title: string; what: string } {
  const { t } = useTranslation();
  const say = useFaultText();
  return (problem) => ({
    title: t(`problem.${problem.kind}.title`),
    what:
      problem.fault && saysMore.has(problem.kind)
        ? say(problem.fault)
        : t(`problem.${problem.kind}.what`, { seconds: problem.seconds ?? 60 }),
  });
}

interface Props {
  problem: Problem;
  /** Reads again what is missing: when it is pressed, and by itself once the server is back. */
  reload?: () => void;
  /** What else is done when it is pressed, and never by itself. */
  onRetry?: () => void;
  /** What was kept of what the person did. */
  kept?: string;
  /** It stands in the place of the whole page, whose h1 it has then. */
  whole?: boolean;
}

/** What stands in the place of what could not be shown. */
export function ProblemState({ whole, ...rest }: Props) {
  const { title } = useProblemText()(rest.problem);
  useTitle(whole ? title : undefined);
  const { viewer, reload } = useViewer();
  const absent = rest.problem.kind === 'absent' && viewer !== null;
  // What is absent may only be so for nobody: whether the session still lasts is asked.
  useEffect(() => {
    if (absent) reload();
  }, [absent, reload]);
  return (
    <>
      {whole && <h1 className="sr-only">{title}</h1>}
      <State {...rest} />
    </>
  );
}

function State({ problem, reload, onRetry, kept }: Omit<Props, 'whole'>) {
  const { t } = useTranslation();
  const { title, what } = useProblemText()(problem);
  const away = reload !== undefined && (problem.kind === 'offline' || problem.kind === 'unavailable');
  useReached(away, () => reload?.());
  // The problem stands until what was asked for is there, or another one is.
  const [asked, setAsked] = useState<Problem>();
  const again =
    reload &&
    (() => {
      setAsked(problem);
      reload();
    });
  if (problem.kind === 'signedOut' || problem.kind === 'forbidden' || problem.kind === 'absent') {
    return (
      <EmptyState
        title={title}
        action={
          problem.kind === 'signedOut' ? (
            <Link to="/sign-in" search={{ to: location.pathname + location.search }} className="text-brand underline">
              {t('signIn')}
            </Link>
          ) : (
            <Link to="/" className="text-brand underline">
              {t('notFound.action')}
            </Link>
          )
        }
      >
        {what}
      </EmptyState>
    );
  }
  return (
    <ErrorState
      title={title}
      kept={kept}
      reference={problem.kind === 'failed' ? problem.requestId : undefined}
      onRetry={again ?? onRetry}
      pending={asked === problem}
    >
      {away ? t(`problem.${problem.kind}.waits`) : what}
    </ErrorState>
  );
}
