/** The number of latest assessments that the history shows at first, and that are compared to find concurrent changes. */
export const INITIAL_HISTORY = 25;
/** The maximum number of assessments of a record that a page shows. Any of them can be corrected. */
export const MAX_HISTORY = 200;
