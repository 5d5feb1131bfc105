import { useTranslation } from 'react-i18next';
import { Go } from '../../app/go';
import { useTitle } from '../../app/title';
import { CodeBlock } from '../../ui/code';
import { PageHead, Section } from '../../ui/layout';

/** A part of the help: its steps, and where they begin. */
interface Part {
  key: string;
  steps: number;
  to?: string;
}

const parts: Part[] = [
  { key: 'buy', steps: 5, to: '/' },
  { key: 'free', steps: 4, to: '/' },
  { key: 'call', steps: 3, to: '/data' },
  { key: 'publish', steps: 5, to: '/operator/products' },
  { key: 'decide', steps: 3, to: '/review' },
  { key: 'source', steps: 3, to: '/source/resources' },
];

const numbers = (n: number) => Array.from({ length: n }, (_, i) => i + 1);
const terms = ['purpose', 'entitlement', 'credential', 'cap', 'proceeding', 'grant', 'masking'] as const;

/** How to do what people come for, and what the words mean. */
export function Screen() {
  const { t } = useTranslation('help');
  useTitle(t('title'));
  return (
    <div className="mx-auto max-w-4xl">
      <PageHead title={t('title')} lead={t('lead')} />
      <nav aria-label={t('contents')} className="mb-6 rounded-xl border border-line bg-surface p-4">
        <ul className="grid gap-x-6 sm:grid-cols-2">
          {[...parts.map((part) => part.key), 'words'].map((key) => (
            <li key={key}>
              <a href={`#${key}`} className="inline-flex min-h-8 items-center text-brand hover:underline">
                {t(`part.${key}.title`)}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      {parts.map((part) => (
        <Section
          key={part.key}
          id={part.key}
          title={t(`part.${part.key}.title`)}
          lead={t(`part.${part.key}.lead`)}
          card
        >
          <ol className="list-decimal space-y-1.5 pl-5">
            {numbers(part.steps).map((n) => (
              <li key={n}>{t(`part.${part.key}.step${n}`)}</li>
            ))}
          </ol>
          {part.key === 'call' && (
            <div className="mt-3">
              <CodeBlock
                label={t('example')}
                code={`curl -H "Authorization: Bearer $CREDENTIAL" -H "Gongshu-Purpose: INDUSTRY" \\\n     -H "Idempotency-Key: $(uuidgen)" \\\n     "${location.origin}/data/v1/products/$PRODUCT/rows?first=20"`}
              />
            </div>
          )}
          {part.to && (
            <p className="mt-3">
              <Go to={part.to} className="inline-flex min-h-8 items-center text-brand underline">
                {t(`part.${part.key}.go`)}
              </Go>
            </p>
          )}
        </Section>
      ))}
      <Section id="words" title={t('part.words.title')} card>
        <dl className="space-y-2">
          {terms.map((term) => (
            <div key={term}>
              <dt className="font-medium">{t(`term.${term}.word`)}</dt>
              <dd className="text-ink-2">{t(`term.${term}.means`)}</dd>
            </div>
          ))}
        </dl>
      </Section>
    </div>
  );
}
