import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// The explorer is built on its own, so that the market's pages share nothing with it and never load any of it.
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: '/explorer/',
  plugins: [react()],
  build: {
    outDir: '../dist/explorer',
    emptyOutDir: true,
    // GraphiQL is one large part; the page has no budget.
    chunkSizeWarningLimit: 2000,
  },
});
