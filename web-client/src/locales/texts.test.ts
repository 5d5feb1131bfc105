import { expect, test } from 'vitest';

const files = import.meta.glob<Record<string, unknown>>('./*/*.json', { eager: true, import: 'default' });

function keysOf(value: unknown, path = ''): string[] {
  if (typeof value === 'string') return [path];
  return Object.entries(value as object).flatMap(([key, inner]) => keysOf(inner, path ? `${path}.${key}` : key));
}

// English tells one from many; Chinese does not.
function keysIn(language: string) {
  return Object.entries(files)
    .filter(([path]) => path.startsWith(`./${language}/`))
    .flatMap(([path, texts]) => keysOf(texts, path.slice(language.length + 3)))
    .map((key) => key.replace(/_(one|other)$/, ''));
}

test('every text is there in both languages', () => {
  const chinese = [...new Set(keysIn('zh-CN'))].sort();
  expect(chinese.length).toBeGreaterThan(0);
  expect([...new Set(keysIn('en'))].sort()).toEqual(chinese);
});
