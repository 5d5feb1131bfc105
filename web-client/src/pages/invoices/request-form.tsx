import { useTranslation } from 'react-i18next';
import { useKept, useKeptKey } from '../../app/kept';
import { ProblemState } from '../../app/problem-state';
import { Trouble } from '../../app/trouble';
import { useFormErrors } from '../../lib/form';
import { useLoad } from '../../lib/graphql';
import { useEnum } from '../../lib/i18n';
import { enums, type InvoiceKind } from '../../lib/schema.gql';
import { useSubmit } from '../../lib/submit';
import { Button } from '../../ui/button';
import { RadioGroup } from '../../ui/choice';
import { Dialog } from '../../ui/dialog';
import { Field } from '../../ui/field';
import { FormErrors } from '../../ui/form-errors';
import { TextInput } from '../../ui/input';
import { Skeleton } from '../../ui/skeleton';
import { toast } from '../../ui/toast';
import { LastInvoiceHolderDocument } from './invoices.gql';
import { RequestInvoiceDocument } from './request.gql';
import { typenames } from './section';

interface Typed {
  kind: InvoiceKind;
  title: string;
  taxNumber: string;
  address: string;
  phone: string;
  bank: string;
  account: string;
}

const texts = ['title', 'taxNumber', 'address', 'phone', 'bank', 'account'] as const;

/** Asks for an invoice; it begins with what the organisation said last. */
export function RequestDialog({ id, onDone }: { id: string; onDone: () => void }) {
  const { t } = useTranslation('invoices');
  const { data, problem, reload } = useLoad(LastInvoiceHolderDocument, {}, { typenames: ['Invoice'] });
  const last = data?.invoices.edges[0]?.node;
  const own = data?.viewer?.organisation;
  return (
    <Dialog open onOpenChange={(open) => !open && onDone()} title={t('request.head')} description={t('request.lead')}>
      {data ? (
        <RequestForm
          id={id}
          onDone={onDone}
          blank={{
            kind: last?.kind ?? 'ORDINARY',
            title: last?.holder.title ?? own?.name ?? '',
            taxNumber: last?.holder.taxNumber ?? own?.creditCode ?? '',
            address: last?.holder.address ?? '',
            phone: last?.holder.phone ?? '',
            bank: last?.holder.bank ?? '',
            account: last?.holder.account ?? '',
          }}
        />
      ) : problem ? (
        <ProblemState problem={problem} reload={reload} />
      ) : (
        <Skeleton shape="facts" lines={6} />
      )}
    </Dialog>
  );
}

function RequestForm({ id, blank, onDone }: { id: string; blank: Typed; onDone: () => void }) {
  const { t } = useTranslation('invoices');
  const name = useEnum();
  const place = `invoice.${id}`;
  const { typed, change, drop } = useKept(place, blank);
  const { keyOf, renew } = useKeptKey(place);
  const { submit, pending, faults, problem } = useSubmit(RequestInvoiceDocument, { typenames });
  const special = typed.kind === 'SPECIAL';
  const needed = (text: (typeof texts)[number]) => text === 'title' || text === 'taxNumber' || special;
  const { at, errors, attempt, ready } = useFormErrors(
    Object.fromEntries(
      texts.map((text) => [text, needed(text) && !typed[text].trim() && t(`request.missing.${text}`)]),
    ),
    faults,
  );
  const send = async () => {
    if (!ready()) return;
    const outcome = await submit({ id, input: { ...typed, idempotencyKey: keyOf(typed) } });
    if (!outcome?.done) return;
    drop();
    renew();
    onDone();
    toast(t('request.done'));
  };
  return (
    <form
      noValidate
      className="space-y-4"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <FormErrors
        errors={errors.map((error) => ({ ...error, field: 'field' in error ? `invoice-${error.field}` : undefined }))}
        attempt={attempt}
      />
      <Trouble problem={problem} />
      <Field as="group" label={t('kind')} required>
        <RadioGroup
          name="kind"
          options={enums.InvoiceKind.map((kind) => ({ value: kind, label: name('InvoiceKind', kind) }))}
          value={typed.kind}
          onValueChange={(next) => change({ kind: enums.InvoiceKind.find((kind) => kind === next) })}
        />
      </Field>
      {texts.map((text) => (
        <Field
          key={text}
          id={`invoice-${text}`}
          label={t(`request.${text}`)}
          hint={text === 'taxNumber' ? t('request.taxNumberHint') : undefined}
          error={at(text)}
          required={needed(text)}
        >
          <TextInput
            maxLength={text === 'taxNumber' ? 18 : undefined}
            value={typed[text]}
            onChange={(event) => change({ [text]: event.target.value })}
          />
        </Field>
      ))}
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onDone}>{t('leave')}</Button>
        <Button type="submit" kind="primary" pending={pending}>
          {t('request.send')}
        </Button>
      </div>
    </form>
  );
}
