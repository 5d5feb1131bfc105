import { Link } from '@tanstack/react-router';
import { ChevronUp } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useEnum } from '../../lib/i18n';
import { Button } from '../../ui/button';
import { Sheet } from '../../ui/dialog';
import type { Edited } from './product';
import { taskOf } from './tasks';

/** What keeps a product off the market, each thing leading to the task that clears it away. */
function Obstacles({ product, onGo }: { product: Edited; onGo?: () => void }) {
  const { t } = useTranslation('operator');
  const name = useEnum();
  const obstacles = product.obstacles ?? [];
  if (obstacles.length === 0) {
    return <p className="text-jade">{product.status === 'LISTED' ? t('gate.listed') : t('gate.clear')}</p>;
  }
  return (
    <ul className="space-y-2">
      {obstacles.map((obstacle) => (
        <li key={`${obstacle.code} ${obstacle.subjectName}`} className="border-amber border-l-2 pl-2">
          <Link
            to="/operator/products/$id"
            params={{ id: product.id }}
            hash={obstacle.code === 'QUALITY_BELOW_FLOOR' ? 'quality' : taskOf[obstacle.code]}
            onClick={onGo}
            className="inline-block min-h-6 text-brand hover:underline"
          >
            {name('ObstacleCode', obstacle.code)}
          </Link>
          {obstacle.subjectKind !== 'PRODUCT' && (
            <span className="block text-ink-3 text-xs">{obstacle.subjectName}</span>
          )}
        </li>
      ))}
    </ul>
  );
}

/** The obstacles beside the tasks; on phones the bar has them. */
export function Gate({ product }: { product: Edited }) {
  const { t } = useTranslation('operator');
  return (
    <section aria-labelledby="gate" className="hidden rounded-xl border border-line bg-surface p-4 lg:block">
      <h2 id="gate" className="mb-2 font-semibold text-base">
        {t('gate.title')}
      </h2>
      <Obstacles product={product} />
    </section>
  );
}

/** On phones: how many obstacles there are, always in view, and all of them on a press. It is the last thing of its page. */
export function GateBar({ product }: { product: Edited }) {
  const { t } = useTranslation('operator');
  const [open, setOpen] = useState(false);
  const count = product.obstacles?.length ?? 0;
  return (
    <div
      data-bottom-bar
      className="sticky bottom-0 z-10 -mx-4 flex items-center justify-between gap-3 border-line-strong border-t bg-surface px-4 py-2.5 lg:hidden"
    >
      {count === 0 ? (
        <Obstacles product={product} />
      ) : (
        <>
          <span className="text-ink-2 text-sm">{t('gate.title')}</span>
          <Button
            aria-haspopup="dialog"
            icon={<ChevronUp aria-hidden className="size-4" />}
            onClick={() => setOpen(true)}
          >
            {t('gate.count', { count })}
          </Button>
          <Sheet place="bottom" open={open} onOpenChange={setOpen} title={t('gate.title')}>
            <div className="pb-4">
              <Obstacles product={product} onGo={() => setOpen(false)} />
            </div>
          </Sheet>
        </>
      )}
    </div>
  );
}
