import { Link } from '@tanstack/react-router';
import type { FormEvent, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useProblemText } from '../../app/problem-state';
import { useTitle } from '../../app/title';
import type { Problem } from '../../lib/problem';
import { Button } from '../../ui/button';
import { FormErrors } from '../../ui/form-errors';
import { Breadcrumbs, PageHead } from '../../ui/layout';
import { Notice } from '../../ui/notice';

/** The page of a calculator: what is typed, what is wrong with it, and below what it comes to. */
export function Calculator({
  title,
  lead,
  errors,
  attempt,
  problem,
  pending,
  onAsk,
  result,
  children,
}: {
  title: string;
  lead: string;
  errors: { field?: string; message: string }[];
  attempt: number;
  problem: Problem | undefined;
  pending: boolean;
  onAsk: () => void;
  result: ReactNode;
  children: ReactNode;
}) {
  const { t } = useTranslation('pricing');
  const problemText = useProblemText();
  useTitle(title);
  return (
    <form
      noValidate
      className="max-w-4xl"
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        onAsk();
      }}
    >
      <PageHead
        title={title}
        lead={lead}
        breadcrumbs={
          <Breadcrumbs
            items={[
              { key: 'all', node: <Link to="/calculators">{t('calculators.title')}</Link> },
              { key: 'this', node: title },
            ]}
          />
        }
      />
      <div className="mb-5 space-y-4">
        <FormErrors errors={errors} attempt={attempt} />
        {problem && (
          <Notice tone="attention" live title={problemText(problem).title}>
            {problemText(problem).what}
          </Notice>
        )}
      </div>
      {children}
      <Button type="submit" kind="primary" size="large" pending={pending}>
        {t('calculators.ask')}
      </Button>
      <div aria-live="polite" className="mt-6">
        {result}
      </div>
    </form>
  );
}
