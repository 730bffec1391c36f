import type { AgreementQuery } from '../../api/types.gen';
import { ExternalIdList } from '../../components/ExternalIds';
import { FoldedList } from '../../components/Folded';
import { Link } from '../../components/Link';
import { Empty } from '../../components/Loaded';
import { Provenance } from '../../components/Provenance';
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
            <details className="printed-open">
              <summary>{texts.agreement.roleSources}</summary>
              {roles.map((record) => (
                <Provenance key={record.id} record={record} />
              ))}
            </details>
          </li>
        ))}
      </FoldedList>
    </section>
  );
}
