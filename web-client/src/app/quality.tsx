import { useTranslation } from 'react-i18next';
import { useEnum, useLanguage } from '../lib/i18n';
import type { QualityDimensionName } from '../lib/schema.gql';
import { Badge } from '../ui/badge';

/** How good the metadata of a thing is, as screens ask for it. */
export interface Quality {
  score: number;
  dimensions: readonly { name: QualityDimensionName; points: number; maximum: number }[];
  findings?: readonly { code: string; field: string; points: number; message: string; messageEn: string }[] | null;
}

/** The score beside the name of a thing. */
export function QualityBadge({ score }: { score: number }) {
  const { t } = useTranslation('metadata');
  return <Badge tone={score >= 80 ? 'success' : 'neutral'}>{t('quality.badge', { score })}</Badge>;
}

/** What each dimension has of its points: bars, and the numbers beside them. */
export function QualityDimensions({ quality }: { quality: Quality }) {
  const { t } = useTranslation('metadata');
  const name = useEnum();
  return (
    <dl aria-label={t('quality.title')} className="grid grid-cols-1 gap-x-6 gap-y-2 sm:grid-cols-2">
      {quality.dimensions.map((dimension) => (
        <div key={dimension.name} className="flex items-center gap-3 text-sm">
          <dt className="w-24 shrink-0 text-ink-2">{name('QualityDimensionName', dimension.name)}</dt>
          <dd className="flex min-w-0 flex-1 items-center gap-2">
            <svg aria-hidden="true" className="h-1.5 w-0 min-w-8 flex-1" preserveAspectRatio="none" viewBox="0 0 100 6">
              <rect width={100} height={6} rx={3} className="fill-sunken" />
              <rect
                width={(100 * dimension.points) / dimension.maximum}
                height={6}
                rx={3}
                className={dimension.points === dimension.maximum ? 'fill-jade' : 'fill-field'}
              />
            </svg>
            <span className="w-14 text-right text-ink-2 tabular-nums">
              {t('quality.points', { points: dimension.points, maximum: dimension.maximum })}
            </span>
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** What its owner has to mend, the dearest first. */
export function Mend({ quality, floor }: { quality: Quality; floor?: number }) {
  const { t } = useTranslation('metadata');
  const language = useLanguage();
  const findings = [...(quality.findings ?? [])].sort((a, b) => b.points - a.points);
  return (
    <>
      <p className="mb-3 text-sm">
        <strong className="font-semibold text-base tabular-nums">{t('quality.of', { score: quality.score })}</strong>
        {floor !== undefined && (
          <span className={quality.score < floor ? 'ml-2 text-amber' : 'ml-2 text-ink-3'}>
            {t(quality.score < floor ? 'quality.below' : 'quality.floor', { floor })}
          </span>
        )}
      </p>
      <QualityDimensions quality={quality} />
      <h3 className="mt-4 mb-1.5 font-medium text-sm">{t('quality.mend')}</h3>
      {findings.length === 0 ? (
        <p className="text-jade text-sm">{t('quality.nothing')}</p>
      ) : (
        <ul aria-label={t('quality.mend')} className="space-y-1.5 text-sm">
          {findings.map((finding) => (
            <li key={finding.code} className="flex items-baseline gap-3 border-amber border-l-2 pl-2">
              <span className="min-w-0 flex-1">
                <span className="font-medium">{t(`quality.code.${finding.code}`)}</span>
                <span className="block text-13 text-ink-2">
                  {language === 'en' ? finding.messageEn : finding.message}
                </span>
              </span>
              <span className="shrink-0 text-ink-3 tabular-nums">{t('quality.costs', { count: finding.points })}</span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
