import { parseSync } from 'vite';
import { expect, test } from 'vitest';
import { enums } from '../lib/schema.gql';

const files = import.meta.glob<Record<string, unknown>>('./*/*.json', { eager: true, import: 'default' });
const sources = import.meta.glob<string>(['../**/*.{ts,tsx}', '!../**/*.test.{ts,tsx}', '!../**/*.gql.ts'], {
  eager: true,
  query: '?raw',
  import: 'default',
});

/** The texts of a language by area and key: orders.json, title → orders:title. */
function textsOf(language: string): Map<string, string> {
  const texts = new Map<string, string>();
  const walk = (value: unknown, path: string) => {
    if (typeof value === 'string') texts.set(path, value);
    else
      for (const [key, inner] of Object.entries(value as object))
        walk(inner, path + (/:$/.test(path) ? '' : '.') + key);
  };
  for (const [path, value] of Object.entries(files)) {
    const [, in_, area] = /^\.\/(.+)\/(.+)\.json$/.exec(path) ?? [];
    if (in_ === language) walk(value, `${area}:`);
  }
  return texts;
}

const chinese = textsOf('zh-CN');
const english = textsOf('en');

/** English tells one from many; Chinese does not. */
const base = (key: string) => key.replace(/_(one|other)$/, '');
const keys = new Set([...chinese.keys()].map(base));
const inFile = (key: string) => `${key.replace(':', '.json: ')}`;

/** What a source asks for: a key, or all that begins with the head of a template. */
interface Asked {
  file: string;
  key: string;
  head?: boolean;
}

type Node = { type: string; [member: string]: unknown };

/** The keys that a source asks for, and the calls whose key cannot be read. */
function askedIn(file: string, text: string): { asked: Asked[]; unreadable: string[] } {
  const asked: Asked[] = [];
  const unreadable: string[] = [];

  const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && 'type' in value;
  const literal = (node: unknown) => (isNode(node) && typeof node.value === 'string' ? node.value : undefined);

  /** The area of `useTranslation('area')` and of `TFunction<'area'>`. */
  const areaOf = (node: unknown) =>
    literal(isNode(node) && node.type === 'ArrayExpression' ? (node.elements as unknown[])[0] : node);

  const bind = (node: Node, scope: Map<string, string>) => {
    const init = node.init as Node | undefined;
    if (init?.type !== 'CallExpression' || (init.callee as Node).name !== 'useTranslation') return;
    for (const property of ((node.id as Node).properties as Node[] | undefined) ?? []) {
      if ((property.key as Node).name !== 't') continue;
      scope.set((property.value as Node).name as string, areaOf((init.arguments as unknown[])[0]) ?? 'common');
    }
  };

  const bindParameter = (node: Node, scope: Map<string, string>) => {
    const type = (node.typeAnnotation as Node | undefined)?.typeAnnotation as Node | undefined;
    if (type?.type !== 'TSTypeReference' || (type.typeName as Node).name !== 'TFunction') return;
    const argument = ((type.typeArguments as Node | undefined)?.params as Node[] | undefined)?.[0];
    scope.set(node.name as string, literal(argument?.literal) ?? 'common');
  };

  const ask = (node: Node, area: string) => {
    const full = (key: string) => (key.includes(':') ? key : `${area}:${key}`);
    switch (node.type) {
      case 'Literal':
        asked.push({ file, key: full(String(node.value)) });
        return;
      case 'ConditionalExpression':
        ask(node.consequent as Node, area);
        ask(node.alternate as Node, area);
        return;
      case 'TSAsExpression':
      case 'ParenthesizedExpression':
        ask(node.expression as Node, area);
        return;
      case 'TemplateLiteral': {
        const [first] = node.quasis as { value: { cooked: string } }[];
        if (first?.value.cooked) {
          asked.push({ file, key: full(first.value.cooked), head: (node.expressions as []).length > 0 });
          return;
        }
      }
    }
    // Labels and faults are found by what the API says.
    if (area === 'enums' || area === 'errors') return;
    unreadable.push(`${file}: t(${text.slice(node.start as number, node.end as number)})`);
  };

  const walk = (node: Node, outer: Map<string, string>) => {
    const isFunction = /Function/.test(node.type) && Array.isArray(node.params);
    const scope = isFunction ? new Map(outer) : outer;
    if (isFunction) for (const parameter of node.params as Node[]) bindParameter(parameter, scope);
    if (node.type === 'VariableDeclarator') bind(node, scope);
    if (node.type === 'CallExpression') {
      const callee = node.callee as Node;
      const area = callee.type === 'Identifier' ? scope.get(callee.name as string) : undefined;
      const [key] = node.arguments as Node[];
      if (area && key) ask(key, area);
      else if (callee.name === 't')
        unreadable.push(`${file}: t of no area; bind it with useTranslation or TFunction<'area'>`);
    }
    for (const inner of Object.values(node).flat()) if (isNode(inner)) walk(inner, scope);
  };
  walk(parseSync(file, text).program as unknown as Node, new Map());
  return { asked, unreadable };
}

