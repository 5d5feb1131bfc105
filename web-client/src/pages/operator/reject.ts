import { useTranslation } from 'react-i18next';
import { useEnum } from '../../lib/i18n';
import type { RejectCode } from '../../lib/schema.gql';
import { isNumeric } from '../product/answer';

/** Why a place in a file or a sample is wrong; a number that looks like a person's may be a quantity, which its unit tells. */
export function useReject(): (code: RejectCode, column: { type: string } | undefined) => string {
  const { t } = useTranslation('operator');
  const name = useEnum();
  return (code, column) => {
    const why = name('RejectCode', code);
    const quantity = (code === 'CELL_MOBILE_NUMBER' || code === 'CELL_BANK_CARD') && column && isNumeric(column);
    return quantity ? t('data.quantity', { why }) : why;
  };
}
