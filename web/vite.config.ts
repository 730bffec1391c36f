import optimizeLocales from '@react-aria/optimize-locales-plugin';
import { defineConfig } from 'vite';
import { fontLicense } from './build/fontLicense.ts';
import { operations } from './build/operations.js';
import { absolutePages, pages } from './build/pages.ts';
import { precompress } from './build/precompress.ts';

const LICENSES = 'assets/licenses.md';
const SERVER = process.env.CLAUSEWATCH_URL ?? 'http://127.0.0.1:8080';

/**
 * Combines the modules that several pages share into four files instead of dozens. The file `react` is separate because the
 * playground needs it without `app`. `charts` and `csv` are separate because few pages have charts or save all rows of a list.
 */
const GROUPS = [
  { name: 'react', test: /vite\/preload-helper|node_modules\/(react|react-dom|scheduler|use-sync-external-store)\// },
  { name: 'charts', test: /\/src\/components\/(areaMarks|areas|Chart|chartMarks|picture|SavePicture|StackedChart|TimeAxis|timeTicks|useWidth)\./ },
  { name: 'csv', test: /\/src\/(api\/wholeList|components\/(exportColumns|timelineColumns|TimelineCsv))\./ },
  {
    name: 'app',
    // Without scores and timelines, which the page of a clause does not need.
    test: /\/src\/(api|app|components(?!\/(Breakdown|TimelineList))|format|styles)\/|\/src\/((form\/|status\/)?texts|pages\/(NotFound|[a-z-]+\/texts))|node_modules\/(@0no-co|@urql|regexparam|urql|wonka|wouter)\//,
  },
];

export default defineConfig({
  plugins: [operations(), optimizeLocales.vite({ locales: ['en-GB', 'en-US'] }), pages(), absolutePages(), fontLicense(LICENSES), precompress()],
  publicDir: false,
  // Scripts and style sheets refer to each other by relative paths, because the server may be below a path.
  base: './',
  build: {
    // The Content-Security-Policy does not allow `data:` URLs.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The licences of bundled packages require that their texts are distributed.
    license: { fileName: LICENSES },
    // Monaco is one large chunk. It is loaded after the page.
    chunkSizeWarningLimit: 4096,
    reportCompressedSize: false,
    rolldownOptions: {
      input: ['index.html', 'graphiql.html'],
      output: { codeSplitting: { includeDependenciesRecursively: false, groups: GROUPS } },
      // Turns off warnings that are of no use here, about "use client" directives of a dependency and about build times.
      checks: { moduleLevelDirective: false, pluginTimings: false },
    },
  },
  // Workers are self-contained classic scripts, because the imports of a module worker are subject to the
  // Content-Security-Policy of the worker's response instead of the policy of the page.
  worker: { format: 'iife' },
  server: {
    // The proxy keeps the host of the page, so that the server accepts the origin of a WebSocket.
    proxy: { '/graphql': { target: SERVER, ws: true }, '/session': { target: SERVER } },
  },
});
