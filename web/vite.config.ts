import optimizeLocales from '@react-aria/optimize-locales-plugin';
import { defineConfig } from 'vite';
import { operations } from './build/operations.js';
import { pages } from './build/pages.ts';
import { precompress } from './build/precompress.ts';

const SERVER = process.env.CLAUSEWATCH_URL ?? 'http://127.0.0.1:8080';

/** What every page of the app needs, in two files instead of dozens: one that GraphiQL needs, too, and one that it must not run. */
const GROUPS = [
  { name: 'react', test: /vite\/preload-helper|node_modules\/(react|react-dom|scheduler|use-sync-external-store)\// },
  {
    name: 'app',
    test: /\/src\/(api|app|components|format|styles)\/(?!StackedChart)|\/src\/(texts|pages\/(NotFound|[a-z-]+\/texts))|node_modules\/(@0no-co|@urql|regexparam|urql|wonka|wouter)\//,
  },
];

export default defineConfig({
  plugins: [operations(), optimizeLocales.vite({ locales: ['en-GB', 'en-US'] }), pages(), precompress()],
  publicDir: false,
  build: {
    // A `data:` URL would need its own word in the Content-Security-Policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The licences of what is bundled ask that their text goes along.
    license: { fileName: 'assets/licenses.md' },
    // Monaco is one large chunk, loaded after the page.
    chunkSizeWarningLimit: 4096,
    reportCompressedSize: false,
    rolldownOptions: {
      input: ['index.html', 'graphiql.html'],
      output: { codeSplitting: { includeDependenciesRecursively: false, groups: GROUPS } },
      // Neither concerns us: "use client" marks of a dependency, and how long a build took.
      checks: { moduleLevelDirective: false, pluginTimings: false },
    },
  },
  // Self-contained classic scripts: a module worker's imports would be judged by the policy that
  // the worker's own response carries, not the page's.
  worker: { format: 'iife' },
  server: {
    // The socket keeps this page's own host, by which the server knows that it is of the same origin.
    proxy: { '/graphql': { target: SERVER, ws: true }, '/session': { target: SERVER } },
  },
});
