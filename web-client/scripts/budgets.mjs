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

// The routes whose first load is budgeted, by the module that the router loads for each.
const firstRoutes = [/^src\/pages\/catalogue\//, /^src\/pages\/product\//];
const isRoute = (key) => /^src\/pages\//.test(key);
// Public pages, which never load a chart.
const isPublic = (key) =>
  isRoute(key) && !/^src\/pages\/(console|operator|agency|bureau|source|platform|audit|supervision)\b/.test(key);

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

/** The chunks that a chunk may ever load. */
function reaches(key, found = new Set()) {
  if (!found.has(key)) {
    found.add(key);
    for (const next of [...(manifest[key].imports ?? []), ...(manifest[key].dynamicImports ?? [])])
      reaches(next, found);
  }
  return found;
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
const opened = pages.filter((key) => firstRoutes.some((pattern) => pattern.test(key)));
if (opened.length === 0) wrong.push('neither catalogue nor product is in the manifest: the budget measures nothing');
for (const key of opened) {
  row(`first load, ${key}`, sum(scripts(new Set([...entryKeys, ...needs(key)]))), limits.first);
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

// A chart chunk is the one that ECharts is in: the only one that names its renderer.
const charts = keys.filter(
  (key) =>
    manifest[key].file.endsWith('.js') && /zrender/i.test(readFileSync(new URL(manifest[key].file, built), 'utf8')),
);
for (const key of charts) {
  row(`charts, ${key}`, size(manifest[key].file), limits.charts);
  if (entryKeys.has(key)) wrong.push(`the entry loads the charts: ${key}`);
  for (const page of pages.filter(isPublic)) {
    if (reaches(page).has(key)) wrong.push(`a public page reaches the charts: ${page}`);
  }
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
