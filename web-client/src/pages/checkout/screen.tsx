import { ProblemState } from '../../app/problem-state';
import { useViewer } from '../../app/viewer';
import { Skeleton } from '../../ui/skeleton';
import { Check } from './check';
import { Placed } from './placed';
import { checkoutRoute } from './routes';
import { usePurchase } from './use-purchase';

/** From checking what is bought to the first call. What was ordered stands in the address, and is read from the API. */
export function Screen() {
  const { productId } = checkoutRoute.useParams();
  const search = checkoutRoute.useSearch();
  const navigate = checkoutRoute.useNavigate();
  const { viewer, known } = useViewer();
  const purchase = usePurchase();
  if (!known) return <Skeleton shape="facts" lines={8} />;
  if (!viewer) return <ProblemState whole problem={{ kind: 'signedOut' }} />;
  if (search.order) return <Placed key={search.order} orderId={search.order} purchase={purchase} />;
  return (
    <Check
      productId={productId}
      search={search}
      purchase={purchase}
      onPlaced={(order) => navigate({ search: { order }, replace: true })}
    />
  );
}
