import type { AgreementQuery } from '../../api/types.gen';
import { Empty } from '../../components/Loaded';
import { texts } from '../../texts';
import styles from './Agreement.module.css';

type Role = NonNullable<AgreementQuery['agreement']>['parties'][number];

/** The parties, each with its roles, undisputed or according to a party. */
export function Parties({ parties }: { parties: readonly Role[] }) {
  const rolesByParty = Map.groupBy(parties, ({ party }) => party.id);
  return (
    <section aria-labelledby="parties">
      <h2 id="parties">{texts.agreement.parties}</h2>
      {parties.length === 0 && <Empty>{texts.agreement.partiesEmpty}</Empty>}
      <ul className={styles.list}>
        {[...rolesByParty].map(([id, roles]) => (
          <li key={id}>
            <strong>{roles[0]?.party.name}</strong>
            <ul className={styles.roles}>
              {roles.map(({ id, role, capacity, heldBy }) => (
                <li key={id}>
                  {[texts.agreementRole[role], capacity, heldBy && texts.agreement.accordingTo(heldBy.shortName)]
                    .filter(Boolean)
                    .join(' · ')}
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ul>
    </section>
  );
}
