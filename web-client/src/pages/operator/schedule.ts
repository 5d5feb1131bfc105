import type { TFunction } from 'i18next';
import type { ChargingMode, ServiceChannel, TariffScheme } from '../../lib/schema.gql';
import type { Tariff } from '../tariffs/tariff';
import { type Band, newBand } from './bands';

/** What uses cost by their number, as it is typed. */
export interface TypedSchedule {
  scheme: TariffScheme;
  /** Of a flat tariff the first one counts. */
  bands: Band[];
  free: boolean;
  freeQuantity: string;
  freePer: 'MONTH' | 'YEAR';
}

/** The prices of a class or a channel, as they are typed. */
export interface TypedVariant extends TypedSchedule {
  key: string;
  class: string;
  channel: ServiceChannel | '';
}

const rateShape = /^\d{1,9}(\.\d{1,6})?$/;
export const isCount = (text: string) => /^\d+$/.test(text) && Number(text) > 0;

export const typedSchedule = (of?: Pick<Tariff, 'scheme' | 'bands' | 'free'>): TypedSchedule => ({
  scheme: of?.scheme ?? 'FLAT',
  bands: of?.bands.map((band) => ({ ...newBand(band.rate), upTo: String(band.upTo ?? '') })) ?? [newBand()],
  free: of?.free != null,
  freeQuantity: String(of?.free?.quantity ?? ''),
  freePer: of?.free?.per === 'YEAR' ? 'YEAR' : 'MONTH',
});

export const typedVariant = (of?: Tariff['variants'][number]): TypedVariant => ({
  ...typedSchedule(of),
  key: crypto.randomUUID(),
  class: of?.class ?? '',
  channel: of?.channel ?? '',
});

/** The bands that count: a price per product has none, and a flat tariff one. */
const bandsOf = (typed: TypedSchedule, mode: ChargingMode) => {
  const scheme = mode === 'PER_PRODUCT' ? 'FLAT' : typed.scheme;
  return { scheme, bands: scheme === 'FLAT' ? typed.bands.slice(0, 1) : typed.bands };
};

/** A schedule as it is sent; the last band has no end. */
export function scheduleOf(typed: TypedSchedule, mode: ChargingMode, mayFree: boolean) {
  const { scheme, bands } = bandsOf(typed, mode);
  return {
    scheme,
    bands: bands.map((band, i) => ({ rate: band.rate, ...(i < bands.length - 1 && { upTo: Number(band.upTo) }) })),
    free: mayFree && typed.free ? { quantity: Number(typed.freeQuantity), per: typed.freePer } : undefined,
  };
}

/** What a schedule lacks, by the fields below a path. */
export function missingOf(
  t: TFunction<'operator'>,
  path: string,
  typed: TypedSchedule,
  mode: ChargingMode,
  mayFree: boolean,
): Record<string, string | false> {
  const { bands } = bandsOf(typed, mode);
  return {
    [`${path}scheme`]: false,
    ...Object.fromEntries(
      bands.flatMap((band, i) => [
        [`${path}bands.${i}.upTo`, i < bands.length - 1 && !isCount(band.upTo) && t('missing.upTo')],
        [`${path}bands.${i}.rate`, !rateShape.test(band.rate) && t('missing.rate')],
      ]),
    ),
    [`${path}bands`]: false,
    [`${path}free`]: mayFree && typed.free && !isCount(typed.freeQuantity) && t('missing.allowance'),
  };
}
