import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, expect, it } from 'vitest';
import { forget, keep } from '../../app/kept';
import { Decision } from './decision';
import type { ProceedingFacts } from './proceeding';

const owner = 'undefined.undefined'; // of nobody
const form = 'decision.prc_1';
afterEach(() => {
  cleanup();
  forget(owner, form);
});

const decided = (displayName: string) => ({
  id: displayName,
  person: { displayName },
  organisation: null,
  createdAt: '2026-03-02T01:00:00Z',
  outcome: 'APPROVE',
});
const closed = (over: object) =>
  ({
    id: 'prc_1',
    state: 'IN_REVIEW',
    endedAt: null,
    allowedSteps: [],
    decisions: [decided('王一')],
    ...over,
  }) as unknown as ProceedingFacts;

it.each([
  ['by a decision that came meanwhile', { decisions: [decided('王一'), decided('李二')] }, /^李二已于/],
  ['by its applicant', { state: 'WITHDRAWN', endedAt: '2026-03-02T01:00:00Z' }, /^申请单位已于/],
  ['and nobody knows by what', {}, /^已不能在这里作出决定$/],
])('says that a reason was overtaken %s', (_, over, said) => {
  keep(owner, form, { reason: '材料齐全', known: 1 });
  render(<Decision proceeding={closed(over)} onStale={() => {}} />);
  expect(screen.getByText(said)).toBeTruthy();
  expect(screen.getByText('材料齐全')).toBeTruthy();
});

it('says nothing of it where nothing was begun', () => {
  render(<Decision proceeding={closed({})} onStale={() => {}} />);
  expect(screen.queryByText(/^王一已于|^已不能/)).toBeNull();
});
