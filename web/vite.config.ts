import optimizeLocales from '@react-aria/optimize-locales-plugin';
import { defineConfig } from 'vite';
import { fontLicense } from './build/fontLicense.ts';
import { operations } from './build/operations.js';
import { absolutePages, pages } from './build/pages.ts';
import { precompress } from './build/precompress.ts';

const LICENSES = 'assets/licenses.md';
const SERVER = process.env.CLAUSEWATCH_URL ?? 'http://127.0.0.1:8080';

/** Three shared files instead of dozens. GraphiQL needs the first one, too, and must not run the last one. Only some pages have charts. */
const GROUPS = [
  { name: 'react', test: /vite\/preload-helper|node_modules\/(react|react-dom|scheduler|use-sync-external-store)\// },
  { name: 'charts', test: /\/src\/components\/(areaMarks|areas|Chart|chartMarks|picture|SavePicture|StackedChart|TimeAxis|timeTicks|useWidth)\./ },
  {
    name: 'app',
    test: /\/src\/(api|app|components|format|styles)\/|\/src\/((form\/|status\/)?texts|pages\/(NotFound|[a-z-]+\/texts))|node_modules\/(@0no-co|@urql|regexparam|urql|wonka|wouter)\//,
  },
];

export default defineConfig({
  plugins: [operations(), optimizeLocales.vite({ locales: ['en-GB', 'en-US'] }), pages(), absolutePages(), fontLicense(LICENSES), precompress()],
  publicDir: false,
  // Relative paths between scripts and style sheets, because the server may be below a path.
  base: './',
  build: {
    // The Content-Security-Policy does not allow `data:` URLs.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The licences of bundled packages require that their texts are distributed.
    license: { fileName: LICENSES },
    // Monaco is one large chunk, loaded after the page.
    chunkSizeWarningLimit: 4096,
    reportCompressedSize: false,
    rolldownOptions: {
      input: ['index.html', 'graphiql.html'],
      output: { codeSplitting: { includeDependenciesRecursively: false, groups: GROUPS } },
      // Warnings without use here: "use client" directives of a dependency, and build times.
      checks: { moduleLevelDirective: false, pluginTimings: false },
    },
  },
  // Self-contained classic scripts: the imports of a module worker are subject to the policy of the worker's
  // response, not to that of the page.
  worker: { format: 'iife' },
  server: {
    // The socket keeps the host of this page, so that the server accepts its origin.
    proxy: { '/graphql': { target: SERVER, ws: true }, '/session': { target: SERVER } },
  },
});
