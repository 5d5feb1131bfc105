import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { EvidenceField } from '../../app/evidence-field';
import { Trouble } from '../../app/trouble';
import { useFormErrors } from '../../lib/form';
import { useEnum } from '../../lib/i18n';
import { useSubmit } from '../../lib/submit';
import { useEvidence } from '../../lib/upload';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { Field } from '../../ui/field';
import { FormErrors } from '../../ui/form-errors';
import { TextInput, useDecimalFault } from '../../ui/input';
import { DescriptionList } from '../../ui/layout';
import { toast } from '../../ui/toast';
import { IssueInvoiceDocument } from './issue.gql';
import { useSigned } from './parts';
import type { SalesInvoicesQuery } from './sales.gql';

export type SalesInvoice = SalesInvoicesQuery['salesInvoices']['edges'][number]['node'];

/** Records that an invoice was made: its number and its file. */
export function IssueDialog({ invoice, onDone }: { invoice: SalesInvoice; onDone: () => void }) {
  const { t } = useTranslation('invoices');
  const name = useEnum();
  const signed = useSigned();
  const [number, setNumber] = useState('');
  const [code, setCode] = useState('');
  const [total, setTotal] = useState('');
  const decimal = useDecimalFault();
  const file = useEvidence();
  const { submit, pending, faults, problem } = useSubmit(IssueInvoiceDocument, { typenames: ['Invoice'] });
  const older = number.trim().length === 8;
  const { at, errors, attempt, ready } = useFormErrors(
    {
      number: !number.trim() && t('issue.numberMissing'),
      code: older && !code.trim() && t('issue.codeMissing'),
      total: decimal(total.trim(), 2) ?? (!total.trim() && t('issue.totalMissing')),
      documentId: file.uploading ? t('issue.uploading') : file.ids.length === 0 && t('issue.fileMissing'),
    },
    faults,
    ['number', 'code', 'total', 'documentId'],
  );
  const send = async () => {
    if (!ready()) return;
    const outcome = await submit({
      id: invoice.id,
      input: {
        number: number.trim(),
        code: older ? code.trim() : null,
        documentId: file.ids[0] ?? '',
        total: total.trim(),
      },
    });
    if (!outcome?.done) return;
    onDone();
    toast(t('issue.done'));
  };
  const { holder } = invoice;
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onDone()}
      title={t(invoice.colour === 'RED' ? 'issue.titleRed' : 'issue.title')}
      description={t('issue.lead')}
      focus="issue-number"
    >
      <DescriptionList
        facts={[
          { key: 'kind', term: t('kind'), value: name('InvoiceKind', invoice.kind) },
          { key: 'title', term: t('request.title'), value: holder.title },
          {
            key: 'tax',
            term: t('request.taxNumber'),
            value: <span className="font-mono text-13">{holder.taxNumber}</span>,
          },
          { key: 'address', term: t('addressPhone'), value: [holder.address, holder.phone].join(' ').trim() || null },
          { key: 'bank', term: t('bankAccount'), value: [holder.bank, holder.account].join(' ').trim() || null },
          {
            key: 'total',
            term: t('total'),
            value: t('split', {
              total: signed(invoice, invoice.total),
              net: signed(invoice, invoice.net),
              vat: signed(invoice, invoice.vat),
            }),
          },
          {
            key: 'blue',
            term: t('blue'),
            value: invoice.blue && [invoice.blue.code, invoice.blue.number].filter(Boolean).join(' '),
          },
        ]}
      />
      <form
        noValidate
        className="mt-4 space-y-4"
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        <FormErrors
          errors={errors.map((error) => ({ ...error, field: 'field' in error ? `issue-${error.field}` : undefined }))}
          attempt={attempt}
        />
        <Trouble problem={problem} />
        <Field id="issue-number" label={t('number')} hint={t('issue.numberHint')} error={at('number')} required>
          <TextInput
            inputMode="numeric"
            maxLength={20}
            value={number}
            onChange={(event) => setNumber(event.target.value)}
          />
        </Field>
        {older && (
          <Field id="issue-code" label={t('code')} hint={t('issue.codeHint')} error={at('code')} required>
            <TextInput
              inputMode="numeric"
              maxLength={12}
              value={code}
              onChange={(event) => setCode(event.target.value)}
            />
          </Field>
        )}
        <Field
          id="issue-total"
          label={t('issue.total')}
          hint={t(invoice.colour === 'RED' ? 'issue.totalHintRed' : 'issue.totalHint')}
          error={at('total')}
          required
        >
          <TextInput
            inputMode="decimal"
            className="max-w-40"
            value={total}
            onChange={(event) => setTotal(event.target.value)}
          />
        </Field>
        <EvidenceField
          id="issue-documentId"
          evidence={file}
          label={t('issue.file')}
          hint={t('issue.fileHint')}
          error={at('documentId')}
          required
          single
        />
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onDone}>{t('leave')}</Button>
          <Button type="submit" kind="primary" pending={pending}>
            {t('issue.send')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
