import { texts } from '../../texts';
import { CaveatCard } from './CaveatCard';
import type { Caveat } from './Proposal';
import styles from './Proposal.module.css';

const TITLES = { CLARIFICATION: texts.proposal.questions, CONSEQUENCE: texts.proposal.consequences };

/** The open questions, or the consequences. Renders nothing if there are none. */
export function Caveats({ kind, caveats }: { kind: keyof typeof TITLES; caveats: readonly Caveat[] }) {
  const shown = caveats.filter((caveat) => caveat.kind === kind);
  if (shown.length === 0) return null;
  return (
    <section aria-labelledby={kind}>
      <h2 id={kind}>
        {TITLES[kind]} <span className="muted">{shown.length}</span>
      </h2>
      <div className={styles.rows}>
        {shown.map((caveat) => (
          <CaveatCard key={caveat.id} caveat={caveat} />
        ))}
      </div>
    </section>
  );
}
