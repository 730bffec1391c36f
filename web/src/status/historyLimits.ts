/** The history shows this number of latest assessments at first. Forms look for concurrent changes only among them. */
export const INITIAL_HISTORY = 25;
/** The maximum number of assessments of a record that a page shows. Any of them can be corrected. */
export const MAX_HISTORY = 200;
