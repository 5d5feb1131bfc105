// A browser on the program: opened once, watched, and waited for until a page is there.
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

export const base = process.env.GONGSHU_URL ?? 'http://127.0.0.1:8080';

const executablePath = process.env.CHROMIUM ?? ['/usr/bin/chromium', '/usr/bin/google-chrome'].find(existsSync);

/** Starts Chromium; as root it has no sandbox. */
export const launch = () => chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });

/**
 * By how many milliseconds at most, drawn anew, each question to the API is held up: what comes in another order than usual on a
 * slow machine does so at once.
 */
const jitter = Number(process.env.GONGSHU_JITTER ?? 0);

/** Of each page that is watched: what is on its way, and what went wrong. */
const watched = new WeakMap();

/**
 * Watches a page from its beginning: errors on the console and those nobody caught, violations of the policy, requests that
 * failed or went elsewhere, and how far its content was shifted while it loaded.
 */
export async function watch(page) {
  const state = { pending: new Set(), complaints: [] };
  watched.set(page, state);
  const complain = (what) => state.complaints.push(what);
  const isStream = (request) => (request.headers().accept ?? '').startsWith('text/event-stream');
  page.on('console', (message) => message.type() === 'error' && complain(`console: ${message.text()}`));
  page.on('pageerror', (error) => complain(`error: ${error.message}`));
  page.on('request', (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol.startsWith('http') && origin !== new URL(base).origin) complain(`asks ${request.url()}`);
    if (!isStream(request)) state.pending.add(request);
  });
  page.on('requestfinished', (request) => state.pending.delete(request));
  page.on('requestfailed', (request) => {
    state.pending.delete(request);
    const why = request.failure()?.errorText ?? '';
    // What a page leaves behind when another one is opened is no failure.
    if (!/ERR_ABORTED/.test(why)) complain(`failed: ${request.method()} ${request.url()} ${why}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400) complain(`status ${response.status()}: ${response.url()}`);
  });
  if (jitter > 0) {
    await page.route('**/graphql', async (route) => {
      await new Promise((done) => setTimeout(done, Math.random() * jitter));
      await route.continue().catch(() => {}); // the page may be gone by now
    });
  }
  await page.addInitScript(() => {
    addEventListener('securitypolicyviolation', (event) =>
      console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile ?? ''}`),
    );
    globalThis.shifted = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if (!entry.hadRecentInput) globalThis.shifted += entry.value;
    }).observe({ type: 'layout-shift', buffered: true });
  });
  return page;
}

/** What went wrong on a page since it was watched. */
export const complaintsOf = (page) => watched.get(page).complaints;

/**
 * Answers in the server's place what a page asks of it, until what is returned is called. `unroute` would take a question from
 * the handler that is about to answer it, whose answer then fails.
 */
export async function intercept(page, pattern, handler) {
  let on = true;
  await page.route(pattern, (route) => (on ? handler(route) : route.fallback()));
  return () => {
    on = false;
  };
}

/** Takes back the complaints that a test provoked. */
export function forgive(page, pattern) {
  const state = watched.get(page);
  state.complaints = state.complaints.filter((what) => !pattern.test(what));
}

/** Waits until a page stands: it has its heading, and for some frames nothing is on its way and no skeleton is left. */
export async function settled(page) {
  const { pending } = watched.get(page);
  await page.locator('h1').first().waitFor({ state: 'attached' });
  const until = Date.now() + 30_000;
  for (let quiet = 0; quiet < 2; ) {
    const busy = await page.evaluate(busyAfterFrames).catch((error) => {
      if (page.isClosed()) throw error;
      return page.waitForTimeout(40).then(() => true); // another page is being opened
    });
    quiet = busy || pending.size > 0 ? 0 : quiet + 1;
    if (Date.now() > until) throw new Error(`${page.url()} does not come to rest: ${[...pending].map((r) => r.url())}`);
  }
}

/**
 * Whether a page shows that it waits for something, two frames from now: it has reacted to what happened by then. One that is not
 * drawn, as it is behind another, has had its time.
 */
const busyAfterFrames = () =>
  new Promise((tell) => {
    const look = () => tell(document.querySelector('[aria-busy="true"]') !== null);
    requestAnimationFrame(() => requestAnimationFrame(look));
    setTimeout(look, 2000);
  });

/** Opens a path in a language and waits until it stands. */
export async function open(page, path, language = 'zh-CN') {
  const url = new URL(path, base);
  url.searchParams.set('lang', language);
  await page.goto(url.href);
  await settled(page);
}

/** Signs in by the form: the name before the @ suffices for people of the demo market. */
export async function signIn(page, email, password = 'gongshu-demo') {
  await open(page, '/sign-in');
  const form = page.locator('form:has([autocomplete=current-password])');
  await form.locator('[autocomplete=username]').fill(email.includes('@') ? email : `${email}@demo.gongshu.example`);
  await form.locator('[autocomplete=current-password]').fill(password);
  await form.locator('[type=submit]').click();
  await page.waitForURL((url) => url.pathname !== '/sign-in');
  await settled(page);
}
