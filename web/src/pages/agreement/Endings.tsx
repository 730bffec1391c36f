import { DayText } from '../../components/DayText';
import { Fact } from '../../components/Fact';
import { Provenance } from '../../components/Provenance';
import { texts } from '../../texts';
import type { Agreement } from './Agreement';
import styles from './Agreement.module.css';

type Ending = Agreement['endings'][number];

interface Props {
  endings: readonly Ending[];
  asOf: string;
}

/** The endings of the agreement up to a day, in the neutral record and according to parties. Renders nothing if there are none. */
export function Endings({ endings, asOf }: Props) {
  const ended = endedBy(endings, asOf);
  if (ended.length === 0) return null;
  return (
    <Fact name={texts.agreement.ended}>
      <ul className={styles.roles}>
        {ended.map((ending) => (
          <li key={ending.id}>
            <EndingName ending={ending} />
          </li>
        ))}
      </ul>
    </Fact>
  );
}

/** The reasons for the endings up to a day, with their sources. */
export function EndingNotes({ endings, asOf }: Props) {
  return endedBy(endings, asOf).map((ending) => (
    <Fact key={ending.id} name={texts.agreement.ended}>
      <EndingName ending={ending} />
      <Provenance record={ending} />
    </Fact>
  ));
}

const endedBy = (endings: readonly Ending[], asOf: string) => endings.filter(({ endedOn }) => endedOn <= asOf);

function EndingName({ ending }: { ending: Ending }) {
  return (
    <>
      <DayText day={ending.endedOn} />
      {`, ${texts.endingKind[ending.kind].label}`}
      {ending.heldBy && `, ${texts.agreement.accordingTo(ending.heldBy.shortName)}`}
    </>
  );
}
