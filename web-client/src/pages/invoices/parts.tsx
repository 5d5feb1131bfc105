import { useTranslation } from 'react-i18next';
import { type Amount, useFormats } from '../../lib/format';
import { linkText } from '../../ui/styles';

/** What an invoice is known by, and its file; nothing until it is issued. */
export function Issued({
  invoice: { code, number, document },
}: {
  invoice: { code: string | null; number: string | null; document: { id: string; name: string } | null };
}) {
  const { t } = useTranslation('invoices');
  if (!number) return null;
  return (
    <span className="inline-flex flex-wrap items-baseline gap-x-3">
      <span className="break-all font-mono text-13">{[code, number].filter(Boolean).join(' ')}</span>
      {document && (
        <a href={`/documents/${document.id}`} className={linkText} download={document.name}>
          {t('download')}
        </a>
      )}
    </span>
  );
}

/** What an invoice comes to, below 0 of a red one. */
export function useSigned() {
  const format = useFormats();
  return (invoice: { colour: 'BLUE' | 'RED' }, { amount }: Amount) =>
    format.money({ amount: invoice.colour === 'RED' ? `-${amount}` : amount });
}
