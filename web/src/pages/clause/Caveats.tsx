import { FoldedList, FoldedOnPhone } from '../../components/Folded';
import { Mark } from '../../components/StatusBadge';
import { TrackableLink } from '../../components/TrackableLink';
import { texts } from '../../texts';
import type { Clause } from './Clause';
import styles from './Clause.module.css';

/** The caveats of proposals that refer to the clause. */
export function Caveats({ links }: { links: Clause['caveatLinks'] }) {
  return (
    <section aria-labelledby="caveats">
      <h2 id="caveats">{texts.clause.caveats}</h2>
      <FoldedList className={styles.list}>
        {links.map(({ id, kind, note, caveat }) => (
          <li key={id}>
            <Mark strong={kind === 'CONFLICTS'}>{texts.clauseToCaveat[kind]}</Mark>{' '}
            <TrackableLink item={caveat} />{' '}
            <span className="muted">
              {texts.caveatKind[caveat.caveatKind]}, {texts.caveatStatus[caveat.caveatStatus].toLowerCase()}
            </span>
            <FoldedOnPhone summary={note ? texts.clause.caveatNote : texts.clause.caveatSummary}>
              <p className="hint">{note ?? caveat.summary}</p>
            </FoldedOnPhone>
          </li>
        ))}
      </FoldedList>
    </section>
  );
}
