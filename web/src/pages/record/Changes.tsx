import type { FieldChange } from '../../form/values';
import { texts } from '../../texts';
import styles from './Record.module.css';

/** The changes that saving the form makes: each field before and after. */
export function Changes({ changes }: { changes: readonly FieldChange[] }) {
  return (
    <section aria-labelledby="changes-title">
      <h3 id="changes-title">{texts.record.whatChanges}</h3>
      {changes.length === 0 ? (
        <p className="hint">{texts.record.nothingChanged}</p>
      ) : (
        <ChangeTable changes={changes} before={texts.record.before} after={texts.record.after} />
      )}
    </section>
  );
}

interface TableProps {
  changes: readonly (FieldChange & { remark?: string })[];
  before: string;
  after: string;
}

export function ChangeTable({ changes, before, after }: TableProps) {
  return (
    <table className={styles.changes}>
      <thead>
        <tr>
          <th scope="col">{texts.changes.field}</th>
          <th scope="col">{before}</th>
          <th scope="col">{after}</th>
        </tr>
      </thead>
      <tbody>
        {changes.map((change) => (
          <tr key={change.name}>
            <th scope="row">{change.label}</th>
            <td>
              <del>{change.before || texts.states.none}</del>
            </td>
            <td>
              <ins>{change.after || texts.states.none}</ins>
              {change.remark && <p className="hint">{change.remark}</p>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
