import type { AgreementQuery } from '../../api/types.gen';
import { DayText } from '../../components/DayText';
import { Fact } from '../../components/Fact';
import { Provenance } from '../../components/Provenance';
import { texts } from '../../texts';
import styles from './Agreement.module.css';

type Ending = NonNullable<AgreementQuery['agreement']>['endings'][number];

/** How the agreement ended by a day, in the neutral record and according to parties. Nothing if it had not ended. */
export function Endings({ endings, asOf }: { endings: readonly Ending[]; asOf: string }) {
  const ended = endings.filter(({ endedOn }) => endedOn <= asOf);
  if (ended.length === 0) return null;
  return (
    <Fact name={texts.agreement.ended}>
      <ul className={styles.roles}>
        {ended.map((ending) => (
          <li key={ending.id}>
            <DayText day={ending.endedOn} />
            {`, ${texts.endingKind[ending.kind].label}`}
            {ending.heldBy && `, ${texts.agreement.accordingTo(ending.heldBy.shortName)}`}
            <Provenance record={ending} />
          </li>
        ))}
      </ul>
    </Fact>
  );
}
