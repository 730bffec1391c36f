import { today } from '../format/days';

/** Today in the earliest time zone, UTC+14. */
export const latestDay = () => today(new Date(Date.now() + 14 * 3_600_000));
