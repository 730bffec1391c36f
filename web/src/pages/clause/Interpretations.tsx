import { hasRole, useViewer } from '../../api/auth';
import { Editors } from '../../app/Editors';
import { Interpretation } from '../../components/Interpretation';
import { Link } from '../../components/Link';
import { texts } from '../../texts';
import type { Clause } from './Clause';
import styles from './Clause.module.css';

/** What the parties take the clause to mean. Readers see nothing if no party has said so. */
export function Interpretations({ clause }: { clause: Clause }) {
  const { nodes } = clause.interpretations;
  const mayEdit = hasRole(useViewer(), 'EDITOR');
  if (nodes.length === 0 && !mayEdit) return null;
  return (
    <section aria-labelledby="interpretations">
      <h2 id="interpretations">{texts.interpretation.title}</h2>
      <Editors>
        <Link to={`/new/interpretation?subjectId=${clause.id}`}>{texts.edit.newInterpretation}</Link>
      </Editors>
      <ul className={styles.list}>
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
      </ul>
    </section>
  );
}
