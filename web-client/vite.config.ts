/// <reference types="vitest/config" />
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** Where `make dev` finds the program itself. */
const program = process.env.GONGSHU_ORIGIN ?? 'http://127.0.0.1:8080';

interface Modules {
  getModuleInfo(id: string): { importers: string[] } | null;
}

const entry = /\/src\/app\/main\.tsx$/;

/** Whether the entry needs a module before it runs: it imports it itself, or something does that it needs. */
function isFirst(id: string, modules: Modules, seen = new Set<string>()): boolean {
  if (entry.test(id)) return true;
  if (seen.has(id)) return false;
  seen.add(id);
  return modules.getModuleInfo(id)?.importers.some((by) => isFirst(by, modules, seen)) ?? false;
}

/** Asks for the texts of the first language with the page: they would be asked for only once its scripts run. */
const preloadTexts: Plugin = {
  name: 'preload-texts',
  transformIndexHtml: {
    order: 'post',
    handler: (_, { bundle }) =>
      Object.values(bundle ?? {})
        .filter((file) => file.type === 'chunk' && file.facadeModuleId?.endsWith('/locales/zh-CN.ts'))
        .map((file) => ({
          tag: 'link',
          attrs: { rel: 'modulepreload', crossorigin: true, href: `/${file.fileName}` },
          injectTo: 'head',
        })),
  },
};

/** What all pages need first, in chunks that change only when a package does. */
function vendorOf(id: string): string | undefined {
  const name = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(id)?.[1];
  if (!name) return undefined;
  if (['react', 'react-dom', 'scheduler'].includes(name)) return 'react';
  return name.startsWith('@tanstack/') ? 'router' : 'vendor';
}

export default defineConfig({
  plugins: [react(), tailwindcss(), preloadTexts],
  build: {
    outDir: 'dist/app',
    emptyOutDir: true,
    manifest: true,
    // The policy of the pages allows no inline script or style, and no data: but for images.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // A slow line takes as long for a request as for many bytes: what is needed first comes in a few files.
    rolldownOptions: {
      output: {
        codeSplitting: {
          includeDependenciesRecursively: false,
          groups: [
            { name: (id, modules) => (isFirst(id, modules) ? vendorOf(id) : undefined), priority: 1 },
            { name: (id, modules) => (!entry.test(id) && isFirst(id, modules) ? 'app' : undefined) },
          ],
        },
      },
    },
  },
  server: {
    proxy: Object.fromEntries(
      [
        '/graphql',
        '/uploads',
        '/documents',
        '/data/v1',
        '/templates',
        '/reports',
        '/readyz',
        '/catalog',
        '/feed.atom',
        '/sitemap',
        '/robots.txt',
        '^/products/[^/]+/(openapi|datapackage)\\.json$',
      ].map((path) => [path, program]),
    ),
  },
  test: {
    environment: 'jsdom',
    include: ['src/**/*.test.{ts,tsx}'],
    setupFiles: ['src/app/test-setup.ts'],
    testTimeout: 20_000, // of a machine that does other things too
  },
});
