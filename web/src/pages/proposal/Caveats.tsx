import { Empty } from '../../components/Loaded';
import { texts } from '../../texts';
import { CaveatCard } from './CaveatCard';
import type { Caveat } from './Proposal';
import styles from './Proposal.module.css';

const TEXTS = {
  CLARIFICATION: { title: texts.proposal.questions, empty: texts.proposal.questionsEmpty },
  CONSEQUENCE: { title: texts.proposal.consequences, empty: texts.proposal.consequencesEmpty },
};

/** The open questions, or the consequences. */
export function Caveats({ kind, caveats }: { kind: keyof typeof TEXTS; caveats: readonly Caveat[] }) {
  const shown = caveats.filter((caveat) => caveat.kind === kind);
  const { title, empty } = TEXTS[kind];
  return (
    <section aria-labelledby={kind}>
      <h2 id={kind}>
        {title} <span className="muted">{shown.length}</span>
      </h2>
      {shown.length === 0 && <Empty>{empty}</Empty>}
      <div className={styles.cards}>
        {shown.map((caveat) => (
          <CaveatCard key={caveat.id} caveat={caveat} />
        ))}
      </div>
    </section>
  );
}
