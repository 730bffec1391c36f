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
  /** Whether the value of an option is the id or the slug of the party. */
  by: 'id' | 'slug';
  /** Ids of parties that are listed first, in their own group. */
  related?: readonly string[];
}

/** Options for the viewpoint: the neutral record, then the parties by name. */
export function HolderOptions<Party extends Holder>({ parties, by, related: near = [] }: Props<Party>) {
  const sorted = parties.toSorted((first, second) => first.shortName.localeCompare(second.shortName, LOCALE));
  const group = (label: string, members: readonly Party[]) =>
    members.length > 0 && (
      <optgroup label={label}>
        {members.map((party) => (
          <option key={party.id} value={party[by]}>
            {party.shortName}
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
