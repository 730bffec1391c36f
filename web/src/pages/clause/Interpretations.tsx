import { Interpretation } from '../../components/Interpretation';
import { texts } from '../../texts';
import type { Clause } from './Clause';
import styles from './Clause.module.css';

/** What the parties take the clause to mean. Nothing if no party has said so. */
export function Interpretations({ clause }: { clause: Clause }) {
  const { nodes } = clause.interpretations;
  if (nodes.length === 0) return null;
  return (
    <section aria-labelledby="interpretations">
      <h2 id="interpretations">{texts.interpretation.title}</h2>
      <ul className={styles.list}>
        {nodes.map((interpretation) => (
          <li key={interpretation.id}>
            <Interpretation interpretation={interpretation} />
          </li>
        ))}
      </ul>
    </section>
  );
}
