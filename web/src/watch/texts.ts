import { counted } from '../format/sentences';

export const watchTexts = {
  watch: 'Watch',
  watching: 'Watching',
  changes: 'Changes',
  named: (title: string) => `Watch ${title}`,
  filtered: (list: string, values: string) => (values ? `${list}: ${values}` : list),
  hint: 'Counts changes since your last visit. The list of watched pages is stored in this browser only.',
  full: (max: number) => `At most ${max} pages can be watched. Stop watching one of them on the page “My work”.`,
  news: (count: number, max: number) => (count >= max ? `${max} or more new changes` : counted(count, 'new change', 'new changes')),
};
