// Fails where the market's pages grew beyond their budgets, which are the limits below. Reads the manifest of a build:
//
//   node scripts/budgets.mjs
//
// What is measured is gzip at its highest level, which browsers without brotli receive.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const built = new URL('../dist/app/', import.meta.url);
let manifest;
try {
  manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', built), 'utf8'));
} catch {
  console.error('budgets: the client is not built; run: make build');
  process.exit(1);
}

const kib = 1024;
const limits = { first: 200 * kib, css: 12_000, route: 25_000, charts: 185_000 };

const isRoute = (key) => /^src\/pages\//.test(key);

/** What the routes of an area say of themselves: whether everybody's shell is around them, and the texts that come before them. */
const areas = new Map();
function areaOf(key) {
  const name = /^src\/pages\/([^/]+)\//.exec(key)[1];
  if (!areas.has(name)) {
    const routes = readFileSync(new URL(`../src/pages/${name}/routes.tsx`, import.meta.url), 'utf8');
    const loads = [...routes.matchAll(/loadTexts\(([^)]*)\)/g)].flatMap(([, names]) => names.match(/[\w-]+/g) ?? []);
    areas.set(name, { isPublic: /\bpublicRoute\b/.test(routes), texts: [...new Set(loads)] });
  }
  return areas.get(name);
}
const isPublic = (key) => areaOf(key).isPublic;

const sizes = new Map();
function size(file) {
  if (!sizes.has(file)) sizes.set(file, gzipSync(readFileSync(new URL(file, built)), { level: 9 }).length);
  return sizes.get(file);
}

/** The chunks that a chunk needs before it runs, itself included. */
function needs(key, found = new Set()) {
  if (!found.has(key)) {
    found.add(key);
    for (const next of manifest[key].imports ?? []) needs(next, found);
  }
  return found;
}

/** The chunks that a page may ever load; what the entry may load is no page's doing. */
function reaches(key, found = new Set(entryKeys)) {
  if (!found.has(key)) {
    found.add(key);
    for (const next of [...(manifest[key].imports ?? []), ...(manifest[key].dynamicImports ?? [])])
      reaches(next, found);
  }
  return found;
}

/** The texts that a page waits for, in the language in which they are the most: those of every page, and of its area. */
function textsOf(key) {
  const files = (language) => [
    `src/locales/${language}.ts`,
    ...areaOf(key).texts.map((area) => `src/locales/${language}/${area}.json`),
  ];
  return ['zh-CN', 'en'].map(files).sort((a, b) => sum(scripts(b)) - sum(scripts(a)))[0];
}

const scripts = (keys) => new Set([...keys].map((key) => manifest[key].file).filter((file) => file.endsWith('.js')));
const sum = (files) => [...files].reduce((total, file) => total + size(file), 0);

const entry = Object.keys(manifest).find((key) => manifest[key].isEntry);
const keys = Object.keys(manifest);
const rows = [];
const row = (what, bytes, limit) => rows.push({ what, bytes, limit });
const wrong = [];

const entryKeys = needs(entry);
const pages = keys.filter((key) => manifest[key].isDynamicEntry && isRoute(key));
const opened = pages.filter(isPublic);
if (opened.length === 0) wrong.push('no public page is in the manifest: the budget measures nothing');
for (const key of opened) {
  row(`first load, ${key}`, sum(scripts(new Set([...entryKeys, ...needs(key), ...textsOf(key)]))), limits.first);
}
row(
  'CSS',
  sum(
    new Set(
      keys.flatMap((key) => [...(manifest[key].css ?? []), manifest[key].file].filter((file) => file.endsWith('.css'))),
    ),
  ),
  limits.css,
);
for (const key of pages) row(`own chunk, ${key}`, size(manifest[key].file), limits.route);

// The charts are drawn by one chunk, the one that ECharts is in.
const charts = 'src/charts/canvas.tsx';
if (manifest[charts]) {
  row(`charts, ${charts}`, size(manifest[charts].file), limits.charts);
  if (entryKeys.has(charts)) wrong.push('the entry loads the charts');
  for (const page of opened) {
    if (reaches(page).has(charts)) wrong.push(`a public page reaches the charts: ${page}`);
  }
} else {
  wrong.push(`${charts} is not in the manifest: the budget of the charts measures nothing`);
}

const width = Math.max(...rows.map(({ what }) => what.length));
const kb = (bytes) => (bytes / 1000).toFixed(1).padStart(7);
console.log(`${'kB gzip'.padEnd(width)}    is      at most`);
for (const { what, bytes, limit } of rows) {
  if (bytes > limit) wrong.push(`${what}: ${bytes} bytes, at most ${limit}`);
  console.log(`${what.padEnd(width)} ${kb(bytes)} ${kb(limit)}${bytes > limit ? '  too large' : ''}`);
}
for (const sentence of wrong) console.error(`budgets: ${sentence}`);
process.exit(wrong.length > 0 ? 1 : 0);
