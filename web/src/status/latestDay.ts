import { today } from '../format/days';

/** Today in UTC+14, the time zone in which each day begins first. */
export const latestDay = () => today(new Date(Date.now() + 14 * 3_600_000));
