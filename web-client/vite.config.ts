/// <reference types="vitest/config" />
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Where `make dev` finds the program itself. */
const program = process.env.GONGSHU_ORIGIN ?? 'http://127.0.0.1:8080';

/** What all pages need first, in chunks that change only when a package does. */
function vendorOf(id: string): string | undefined {
  const name = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(id)?.[1];
  switch (name) {
    case 'react':
    case 'react-dom':
    case 'scheduler':
      return 'react';
    case 'urql':
    case '@urql/core':
    case 'wonka':
    case '@0no-co/graphql.web':
    case 'i18next':
    case 'react-i18next':
      return 'vendor';
    default:
      return name?.startsWith('@tanstack/') ? 'router' : undefined;
  }
}

export default defineConfig({
  plugins: [react(), tailwindcss()],
  build: {
    outDir: 'dist/app',
    emptyOutDir: true,
    manifest: true,
    // The policy of the pages allows no inline script or style, and no data: but for images.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { output: { manualChunks: vendorOf } },
  },
  server: {
    proxy: Object.fromEntries(
      ['/graphql', '/uploads', '/documents', '/data/v1', '/templates', '/reports'].map((path) => [path, program]),
    ),
  },
  test: {
    environment: 'jsdom',
    include: ['src/**/*.test.{ts,tsx}'],
    setupFiles: ['src/app/test-setup.ts'],
    testTimeout: 20_000, // of a machine that does other things too
  },
});
