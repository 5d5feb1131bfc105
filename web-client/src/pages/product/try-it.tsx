import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useProblemText } from '../../app/problem-state';
import { useFaultText, useLanguage } from '../../lib/i18n';
import { type Problem, problemIn } from '../../lib/problem';
import { Button } from '../../ui/button';
import { CodeBlock } from '../../ui/code';
import { Field } from '../../ui/field';
import { TextInput } from '../../ui/input';
import { Notice } from '../../ui/notice';
import { DataTable } from '../../ui/table';
import type { ProductQuery } from './product.gql';

type Product = NonNullable<ProductQuery['product']>;
type Answer = { rows: Record<string, unknown>[]; hasMore: boolean };

/** A real call on the masked sample: the same address, parameters and answer as one that is bought. */
export function TryIt({ product, sampleUrl }: { product: Product; sampleUrl: string }) {
  const { t } = useTranslation('product');
  const language = useLanguage();
  const say = useFaultText();
  const problemText = useProblemText();
  const columns = product.dictionary.filter((column) => column.filterable);
  const [filters, setFilters] = useState<Record<string, string>>({});
  const [state, setState] = useState<{ pending: boolean; answer?: Answer; raw?: string; problem?: Problem }>({
    pending: false,
  });
  const url = new URL(sampleUrl);
  for (const column of columns) if (filters[column.name]) url.searchParams.set(column.name, filters[column.name] ?? '');
  url.searchParams.set('first', '5');
  const call = async (event: FormEvent) => {
    event.preventDefault();
    setState({ pending: true });
    try {
      const response = await fetch(url.pathname + url.search, { headers: { accept: 'application/json' } });
      if (!response.ok) setState({ pending: false, problem: await problemIn(response) });
      else {
        const answer = (await response.json()) as Answer;
        setState({ pending: false, answer, raw: JSON.stringify(answer, null, 2) });
      }
    } catch {
      setState({ pending: false, problem: { kind: 'offline' } });
    }
  };
  const { answer, problem } = state;
  return (
    <form onSubmit={call} className="space-y-4">
      {columns.length > 0 && (
        <div className="grid gap-3 sm:grid-cols-2 xl:grid-cols-3">
          {columns.slice(0, 6).map((column) => (
            <Field
              key={column.name}
              id={`try-${column.name}`}
              label={(language === 'en' && column.labelEn) || column.label}
              hint={column.name}
            >
              <TextInput
                autoComplete="off"
                value={filters[column.name] ?? ''}
                onChange={(event) => setFilters({ ...filters, [column.name]: event.target.value })}
              />
            </Field>
          ))}
        </div>
      )}
      <CodeBlock label={t('try.request')} code={`curl '${url.href}'`} />
      <Button type="submit" pending={state.pending}>
        {t('try.call')}
      </Button>
      {problem && (
        <Notice tone="refused" live title={problemText(problem).title}>
          {problem.fault ? say(problem.fault) : problemText(problem).what}
        </Notice>
      )}
      {answer && (
        <div role="status" className="space-y-3">
          <p className="text-ink-2">{t('try.rows', { count: answer.rows.length })}</p>
          {answer.rows.length > 0 && (
            <DataTable
              caption={t('try.answer')}
              rows={answer.rows.map((row, i) => ({ key: String(i), row }))}
              rowKey={(one) => one.key}
              columns={Object.keys(answer.rows[0] ?? {}).map((key) => ({
                key,
                head: key,
                nowrap: true,
                cell: (one: { row: Record<string, unknown> }) => String(one.row[key] ?? ''),
              }))}
            />
          )}
          <CodeBlock label={t('try.raw')} code={state.raw ?? ''} />
        </div>
      )}
    </form>
  );
}
