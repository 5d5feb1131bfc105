// node scripts/look.mjs PATH…: pictures of paths at 1440 and 390, in both languages, into a folder.
// GONGSHU_URL (http://127.0.0.1:8080), LOOK_DIR (/tmp/look), LOOK_AS=email:password, CHROMIUM (/usr/bin/chromium).
import { mkdirSync } from 'node:fs';
import { base, launch, open, watch } from '../e2e/browser.mjs';

const folder = process.env.LOOK_DIR ?? '/tmp/look';
const person = process.env.LOOK_AS;
mkdirSync(folder, { recursive: true });

const browser = await launch();
try {
  for (const language of ['zh-CN', 'en']) {
    for (const width of [1440, 390]) {
      const context = await browser.newContext({ viewport: { width, height: width === 390 ? 844 : 900 } });
      if (person) {
        const [email, password] = person.split(':');
        const answer = await context.request.post(`${base}/graphql`, {
          data: {
            query: 'mutation ($input: SignInInput!) { signIn(input: $input) { errors { code message } } }',
            variables: { input: { email, password } },
          },
        });
        const { data, errors } = await answer.json();
        const refused = errors ?? data.signIn.errors;
        if (refused.length > 0) throw new Error(`sign in as ${email}: ${JSON.stringify(refused)}`);
      }
      const page = await watch(await context.newPage());
      page.on('console', (message) => message.type() === 'error' && console.error(`${page.url()}: ${message.text()}`));
      page.on('pageerror', (error) => console.error(`${page.url()}: ${error.message}`));
      for (const path of process.argv.slice(2)) {
        await open(page, path, language);
        const file = `${folder}/${path.replace(/\W+/g, '_') || 'home'}-${width}-${language}.png`;
        await page.screenshot({ path: file, fullPage: true });
        console.log(file);
      }
      await context.close();
    }
  }
} finally {
  await browser.close();
}
