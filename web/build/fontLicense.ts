import { readFileSync } from 'node:fs';
import type { Plugin } from 'vite';

const FONT = 'node_modules/@fontsource-variable/source-sans-3';

/** Adds the licence of the typeface to the licences of the bundle. Vite lists only the licences of packages with scripts. */
export function fontLicense(list: string): Plugin {
  return {
    name: 'font-license',
    apply: 'build',
    generateBundle: {
      // Runs after Vite has written the list.
      order: 'post',
      handler(_, bundle) {
        const file = bundle[list];
        if (file?.type !== 'asset') return this.error(`the build has no ${list}`);
        const { name, version, license } = JSON.parse(readFileSync(`${FONT}/package.json`, 'utf8'));
        const text = readFileSync(`${FONT}/LICENSE`, 'utf8').trim();
        file.source = `${String(file.source).trimEnd()}\n\n## ${name} - ${version} (${license})\n\n${text}\n`;
      },
    },
  };
}