const found = Object.entries(sources).map(([path, text]) => askedIn(path.replace('../', 'src/'), text));
const asked = found.flatMap((one) => one.asked);

const below = (ask: Asked, key: string) => (ask.head ? key.startsWith(ask.key) : key === ask.key);

test('every text is there in both languages', () => {
  expect(keys.size).toBeGreaterThan(0);
  const other = new Set([...english.keys()].map(base));
  expect([...keys].filter((key) => !other.has(key)).map((key) => `en/${inFile(key)} is missing`)).toEqual([]);
  expect([...other].filter((key) => !keys.has(key)).map((key) => `zh-CN/${inFile(key)} is missing`)).toEqual([]);
});

test('what is counted has the forms of its language', () => {
  const lacks = (language: string, texts: Map<string, string>, has: RegExp, form: string) =>
    [...texts.keys()]
      .filter((key) => has.test(key) && !texts.has(base(key) + form))
      .map((key) => `${language}/${inFile(base(key) + form)} is missing`);
  expect([...lacks('en', english, /_other$/, '_one'), ...lacks('en', english, /_one$/, '_other')]).toEqual([]);
  expect([...chinese.keys()].filter((key) => key.endsWith('_one'))).toEqual([]);
});

test('a text has the same values in both languages', () => {
  const valuesOf = (texts: Map<string, string>, key: string) =>
    [key, `${key}_one`, `${key}_other`].flatMap((form) =>
      [...(texts.get(form) ?? '').matchAll(/{{(\w+)}}/g)].map((m) => m[1]),
    );
  const differing = [...keys].filter((key) => {
    const [a, b] = [new Set(valuesOf(chinese, key)), new Set(valuesOf(english, key))];
    return a.size !== b.size || [...a].some((value) => !b.has(value));
  });
  expect(differing.map((key) => `${inFile(key)} has other values in Chinese than in English`)).toEqual([]);
});

test('every text that a source asks for is there', () => {
  expect(asked.length).toBeGreaterThan(0);
  expect(found.flatMap((one) => one.unreadable)).toEqual([]);
  const missing = asked.filter((ask) => ![...keys].some((key) => below(ask, key)));
  expect(
    missing.map((ask) => `${ask.file} asks for ${inFile(ask.key)}${ask.head ? '…' : ''}, which is missing`),
  ).toEqual([]);
});

test('every text is asked for', () => {
  const unused = [...keys].filter((key) => !/^(enums|errors):/.test(key) && !asked.some((ask) => below(ask, key)));
  expect(unused.map((key) => `${inFile(key)} is asked for by no source`)).toEqual([]);
});

test('every value of an enum has a label, and nothing else has', () => {
  // What may be done is never read but pressed: its button has words of its own.
  const read = Object.entries(enums).filter(([type]) => !type.endsWith('Action'));
  const values = read.flatMap(([type, of]) => of.map((value) => `enums:${type}.${value}`));
  expect(values.filter((key) => !keys.has(key)).map((key) => `${inFile(key)} is missing`)).toEqual([]);
  const labels = [...keys].filter((key) => key.startsWith('enums:'));
  expect(labels.filter((key) => !values.includes(key)).map((key) => `${inFile(key)} is of no enum`)).toEqual([]);
});
