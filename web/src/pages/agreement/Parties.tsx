import type { AgreementQuery } from '../../api/types.gen';
import { ExternalIdList } from '../../components/ExternalIds';
import { FoldedList } from '../../components/Folded';
import { Link } from '../../components/Link';
import { Empty } from '../../components/Loaded';
import { ProvenanceText } from '../../components/Provenance';
import { texts } from '../../texts';
import styles from './Agreement.module.css';

type Role = NonNullable<AgreementQuery['agreement']>['parties'][number];

/** The parties with their roles. A role is undisputed, or it is stated by a party. */
export function Parties({ parties }: { parties: readonly Role[] }) {
  const rolesByParty = Map.groupBy(parties, ({ party }) => party.id);
  return (
    <section aria-labelledby="parties">
      <h2 id="parties">{texts.agreement.parties}</h2>
      {parties.length === 0 && <Empty>{texts.agreement.partiesEmpty}</Empty>}
      <FoldedList className={styles.list}>
        {[...rolesByParty].map(([id, roles]) => (
          <li key={id}>
            <strong>
              <Link to={`/parties/${roles[0]?.party.slug}`}>{roles[0]?.party.name}</Link>
            </strong>{' '}
            <small className="muted">
              <ExternalIdList externalIds={roles[0]?.party.externalIds ?? []} />
            </small>
            <ul className={styles.roles}>
              {roles.map((record) => (
                <li key={record.id}>
                  {[
                    texts.agreementRole[record.role],
                    record.capacity,
                    record.heldBy && texts.agreement.accordingTo(record.heldBy.shortName),
                  ]
                    .filter(Boolean)
                    .join(' · ')}
                </li>
              ))}
            </ul>
            <RoleSources roles={roles} />
          </li>
        ))}
      </FoldedList>
    </section>
  );
}

/** The notes and sources of the roles of a party. With several roles, each is named. */
function RoleSources({ roles }: { roles: readonly Role[] }) {
  const documented = roles.filter(({ note, source }) => note || source);
  if (documented.length === 0) return null;
  return (
    <details className="printed-open">
      <summary>{texts.agreement.roleSources}</summary>
      {documented.map((record) => (
        <div key={record.id}>
          {roles.length > 1 && <p className={styles.role}>{texts.agreementRole[record.role]}</p>}
          <ProvenanceText record={record} />
        </div>
      ))}
    </details>
  );
}
