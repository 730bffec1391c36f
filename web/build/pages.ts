import { readFileSync } from 'node:fs';
import type { Plugin } from 'vite';
import { enumTexts } from '../src/api/texts.ts';
import { appTexts } from '../src/app/texts.ts';

const ROUTES = 'src/app/routes.ts';
const ROUTE = /path: '([^']+)', page: lazy\(\(\) => import\('\.\.\/([^']+)'\)\)(?:, nav: texts\.nav\.(\w+))?/g;

/**
 * Writes `pages.json`: the path of each page, its label in the navigation, and the scripts and style sheets that it needs in
 * addition to those of `index.html`. The server reads it to serve these paths, and to preload the files. Also writes
 * `labels.json`: the names of enum values, which the server uses in the text of the pages.
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
      const navigation: Record<string, string> = appTexts.nav;
      const common = reach(first.fileName);
      const list = routes.map(([, path, module, nav]) => {
        const chunk = chunks.find((chunk) => chunk.facadeModuleId?.endsWith(`/src/${module}.tsx`));
        if (!chunk) this.error(`${module} is in no file of its own`);
        const scripts = [chunk.fileName, ...chunk.imports.filter((file) => !common.has(file))];
        return { path, nav: nav && navigation[nav], scripts, styles: [...(chunk.viteMetadata?.importedCss ?? [])] };
      });
      this.emitFile({ type: 'asset', fileName: 'pages.json', source: JSON.stringify(list) });
      this.emitFile({ type: 'asset', fileName: 'labels.json', source: JSON.stringify(labels()) });

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

/**
 * The labels of enum values, by enum. If labels depend on a second enum, each of its values has its own key, such as
 * `preconditionKind.DONE`.
 */
function labels(): Record<string, Record<string, string>> {
  const all: Record<string, Record<string, string>> = {};
  const add = (name: string, values: object) => {
    for (const [value, text] of Object.entries(values)) {
      if (typeof text === 'object' && !('label' in text)) add(`${name}.${value}`, text);
      const label = typeof text === 'object' ? text.label : text;
      if (typeof label === 'string') all[name] = { ...all[name], [value]: label };
    }
  };
  for (const [name, values] of Object.entries(enumTexts)) add(name, values);
  return all;
}

/** Makes the paths of assets in HTML absolute, because the paths of pages differ in depth. The server adds its own path. */
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
