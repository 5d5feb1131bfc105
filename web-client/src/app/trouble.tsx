import { type ReactNode, useEffect, useRef } from 'react';
import type { Problem } from '../lib/problem';
import { Notice } from '../ui/notice';
import { useProblemText } from './problem-state';
import { useViewer } from './viewer';

/**
 * Why what was sent did not come through, with what else there is to say of it. As what a form lacks does, it takes the eye
 * and the focus wherever the page stands. That the session is over is asked over the page, and forgotten once somebody is seen to
 * be back: who was read afresh.
 */
export function Trouble({
  problem,
  actions,
  children,
}: {
  problem: Problem | undefined;
  actions?: ReactNode;
  children?: ReactNode;
}) {
  const problemText = useProblemText();
  const { viewer } = useViewer();
  const told = useRef({ problem, viewer });
  if (told.current.problem !== problem) told.current = { problem, viewer };
  const box = useRef<HTMLDivElement>(null);
  const signedOut = problem?.kind === 'signedOut';
  useEffect(() => {
    if (!problem || signedOut) return;
    box.current?.focus({ preventScroll: true });
    box.current?.scrollIntoView?.({ block: 'nearest' });
  }, [problem, signedOut]);
  if (!problem || (signedOut && told.current.viewer !== viewer)) return null;
  const { title, what } = problemText(problem);
  return (
    <div ref={box} tabIndex={-1} className="scroll-m-4 outline-none">
      <Notice tone="attention" live title={title} actions={actions}>
        {what} {children}
      </Notice>
    </div>
  );
}
