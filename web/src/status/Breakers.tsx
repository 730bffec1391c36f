import { Group } from '../components/Form';
import { LOCALE } from '../format/locale';
import { texts } from '../texts';
import type { Parties } from './StatusFields';
import { FIELDS } from './update';

interface Props {
  /** The parties to choose from. */
  parties: Parties;
  /** The ids of the chosen parties. */
  breachedBy: readonly string[];
  error: string | undefined;
  onChange: (breachedBy: readonly string[]) => void;
}

/** A check box for each party that can have breached the clause or caveat. */
export function Breakers({ parties, breachedBy, error, onChange }: Props) {
  const sorted = parties.toSorted((first, second) => first.shortName.localeCompare(second.shortName, LOCALE));
  return (
    <Group id={FIELDS.breachedBy} legend={texts.update.breachedBy} hint={texts.update.breachedByHint} error={error}>
      {sorted.map(({ id, shortName }, index) => (
        <label key={id}>
          <input
            // The error summary links to the first check box.
            id={index === 0 ? FIELDS.breachedBy : undefined}
            type="checkbox"
            name={FIELDS.breachedBy}
            value={id}
            checked={breachedBy.includes(id)}
            onChange={({ target }) =>
              onChange(target.checked ? [...breachedBy, id] : breachedBy.filter((breaker) => breaker !== id))
            }
          />
          <span>{shortName}</span>
        </label>
      ))}
    </Group>
  );
}
