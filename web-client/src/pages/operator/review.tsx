import { useTranslation } from 'react-i18next';
import { ProblemState } from '../../app/problem-state';
import { useLoad } from '../../lib/graphql';
import { useEnum } from '../../lib/i18n';
import { ButtonLink } from '../../ui/button';
import { Section } from '../../ui/layout';
import { Due, Refusals } from './due';
import { TakeBack } from './moves';
import type { Edited } from './product';
import { ProductReviewsDocument } from './reviews.gql';

/** How the review of a product stands: to be asked for, until when it is decided, and why the last one was refused. */
export function Review({ product }: { product: Edited }) {
  const { t } = useTranslation('operator');
  const name = useEnum();
  const { data, problem, reload } = useLoad(ProductReviewsDocument, { id: product.id }, { typenames: ['Proceeding'] });
  const review = data?.applications.edges[0]?.node;
  return (
    <Section id="review" title={t('tasks.review')} lead={t('review.lead')} card>
      <div className="space-y-3">
        {!data && problem && <ProblemState problem={problem} reload={reload} />}
        {review && product.status === 'DRAFT' && <Refusals decisions={review.decisions} />}
        {product.status === 'DRAFT' ? (
          <ButtonLink
            to="/operator/products/$id/check"
            params={{ id: product.id }}
            kind={product.allowedActions.includes('SUBMIT') ? 'primary' : undefined}
          >
            {t('check.go')}
          </ButtonLink>
        ) : (
          <p>{name('ProductStatus', product.status)}</p>
        )}
        {review && !review.endedAt && <Due of={review} />}
        {review?.canWithdraw && <TakeBack id={review.id} />}
      </div>
    </Section>
  );
}
