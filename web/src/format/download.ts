/** Lets the browser save a file with this content. */
export function download(name: string, content: string | Blob, type = 'text/plain;charset=utf-8') {
  const url = URL.createObjectURL(typeof content === 'string' ? new Blob([content], { type }) : content);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // After this time the browser has started the download.
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

/**
 * Joins parts to a file name with lower-case letters, digits and hyphens. The letters of all scripts are kept, so that the files
 * of different searches have different names.
 */
export function fileName(parts: readonly string[], extension: string): string {
  const name = parts.join('-').normalize('NFC').toLowerCase();
  const stem = name.replaceAll(/[^\p{L}\p{M}\p{N}]+/gu, '-').replaceAll(/^-|-$/g, '');
  return `${stem || 'clausewatch'}.${extension}`;
}
