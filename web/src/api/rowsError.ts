/** The reason, in words, why the rows of a file could not be loaded. */
export class RowsError extends Error {}
