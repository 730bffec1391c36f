import { readFileSync } from 'node:fs';
import type { Plugin } from 'vite';

const ROUTES = 'src/app/routes.ts';
const ROUTE = /path: '([^']+)', page: lazy\(\(\) => import\('\.\.\/([^']+)'\)\)/g;

/**
 * Writes `pages.json`: the paths of the pages, with the scripts and style sheets that each needs in addition to those of
 * `index.html`. The server reads it to answer these paths, and to preload the files.
 */
export function pages(): Plugin {
  return {
    name: 'pages',
    apply: 'build',
    generateBundle(_, bundle) {
      const text = readFileSync(ROUTES, 'utf8');
      const routes = [...text.matchAll(ROUTE)];
      if (routes.length !== text.split("path: '").length - 1) this.error(`${ROUTES} has a route that cannot be read`);
      const chunks = Object.values(bundle).filter((file) => file.type === 'chunk');
      const first = chunks.find((chunk) => chunk.isEntry && chunk.name === 'index');
      if (!first) this.error('index.html loads no script');
      const common = reach(first.fileName);
      const list = routes.map(([, path, module]) => {
        const chunk = chunks.find((chunk) => chunk.facadeModuleId?.endsWith(`/src/${module}.tsx`));
        if (!chunk) this.error(`${module} is in no file of its own`);
        const scripts = [chunk.fileName, ...chunk.imports.filter((file) => !common.has(file))];
        return { path, scripts, styles: [...(chunk.viteMetadata?.importedCss ?? [])] };
      });
      this.emitFile({ type: 'asset', fileName: 'pages.json', source: JSON.stringify(list) });

      function reach(file: string, seen = new Set<string>()): Set<string> {
        if (seen.has(file)) return seen;
        seen.add(file);
        const chunk = bundle[file];
        if (chunk?.type === 'chunk') for (const next of chunk.imports) reach(next, seen);
        return seen;
      }
    },
  };
}

/** Makes the paths of assets in HTML absolute, because pages are at several depths. The server adds its own path. */
export function absolutePages(): Plugin {
  return {
    name: 'absolute-pages',
    apply: 'build',
    enforce: 'post',
    generateBundle(_, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type !== 'asset' || !file.fileName.endsWith('.html')) continue;
        file.source = String(file.source).replaceAll('="./assets/', '="/assets/');
      }
    },
  };
}
