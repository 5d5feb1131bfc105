import { useTranslation } from 'react-i18next';
import { useLoad } from '../../lib/graphql';
import { useEnum, useNamed } from '../../lib/i18n';
import type { ServiceChannel } from '../../lib/schema.gql';
import { UserClassesDocument } from './classes.gql';

/** The classes of users that the code table has; nothing is asked while nobody needs them. */
export function useClasses(needed: boolean) {
  const { data } = useLoad(UserClassesDocument, {}, { pause: !needed, typenames: ['CodeTable'] });
  return data?.codeTable?.codes ?? [];
}

/** For whom the prices of a variant are: a class of users, a channel, or both. */
export function useVariantText(
  variants: readonly { class: string | null; channel: ServiceChannel | null }[],
): (variant: { class: string | null; channel: ServiceChannel | null }) => string {
  const { t } = useTranslation('tariff');
  const name = useEnum();
  const named = useNamed();
  const classes = useClasses(variants.some((variant) => variant.class));
  return (variant) => {
    const known = classes.find((one) => one.code === variant.class);
    return [known ? named(known) : variant.class, variant.channel && name('ServiceChannel', variant.channel)]
      .filter(Boolean)
      .join(t('separator'));
  };
}
