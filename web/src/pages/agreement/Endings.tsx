import type { AgreementQuery } from '../../api/types.gen';
import { DayText } from '../../components/DayText';
import { Fact } from '../../components/Fact';
import { SourceLink } from '../../components/SourceLink';
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
        {ended.map(({ id, endedOn, kind, heldBy, source, sourceLocator, note }) => (
          <li key={id}>
            <DayText day={endedOn} />
            {`, ${texts.endingKind[kind].label}`}
            {heldBy && `, ${texts.agreement.accordingTo(heldBy.shortName)}`}
            {source && (
              <>
                {' · '}
                <SourceLink source={source} />
                {sourceLocator && `, ${sourceLocator}`}
              </>
            )}
            {note && <span className="hint">{note}</span>}
          </li>
        ))}
      </ul>
    </Fact>
  );
}
