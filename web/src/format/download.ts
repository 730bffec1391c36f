/** Has the browser save a file that was made here. */
export function download(name: string, content: string | Blob, type = 'text/plain;charset=utf-8') {
  const url = URL.createObjectURL(typeof content === 'string' ? new Blob([content], { type }) : content);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The download has its own hold on it by then.
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

/** A file name out of what the file is about. */
export function fileName(parts: readonly string[], extension: string): string {
  const stem = parts.join('-').toLowerCase().replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-|-$/g, '');
  return `${stem || 'clausewatch'}.${extension}`;
}
