// @vitest-environment node
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { enums } from '../lib/schema.gql';
import english from './en/errors.json';
import chinese from './zh-CN/errors.json';
import metadata from './zh-CN/metadata.json';

const root = new URL('../../..', import.meta.url).pathname;

/** The sources of the program, without its tests and what is generated. */
const sources = readdirSync(root, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !/^(\.|web-client$|e2e$|ent$)/.test(entry.name))
  .flatMap((folder) =>
    readdirSync(join(root, folder.name), { recursive: true, encoding: 'utf8' }).map((name) => join(folder.name, name)),
  )
  .filter((file) => file.endsWith('.go') && !file.endsWith('_test.go') && !file.includes('testdata'))
  .map((file) => ({ file, text: readFileSync(join(root, file), 'utf8') }));

/** What is written in capitals with underscores is a code, unless it is a value of an enum, a variable, or a kind of policy or code in one. */
const others = new Set<string>([
  ...Object.values(enums).flat(),
  ...Object.keys(metadata.quality.code), // of what is to be mended, which is no refusal
  'DATABASE_URL',
  'DATA_ACQUISITION',
  'DISCOUNT_SMALL_CREDIT',
  'FILE_NOT_UTF8', // of before
  'FLOOD_SEASON',
  'FREE_USE',
  'METADATA_QUALITY',
  'OUTPUT_CONTROL',
  'PERIOD_EXPENSE',
  'SMALL_CREDIT',
  'TEN_DAYS',
  'VAT_RATE',
]);
const isCode = (text: string) => !others.has(text) && !/^(GONGSHU|STRIPE|MEILI)_/.test(text);

/** The codes, each with the file that makes it. What keeps a product off the market and what keeps data inside are refusals too. */
const codes = new Map<string, string>([
  ...enums.ObstacleCode.map((code) => [code, 'enum ObstacleCode'] as const),
  ...enums.EgressReason.filter((reason) => !/^(RISK_BELOW_LIMIT|NO_QUASI_IDENTIFIERS)$/.test(reason)).map(
    (code) => [code, 'enum EgressReason'] as const,
  ),
  ...sources.flatMap(({ file, text }) => [
    ...[...text.matchAll(/\bNew\(\s*(?:fault\.)?[A-Z]\w+,\s*"([A-Z0-9_]+)"/g)].map((m) => [m[1] ?? '', file] as const),
    ...[...text.matchAll(/"([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)"/g)]
      .map((m) => m[1] ?? '')
      .filter(isCode)
      .map((code) => [code, file] as const),
    ...(text.includes('errcode.ValidationFailed') ? [['GRAPHQL_VALIDATION_FAILED', file] as const] : []),
    ...(text.includes('errcode.ParseFailed') ? [['GRAPHQL_PARSE_FAILED', file] as const] : []),
  ]),
]);

/** Of an obstacle a text may depend on what it is found at: CAP_MISSING_PLAN. */
const variants = (texts: object, code: string) =>
  [code, ...enums.SubjectKind.map((kind) => `${code}_${kind}`)].filter((key) => key in texts);

test.each([
  ['zh-CN', chinese],
  ['en', english],
])('every code has a text in %s', (language, texts) => {
  expect(codes.size).toBeGreaterThan(200);
  const silent = [...codes].filter(([code]) => variants(texts, code).length === 0);
  expect(silent.map(([code, file]) => `${language}/errors.json: ${code} of ${file} is missing`)).toEqual([]);
  const said = new Set([...codes.keys()].flatMap((code) => variants(texts, code)));
  const unknown = Object.keys(texts).filter((key) => !said.has(key));
  expect(unknown.map((key) => `${language}/errors.json: ${key} is no code of the program`)).toEqual([]);
});

test.each([
  ['zh-CN', chinese],
  ['en', english],
])('the texts in %s take values and labels that there are', (language, texts) => {
  const named = new Set(sources.flatMap(({ text }) => [...text.matchAll(/\bWith\("(\w+)"/g)].map((m) => m[1])));
  for (const { text } of sources) for (const m of text.matchAll(/map\[string\]any\{"(\w+)"/g)) named.add(m[1]);
  const wrong = Object.entries(texts).flatMap(([key, text]) => [
    ...[...text.matchAll(/{{(\w+)}}/g)]
      .filter((m) => !named.has(m[1]))
      .map((m) => `${key}: no fault has a value ${m[1]}`),
    ...[...text.matchAll(/\$t\((.*?)\)/g)]
      .filter((m) => !Object.hasOwn(enums, /^enums:(\w+)\.{{\w+}}$/.exec(m[1] ?? '')?.[1] ?? ''))
      .map((m) => `${key}: there are no labels ${m[1]}`),
  ]);
  expect(wrong.map((what) => `${language}/errors.json: ${what}`)).toEqual([]);
});
