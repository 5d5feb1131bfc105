import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import type { Problem } from '../lib/problem';
import { Trouble } from './trouble';

const session: { viewer: object | null } = vi.hoisted(() => ({ viewer: null }));
vi.mock('./viewer', () => ({ useViewer: () => session }));
afterEach(cleanup);

it('says that nothing was sent since the session is over, until somebody is seen to be back', () => {
  const problem: Problem = { kind: 'signedOut' };
  session.viewer = {}; // whose page it is
  const { rerender } = render(<Trouble problem={problem} />);
  rerender(<Trouble problem={problem} />); // also where they leave the question to sign in
  expect(screen.getByText('请先登录')).toBeTruthy();
  session.viewer = {}; // read afresh
  rerender(<Trouble problem={problem} />);
  expect(screen.queryByText('请先登录')).toBeNull();
  rerender(<Trouble problem={{ kind: 'signedOut' }} />); // and over once more
  expect(screen.getByText('请先登录')).toBeTruthy();
});
