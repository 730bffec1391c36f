/** The number of latest assessments that the history shows at first, and that are compared to find changes. */
export const INITIAL_HISTORY = 25;
/** The number of assessments of a record that a page shows at most. Any of them can be corrected. */
export const MAX_HISTORY = 200;
