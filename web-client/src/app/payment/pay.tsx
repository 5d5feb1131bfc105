import { useTranslation } from 'react-i18next';
import { useFaultText } from '../../lib/i18n';
import type { Fault, Problem } from '../../lib/problem';
import { Button } from '../../ui/button';
import { Notice } from '../../ui/notice';
import { useProblemText } from '../problem-state';
import { WayChoice } from './choice';
import { useWay, type Way } from './ways';

/** Asks for a payment of an order or bill, by the way that is chosen. */
export function Pay({
  ways,
  title,
  why,
  failed,
  pending,
  faults,
  problem,
  onPay,
}: {
  ways: readonly Way[];
  title: string;
  why: string;
  /** The last payment failed. */
  failed: boolean;
  pending: boolean;
  faults: Fault[];
  problem: Problem | undefined;
  onPay: (provider: string) => void;
}) {
  const { t } = useTranslation('payment');
  const say = useFaultText();
  const problemText = useProblemText();
  const { way, setWay } = useWay(ways);
  const refused =
    faults.map(say).join(' ') ||
    (problem && problemText(problem).what) ||
    (failed && !pending ? t('failed') : undefined);
  return (
    <Notice
      tone="attention"
      className="mb-5"
      title={title}
      actions={
        <Button kind="primary" pending={pending} disabled={!way} onClick={() => way && onPay(way.name)}>
          {t('act')}
        </Button>
      }
    >
      <div className="space-y-3">
        {refused ? (
          <span role="alert" className="text-rose">
            {refused}
          </span>
        ) : (
          <p>{why}</p>
        )}
        <WayChoice ways={ways} way={way} onChange={setWay} />
      </div>
    </Notice>
  );
}
