import { Plus, X } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { curlOf, type DataAnswer, type DataCall, type RowsAnswer, sendCall } from '../../lib/data-call';
import { useLanguage } from '../../lib/i18n';
import { Button, IconButton } from '../../ui/button';
import { CodeBlock } from '../../ui/code';
import { TextInput } from '../../ui/input';
import { Answer } from './answer';
import type { ProductQuery } from './screen.gql';

type Column = NonNullable<ProductQuery['product']>['dictionary'][number];

const ordered = ['eq', 'ne', 'lt', 'lte', 'gt', 'gte'] as const;
const operators = {
  TEXT: ['eq', 'ne', 'prefix', 'in'],
  BOOLEAN: ['eq', 'ne'],
  INTEGER: ordered,
  DECIMAL: ordered,
  DATE: ordered,
  DATETIME: ordered,
} as const satisfies Record<Column['type'], readonly string[]>;

type Operator = (typeof operators)[Column['type']][number];

interface Condition {
  key: number;
  column: string;
  operator: Operator;
  value: string;
}

const box =
  'h-9 min-w-0 rounded-md border border-field bg-surface px-2 text-sm focus-visible:outline-2 focus-visible:-outline-offset-1 focus-visible:outline-brand';

/** A real call on the masked sample: the request as it is sent, and the answer as it came. */
export function Try({ url, dictionary }: { url: string; dictionary: readonly Column[] }) {
  const { t } = useTranslation('product');
  const language = useLanguage();
  const filterable = dictionary.filter((column) => column.filterable);
  const [conditions, setConditions] = useState<Condition[]>([]);
  const [next, setNext] = useState(0);
  const [pending, setPending] = useState(false);
  const [answer, setAnswer] = useState<DataAnswer<RowsAnswer>>();
  const label = (column: Column) => (language === 'en' && column.labelEn) || column.label;
  const change = (key: number, part: Partial<Condition>) =>
    setConditions((now) => now.map((one) => (one.key === key ? { ...one, ...part } : one)));
  const add = () => {
    const column = filterable.find((one) => !conditions.some((c) => c.column === one.name)) ?? filterable[0];
    if (!column) return;
    setConditions([...conditions, { key: next, column: column.name, operator: 'eq', value: '' }]);
    setNext(next + 1);
  };
  const call: DataCall = {
    url,
    params: [
      ...conditions.map(
        ({ column, operator, value }) => [operator === 'eq' ? column : `${column}[${operator}]`, value] as const,
      ),
      ['first', '3'],
    ],
  };
  const send = async () => {
    setPending(true);
    setAnswer(await sendCall<RowsAnswer>(call));
    setPending(false);
  };
  return (
    <form
      className="space-y-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (!pending) send();
      }}
    >
      {conditions.map((condition) => {
        const column = filterable.find((one) => one.name === condition.column);
        return (
          <fieldset key={condition.key} className="flex min-w-0 flex-wrap items-center gap-2">
            <legend className="sr-only">{t('try.condition')}</legend>
            <select
              aria-label={t('try.column')}
              value={condition.column}
              onChange={(event) => change(condition.key, { column: event.target.value, operator: 'eq' })}
              className={`${box} max-w-full`}
            >
              {filterable.map((one) => (
                <option key={one.name} value={one.name}>
                  {label(one)}
                </option>
              ))}
            </select>
            <select
              aria-label={t('try.operator')}
              value={condition.operator}
              onChange={(event) => change(condition.key, { operator: event.target.value as Operator })}
              className={box}
            >
              {operators[column?.type ?? 'TEXT'].map((operator) => (
                <option key={operator} value={operator}>
                  {t(`try.op.${operator}`)}
                </option>
              ))}
            </select>
            <TextInput
              aria-label={t('try.value')}
              value={condition.value}
              onChange={(event) => change(condition.key, { value: event.target.value })}
              className="max-w-48"
            />
            <IconButton
              label={t('try.remove')}
              icon={<X aria-hidden className="size-4" />}
              onClick={() => setConditions(conditions.filter((one) => one.key !== condition.key))}
            />
          </fieldset>
        );
      })}
      {filterable.length > 0 && conditions.length < 20 && (
        <Button kind="quiet" size="small" icon={<Plus aria-hidden className="size-4" />} onClick={add}>
          {t('try.add')}
        </Button>
      )}
      <CodeBlock label={t('try.request')} code={curlOf(call)} />
      <Button type="submit" pending={pending}>
        {t('try.send')}
      </Button>
      {answer && <Answer answer={answer} columns={dictionary} />}
    </form>
  );
}
