import { expect, it } from 'vitest';
import { eventsIn } from './events';

/** A stream that comes in pieces of any length. */
function pieces(text: string, length: number): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  return new ReadableStream({
    start(controller) {
      for (let i = 0; i < bytes.length; i += length) controller.enqueue(bytes.slice(i, i + length));
      controller.close();
    },
  });
}

it.each([1, 7, 1000])('finds the events of a stream that comes in pieces of %i bytes', async (length) => {
  const text =
    ': hello\n\nevent: next\ndata: {"a":"公"}\n\n: beat\n\nevent: next\ndata: {"a":\ndata: 2}\n\nevent: complete\ndata: \n\n';
  const found: string[] = [];
  for await (const data of eventsIn(pieces(text, length))) found.push(data);
  expect(found).toEqual(['{"a":"公"}', '{"a":\n2}']);
});
