// The pages of everybody: the catalogue, signing in, and what happens when something is in the way.
import { test } from 'node:test';
import { checkScreen, visit } from './harness.mjs';

for (const path of ['/', '/sign-in', '/nowhere']) {
  test(`${path} keeps what screens promise`, (t) => visit(t, {}, (page) => checkScreen(page, path)));
}
