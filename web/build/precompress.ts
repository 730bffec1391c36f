import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Plugin } from 'vite';

const COMPRESSIBLE = /\.(css|html|js|json|md|svg|ttf|txt)$/;

/** Writes a `.br` and a `.gz` copy beside each file that compression makes smaller. The server sends these copies. */
export function precompress(): Plugin {
  return {
    name: 'precompress',
    apply: 'build',
    async writeBundle({ dir }) {
      const entries = await readdir(dir!, { recursive: true, withFileTypes: true });
      const files = entries
        .filter((entry) => entry.isFile() && COMPRESSIBLE.test(entry.name))
        .map((entry) => path.join(entry.parentPath, entry.name));
      await Promise.all(
        files.map(async (file) => {
          const raw = await readFile(file);
          const quality = { [constants.BROTLI_PARAM_SIZE_HINT]: raw.length };
          const twins = {
            br: await promisify(brotliCompress)(raw, { params: quality }),
            gz: await promisify(gzip)(raw, { level: constants.Z_BEST_COMPRESSION }),
          };
          for (const [extension, twin] of Object.entries(twins)) {
            if (twin.length < raw.length) await writeFile(`${file}.${extension}`, twin);
          }
        }),
      );
    },
  };
}
