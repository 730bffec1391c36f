import { Editors } from '../../app/Editors';
import { FoldedList } from '../../components/Folded';
import { Interpretation } from '../../components/Interpretation';
import { Link } from '../../components/Link';
import { texts } from '../../texts';
import type { Clause } from './Clause';
import styles from './Clause.module.css';

/** The interpretations of the clause by the parties. */
export function Interpretations({ clause }: { clause: Clause }) {
  const { nodes } = clause.interpretations;
  return (
    <section aria-labelledby="interpretations">
      <h2 id="interpretations">{texts.interpretation.title}</h2>
      <Editors>
        <Link to={`/new/interpretation?subjectId=${clause.id}`}>{texts.edit.newInterpretation}</Link>
      </Editors>
      <FoldedList className={styles.list} limit={3}>
        {nodes.map((interpretation) => (
          <li key={interpretation.id}>
            <Interpretation interpretation={interpretation} />
            <Editors>
              <Link to={`/edit/interpretation/${interpretation.id}`}>
                {texts.edit.edit} <span className="visually-hidden">{interpretation.heldBy.shortName}</span>
              </Link>
            </Editors>
          </li>
        ))}
      </FoldedList>
    </section>
  );
}
