import { act, renderHook } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { endOver, useOver } from './session';
import { sendFile, useEvidence } from './upload';

/** Requests as they were sent; the test answers them. */
class FakeRequest {
  static sent: FakeRequest[] = [];
  upload = {};
  status = 0;
  responseText = '';
  aborted = false;
  onload?: () => void;
  onabort?: () => void;
  onerror?: () => void;
  open() {}
  setRequestHeader() {}
  getResponseHeader = () => null;
  send() {
    FakeRequest.sent.push(this);
  }
  abort() {
    this.aborted = true;
    this.onabort?.();
  }
  answers(status: number, text: string) {
    this.status = status;
    this.responseText = text;
    this.onload?.();
  }
}

const file = new File(['x'], 'proof.txt');
const sent = (i: number) => FakeRequest.sent[i] as FakeRequest;

beforeEach(() => {
  FakeRequest.sent = [];
  vi.stubGlobal('XMLHttpRequest', FakeRequest);
});
afterEach(() => {
  vi.unstubAllGlobals();
  act(endOver);
});

it.each([
  '<html>Welcome</html>',
  '',
  '"text"',
  'null',
])('does not take %j for what the program answers', async (text) => {
  const sending = sendFile('/uploads/documents', file, () => {});
  sent(0).answers(200, text);
  expect(await sending).toEqual({ done: false, problem: { kind: 'failed' } });
});

it('says that the session is over, and sends the file again after signing in', async () => {
  const over = renderHook(useOver);
  const { result, unmount } = renderHook(useEvidence);
  act(() => result.current.add([file]));
  await act(async () => sent(0).answers(401, '{"errors":[{"message":"","extensions":{"code":"SIGN_IN_REQUIRED"}}]}'));
  expect(over.result.current).toBe(true);
  const failed = result.current.files[0];
  expect(failed).toMatchObject({ state: 'failed', name: 'proof.txt', problem: { kind: 'signedOut' } });
  act(endOver);
  act(() => void result.current.retry(failed?.key as string));
  await act(async () => sent(1).answers(201, '{"id":"doc_1"}'));
  expect(result.current.ids).toEqual(['doc_1']);
  expect(over.result.current).toBe(false);
  unmount();
});

it('stops what is on its way when it is removed, and with its form', () => {
  const { result, unmount } = renderHook(useEvidence);
  act(() => result.current.add([file, file]));
  act(() => result.current.remove(result.current.files[0]?.key as string));
  expect([sent(0).aborted, sent(1).aborted]).toEqual([true, false]);
  expect(result.current.files).toHaveLength(1);
  unmount();
  expect(sent(1).aborted).toBe(true);
});
