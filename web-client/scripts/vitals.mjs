// Measures the public pages of the running program in a browser, as somebody meets them who was never here, and writes what it
// found into docs/browser-times.md between its marks. scripts/demo starts the program; VITALS_RUNS (3), VITALS_DOCUMENT= for none.
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { base, launch, settled, watch } from '../e2e/browser.mjs';
import { as } from '../e2e/scene.mjs';

const runs = Number(process.env.VITALS_RUNS ?? 3);
const target = process.env.VITALS_DOCUMENT ?? fileURLToPath(new URL('../../docs/browser-times.md', import.meta.url));

/** The lines and machines that people have. The network's are those of Chromium: latency is added to every request. */
const profiles = [
  { name: 'desktop', viewport: { width: 1440, height: 900 }, limits: { lcp: 1500, cls: 0.05, paint: 200 } },
  {
    name: 'slow 4G',
    viewport: { width: 390, height: 844 },
    isMobile: true,
    network: { latency: 150, downloadThroughput: 1.6e6 / 8, uploadThroughput: 750e3 / 8, offline: false },
    cpu: 4,
    limits: { lcp: 3200, cls: 0.05, paint: 200 },
  },
];

const { products } = await (await as('')).ask('{ products(first: 1) { edges { node { id } } } }');
const field = (page) => page.locator('main input:not([type=radio], [type=checkbox], [aria-hidden])').first();
const type = async (page) => {
  await field(page).click();
  await page.keyboard.type('气象', { delay: 100 });
};
/** The pages, and what is done on each once it stands. */
const pages = [
  ['catalogue', '/', type],
  [
    'product',
    `/products/${products.edges[0].node.id}`,
    async (page) => {
      for (const radio of (await page.locator('main input[type=radio]:enabled').all()).slice(0, 4)) {
        await radio.click();
        await page.waitForTimeout(200);
      }
    },
  ],
  ['resources', '/resources', (page) => walk(page)],
  ['prices', '/prices', type],
  ['disclosure', '/disclosure', (page) => walk(page)],
  ['help', '/help', (page) => walk(page)],
  [
    'sign-in',
    '/sign-in',
    async (page) => {
      await page.locator('main [autocomplete=username]').click();
      await page.keyboard.type('a@b', { delay: 100 });
    },
  ],
];

/** Goes through the first controls of a page that only shows. */
async function walk(page) {
  for (let i = 0; i < 8; i++) {
    await page.keyboard.press('Tab');
    await page.waitForTimeout(50);
  }
}

const collect = () => {
  const found = { lcp: 0, what: '', shift: 0, paint: 0 };
  globalThis.vitals = found;
  const watch = (type, take, more) =>
    new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, buffered: true, ...more });
  watch('largest-contentful-paint', (entry) => {
    found.lcp = entry.startTime;
    found.what = `${entry.element?.tagName.toLowerCase() ?? ''} ${entry.element?.textContent.trim().slice(0, 24) ?? ''}`;
  });
  watch('layout-shift', (entry) => {
    if (!entry.hadRecentInput) found.shift += entry.value;
  });
  // From an input to the next paint: what Interaction to Next Paint takes the worst of.
  watch(
    'event',
    (entry) => {
      if (entry.interactionId) found.paint = Math.max(found.paint, entry.duration);
    },
    { durationThreshold: 16 },
  );
};

/** Opens a page in a browser that has kept nothing, and works on it. */
async function measure(browser, profile, path, work) {
  const { viewport, isMobile } = profile;
  const context = await browser.newContext({ viewport, isMobile, locale: 'zh-CN', timezoneId: 'Asia/Shanghai' });
  try {
    const page = await watch(await context.newPage());
    await page.addInitScript(collect);
    const session = await context.newCDPSession(page);
    await session.send('Network.enable');
    let bytes = 0;
    const encodings = new Set();
    session.on('Network.loadingFinished', (event) => {
      bytes += event.encodedDataLength;
    });
    session.on('Network.responseReceived', ({ response, type }) => {
      if (type === 'Script')
        encodings.add(response.headers['content-encoding'] ?? response.headers['Content-Encoding']);
    });
    if (profile.network) await session.send('Network.emulateNetworkConditions', profile.network);
    if (profile.cpu) await session.send('Emulation.setCPUThrottlingRate', { rate: profile.cpu });
    await page.goto(base + path, { waitUntil: 'load', timeout: 60_000 });
    await settled(page);
    await page.waitForTimeout(500);
    const { lcp, what, shift } = await page.evaluate(() => ({ ...globalThis.vitals }));
    const loaded = bytes;
    await work(page);
    await page.waitForTimeout(500);
    const { paint } = await page.evaluate(() => globalThis.vitals);
    return { lcp, what, cls: shift, paint, bytes: loaded, encodings };
  } finally {
    await context.close();
  }
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const load = () => loadavg()[0].toFixed(1);
const seconds = (ms) => `${(ms / 1000).toFixed(2)} s`;
const against = (text, kept) => (kept ? text : `**${text}**`);

const browser = await launch();
const before = load();
const encodings = new Set();
const tables = [];
try {
  for (const profile of profiles) {
    const { limits } = profile;
    const lines = [
      `| ${profile.name} | LCP, ≤ ${seconds(limits.lcp)} | CLS, ≤ ${limits.cls} | input to paint, ≤ ${limits.paint} ms | KB received |`,
      '|---|---|---|---|---|',
    ];
    for (const [name, path, work] of pages) {
      const found = [];
      for (let i = 0; i < runs; i++) found.push(await measure(browser, profile, path, work));
      const of = (key) => median(found.map((one) => one[key]));
      for (const one of found) for (const encoding of one.encodings) encodings.add(encoding ?? 'none');
      const [lcp, cls, paint] = [of('lcp'), of('cls'), of('paint')];
      const all = found.map((one) => (one.lcp / 1000).toFixed(2)).join(', ');
      console.log(`${profile.name} ${name}: LCP ${all} s (${found[0].what}), CLS ${cls.toFixed(3)}, paint ${paint} ms`);
      lines.push(
        `| ${name} | ${against(seconds(lcp), lcp <= limits.lcp)} (${all}) | ${against(cls.toFixed(3), cls <= limits.cls)} | ` +
          `${against(paint > 0 ? `${Math.round(paint)} ms` : '< 16 ms', paint <= limits.paint)} | ${Math.round(of('bytes') / 1000)} |`,
      );
    }
    tables.push(lines.join('\n'));
  }
  const machine = `${cpus().length} cores (${cpus()[0].model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GiB`;
  const text = [
    `Measured on ${new Date().toISOString().slice(0, 10)} by \`make vitals\` with Chromium ${browser.version()} on a machine with ${machine}, ` +
      `where the browser and the program ran together; its load was ${before} before and ${load()} after. ` +
      `Median of ${runs}, each with an empty cache; in parentheses every run. Scripts came as ${[...encodings].join(', ')}. Bold is over its budget.`,
    ...tables,
  ].join('\n\n');
  console.log(text);
  if (target) {
    const [head, rest] = readFileSync(target, 'utf8').split(/(?<=<!-- vitals.*-->\n)/);
    const tail = rest.slice(rest.indexOf('<!-- /vitals -->'));
    writeFileSync(target, `${head}\n${text}\n\n${tail}`);
  }
} finally {
  await browser.close();
}
