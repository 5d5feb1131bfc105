import { useTranslation } from 'react-i18next';
import { useTitle } from '../../app/title';
import { useEnum } from '../../lib/i18n';
import { enums } from '../../lib/schema.gql';
import { PageHead } from '../../ui/layout';
import { Select } from '../../ui/select';
import { ProductList } from './product-list';
import { productsRoute } from './routes';

/** The products of all operators, to set caps and to supervise. */
export function Screen() {
  const { t } = useTranslation('agency');
  const name = useEnum();
  const { status } = productsRoute.useSearch();
  const navigate = productsRoute.useNavigate();
  useTitle(t('products.title'));
  return (
    <>
      <PageHead title={t('products.title')} lead={t('products.lead')} />
      <div className="mb-3 max-w-56">
        <Select
          label={t('products.status')}
          value={status ?? 'ALL'}
          options={[
            { value: 'ALL', label: t('products.all') },
            ...enums.ProductStatus.filter((one) => one !== 'DRAFT').map((one) => ({
              value: one,
              label: name('ProductStatus', one),
            })),
          ]}
          onValueChange={(value) =>
            navigate({ search: { status: enums.ProductStatus.find((one) => one === value) }, replace: true })
          }
        />
      </div>
      <ProductList status={status} level={2} />
    </>
  );
}
