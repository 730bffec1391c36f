/** SVG paths in a box of 16 by 16 units. They are drawn as lines. */
const PATHS = {
  account: 'M8 8a3 3 0 1 0 0-6 3 3 0 0 0 0 6M2.5 14.5a5.5 5.5 0 0 1 11 0',
  draft: 'M9.5 1.5h-6v13h9v-10zM9.5 1.5v3h3',
  menu: 'M2 4h12M2 8h12M2 12h12',
  clock: 'M8 14.5a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13M8 4v4.5l3 1.5',
  exchange: 'M14 5H3l3-3M2 11h11l-3 3',
  next: 'm6 3 5 5-5 5',
  previous: 'm10 3-5 5 5 5',
  watch: 'M4 1.5h8v13l-4-3.5-4 3.5z',
  work: 'M1 3h2M6 3h9M1 8h2M6 8h9M1 13h2M6 13h9',
  search: 'M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10M10.7 10.7 15 15',
};

/** A picture that screen readers ignore. The button or link around it needs a name. */
export function Icon({ name }: { name: keyof typeof PATHS }) {
  return (
    <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" fill="none" stroke="currentColor" strokeWidth="1.8">
      <path d={PATHS[name]} />
    </svg>
  );
}
