import { type FormEvent, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { late } from '../../app/late';
import { useProblemText } from '../../app/problem-state';
import { Trouble } from '../../app/trouble';
import { useFormErrors } from '../../lib/form';
import { useFormats } from '../../lib/format';
import { useFaultText } from '../../lib/i18n';
import type { Problem } from '../../lib/problem';
import { useSubmit } from '../../lib/submit';
import { sendFile } from '../../lib/upload';
import { Button } from '../../ui/button';
import { Field } from '../../ui/field';
import { FileInput } from '../../ui/file-input';
import { FormErrors } from '../../ui/form-errors';
import { TextInput } from '../../ui/input';
import { Section } from '../../ui/layout';
import { Notice } from '../../ui/notice';
import { Select } from '../../ui/select';
import { toast } from '../../ui/toast';
import type { BankDeskQuery } from './bank.gql';
import { SaveBankFormatDocument } from './format.gql';

type Format = BankDeskQuery['bankFormats'][number];

const Dialog = late(() => import('../../ui/dialog').then((m) => m.Dialog));

/** Sends a bank statement; what is wrong in it is said at once, with the cells. */
export function Import({ formats, onDone }: { formats: Format[]; onDone: () => void }) {
  const { t } = useTranslation('bank');
  const size = useFormats();
  const say = useFaultText();
  const problemText = useProblemText();
  const [format, setFormat] = useState('');
  const [sent, setSent] = useState<{ file: File; percent: number; problem?: Problem }>();
  const [naming, setNaming] = useState(false);
  const send = async (file: File) => {
    setSent({ file, percent: 0 });
    const url = `/uploads/statements?${new URLSearchParams(format ? { name: file.name, format } : { name: file.name })}`;
    const outcome = await sendFile(url, file, (percent) => setSent({ file, percent }));
    if (outcome.done) {
      setSent(undefined);
      toast(t('sent'));
      onDone();
    } else setSent({ file, percent: 100, problem: outcome.problem });
  };
  const problem = sent?.problem;
  const faults = problem?.faults ?? [];
  return (
    <Section title={t('import.title')} lead={t('import.lead')} card>
      <div className="space-y-4">
        <div className="flex flex-wrap items-end gap-3">
          <div className="w-full sm:w-72">
            <Field label={t('import.format')} hint={t('import.formatHint')}>
              <Select
                options={[
                  { value: '', label: t('import.usual') },
                  ...formats.map((one) => ({ value: one.id, label: one.name })),
                ]}
                value={format}
                onValueChange={setFormat}
              />
            </Field>
          </div>
          <Button onClick={() => setNaming(true)} aria-haspopup="dialog">
            {t('format.act')}
          </Button>
        </div>
        <Field label={t('import.file')} hint={t('import.fileHint')} as="group">
          <FileInput
            accept=".csv,.xlsx"
            files={
              sent
                ? [
                    {
                      key: 'file',
                      name: sent.file.name,
                      size: size.bytes(sent.file.size),
                      state: problem ? 'failed' : 'uploading',
                      percent: sent.percent,
                      why: problem && problemText(problem).title,
                    },
                  ]
                : []
            }
            pending={sent !== undefined && !problem}
            onAdd={([file]) => file && send(file)}
            onRemove={() => setSent(undefined)}
            onRetry={() => sent && send(sent.file)}
          />
        </Field>
        {problem && (
          <Notice tone="refused" live title={t('import.refused')}>
            {faults.length > 0 ? (
              <ul className="list-disc pl-5">
                {faults.slice(0, 20).map((fault) => (
                  <li key={`${fault.code} ${fault.field}`}>
                    {fault.field && /^[A-Z]+\d+$/.test(fault.field) && (
                      <code className="mr-1 font-mono">{fault.field}</code>
                    )}
                    {say(fault)}
                  </li>
                ))}
              </ul>
            ) : (
              problemText(problem).what
            )}
          </Notice>
        )}
      </div>
      {naming && (
        <Naming
          format={formats.find((one) => one.id === format)}
          onClose={() => setNaming(false)}
          onSaved={(id) => {
            setNaming(false);
            setFormat(id);
            onDone();
          }}
        />
      )}
    </Section>
  );
}

const columns = ['day', 'in', 'out', 'amount', 'counterparty', 'account', 'bank', 'remark', 'serial'] as const;

/** Says how a bank names its columns; those left empty are found by the usual names. */
function Naming({
  format,
  onClose,
  onSaved,
}: {
  format: Format | undefined;
  onClose: () => void;
  onSaved: (id: string) => void;
}) {
  const { t } = useTranslation('bank');
  const form = useId();
  const [name, setName] = useState(format?.name ?? '');
  const [named, setNamed] = useState<Record<string, string>>({ ...format?.columns });
  const { submit, pending, faults, problem } = useSubmit(SaveBankFormatDocument, { typenames: ['BankFormat'] });
  const { at, errors, attempt, ready } = useFormErrors({ name: !name.trim() && t('format.nameMissing') }, faults);
  const send = async (event: FormEvent) => {
    event.preventDefault();
    if (!ready()) return;
    const input = { name, columns: Object.fromEntries(columns.map((key) => [key, named[key] ?? ''])) };
    const outcome = await submit({ input });
    const id = outcome?.done ? outcome.data.bankFormatSave.bankFormat?.id : undefined;
    if (id) onSaved(id);
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('format.title')}
      description={t('format.lead')}
      focus="name"
      actions={
        <>
          <Button onClick={onClose}>{t('ui:cancel')}</Button>
          <Button type="submit" form={form} kind="primary" pending={pending}>
            {t('format.save')}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={send} noValidate className="space-y-4">
        <FormErrors errors={errors} attempt={attempt} />
        <Trouble problem={problem} />
        <Field id="name" label={t('format.name')} error={at('name')} required>
          <TextInput autoComplete="off" value={name} onChange={(event) => setName(event.target.value)} />
        </Field>
        <div className="grid gap-3 sm:grid-cols-2">
          {columns.map((key) => (
            <Field key={key} id={`columns.${key}`} label={t(`column.${key}`)} error={at(`columns.${key}`)}>
              <TextInput
                autoComplete="off"
                placeholder={t(`usual.${key}`)}
                value={named[key] ?? ''}
                onChange={(event) => setNamed((before) => ({ ...before, [key]: event.target.value }))}
              />
            </Field>
          ))}
        </div>
      </form>
    </Dialog>
  );
}
