import { loadTexts } from '../../lib/i18n';
import { late } from '../late';

/** With the texts of payment, which come when they are first needed. */
const withTexts = <M>(module: Promise<M>): Promise<M> => Promise.all([module, loadTexts('payment')]).then(([m]) => m);

export const Pay = late(() => withTexts(import('./pay')).then((m) => m.Pay));
export const Waiting = late(() => withTexts(import('./waiting')).then((m) => m.Waiting));
export const WayChoice = late(() => withTexts(import('./choice')).then((m) => m.WayChoice));
