import { Empty } from '../../components/Loaded';
import { texts } from '../../texts';
import { CaveatCard } from './CaveatCard';
import { type Exchange, exchangesOf } from './exchange';
import type { Caveat } from './Proposal';
import styles from './Proposal.module.css';

/** Offers and demands side by side, first those that are in exchange for each other. */
export function Exchanges({ caveats }: { caveats: readonly Caveat[] }) {
  const { linked, unlinked } = exchangesOf(caveats);
  const isEmpty = linked.length === 0 && unlinked.offers.length === 0 && unlinked.demands.length === 0;
  return (
    <section aria-labelledby="exchanges">
      <h2 id="exchanges">{texts.proposal.exchanges}</h2>
      {isEmpty && <Empty>{texts.proposal.exchangesEmpty}</Empty>}
      {linked.map((exchange) => (
        <Sides key={exchange.offers[0]?.id ?? exchange.demands[0]?.id} {...exchange} title={texts.proposal.linked} isLinked />
      ))}
      {(unlinked.offers.length > 0 || unlinked.demands.length > 0) && (
        <Sides {...unlinked} title={linked.length > 0 ? texts.proposal.unlinked : texts.proposal.noneLinked} />
      )}
    </section>
  );
}

interface SidesProps extends Exchange<Caveat> {
  title: string;
  isLinked?: boolean;
}

function Sides({ offers, demands, title, isLinked = false }: SidesProps) {
  const isOneSided = offers.length === 0 || demands.length === 0;
  return (
    <div className={isLinked ? `${styles.exchange} ${styles.linked}` : styles.exchange}>
      <h3>{isOneSided ? (offers.length === 0 ? texts.proposal.noOffers : texts.proposal.noDemands) : title}</h3>
      <div className={isOneSided ? undefined : styles.sides}>
        {offers.length > 0 && <Side name={texts.proposal.offers} caveats={offers} isWide={isOneSided} />}
        {demands.length > 0 && <Side name={texts.proposal.demands} caveats={demands} isWide={isOneSided} />}
      </div>
    </div>
  );
}

/** The offers or the demands. If the other side is empty, they use the whole width. */
function Side({ name, caveats, isWide }: { name: string; caveats: readonly Caveat[]; isWide: boolean }) {
  return (
    <div className={styles.side}>
      <h4>
        {name} <span className="muted">{caveats.length}</span>
      </h4>
      <div className={isWide ? styles.cards : undefined}>
        {caveats.map((caveat) => (
          <CaveatCard key={caveat.id} caveat={caveat} />
        ))}
      </div>
    </div>
  );
}
