import type { ObstacleCode } from '../../lib/schema.gql';
import { nextTask, type Task as ShownTask } from '../../ui/steps';
import type { Edited } from './product';

/** The tasks of putting a product on the market, in their order. */
export const tasks = ['basics', 'sources', 'data', 'plans', 'shares', 'review', 'registration'] as const;
export type Task = (typeof tasks)[number];

/** In which task an obstacle is cleared away. */
export const taskOf: Record<ObstacleCode, Task> = {
  AGREEMENT_NOT_IN_FORCE: 'sources',
  AGREEMENT_ENDED: 'sources',
  OPERATOR_NOT_VERIFIED: 'sources',
  DESCRIPTION_MISSING: 'basics',
  NO_INPUTS: 'sources',
  RESOURCE_NOT_PUBLISHED: 'sources',
  PROVIDER_CONSENT_MISSING: 'sources',
  UPDATE_FREQUENCY_MISSING: 'sources',
  ITEM_NOT_GRANTED: 'sources',
  GRANT_ENDED: 'sources',
  PURPOSE_NOT_GRANTED: 'sources',
  ITEM_WITHDRAWN: 'sources',
  ITEM_NOT_CLASSIFIED: 'sources',
  ITEM_CORE_NEVER_GRANTED: 'sources',
  ITEM_UNPROTECTED: 'sources',
  LINKED_ITEM_NOT_AGGREGATED: 'basics',
  DICTIONARY_MISSING: 'sources',
  SAMPLE_MISSING: 'sources',
  DATASET_MISSING: 'data',
  DATASET_REFUSED: 'data',
  NOT_REVIEWED: 'review',
  REGISTRATION_CODE_MISSING: 'registration',
  REGISTRATION_EXPIRED: 'registration',
  NO_PLAN: 'plans',
  CAP_MISSING: 'plans',
  PRICE_OVER_CAP: 'plans',
  TRIAL_OVER: 'plans',
  ALLOCATION_RULE_MISSING: 'shares',
  QUALITY_BELOW_FLOOR: 'basics',
};

/** What a task asks for: a draft's is yet to be done, and what others decide, or another task stands before, is waited for. */
export function stateOf(task: Task, product: Edited): ShownTask['state'] {
  const open = product.obstacles?.some((obstacle) => taskOf[obstacle.code] === task);
  if (!open) return 'done';
  if (task === 'registration' && product.status !== 'REGISTERED') return 'blocked';
  if (task === 'review' && !product.allowedActions.includes('SUBMIT')) return 'blocked';
  return product.status === 'DRAFT' ? 'todo' : 'attention';
}

/** The task that is to be done next. */
export const nextOf = (product: Edited): Task | undefined =>
  nextTask(tasks.map((task) => ({ key: task, title: task, state: stateOf(task, product) })))?.key as Task | undefined;
