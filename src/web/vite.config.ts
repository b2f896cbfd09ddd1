// How the page is built: plain files into dist/web, nothing inline, so that the strict Content-Security-Policy holds.
import { defineConfig } from 'vite';

const SERVICE = 'http://localhost:4000';

export default defineConfig({
  root: import.meta.dirname,
  base: '/',
  build: {
    outDir: '../../dist/web',
    emptyOutDir: true,
    // A small picture turned into a data: address would be refused as a font or style source.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2023',
  },
  // `vite --config src/web/vite.config.ts` beside a running service: the page reloads while it is edited.
  server: { proxy: { '/graphql': { target: SERVICE, ws: true }, '/images': SERVICE, '/session': SERVICE } },
});
