import { LOCALE } from '../format/locale';
import { texts } from '../texts';

interface Holder {
  id: string;
  slug: string;
  shortName: string;
  kind: string;
}

interface Props<Party extends Holder> {
  parties: readonly Party[];
  /** Which of its names the choice is told by. */
  by: 'id' | 'slug';
  /** Those that come first, as they have to do with what the page is about. */
  near?: readonly string[];
}

/** Whose view it may be: the neutral record's, or one of many, by the names that are seen. */
export function HolderOptions<Party extends Holder>({ parties, by, near = [] }: Props<Party>) {
  const sorted = parties.toSorted((one, other) => one.shortName.localeCompare(other.shortName, LOCALE));
  const group = (label: string, members: readonly Party[]) =>
    members.length > 0 && (
      <optgroup label={label}>
        {members.map((it) => (
          <option key={it.id} value={it[by]}>
            {it.shortName}
          </option>
        ))}
      </optgroup>
    );
  const rest = sorted.filter(({ id }) => !near.includes(id));
  return (
    <>
      <option value="">{texts.view.neutral}</option>
      {group(texts.view.nearGroup, sorted.filter(({ id }) => near.includes(id)))}
      {group(texts.view.partyGroup, rest.filter(({ kind }) => kind !== 'PERSON'))}
      {group(texts.view.personGroup, rest.filter(({ kind }) => kind === 'PERSON'))}
    </>
  );
}
