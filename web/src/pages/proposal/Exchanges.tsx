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
        <Sides key={exchange.offers[0]?.id ?? exchange.demands[0]?.id} {...exchange} title={texts.proposal.linked} />
      ))}
      {(unlinked.offers.length > 0 || unlinked.demands.length > 0) && (
        <Sides {...unlinked} title={linked.length > 0 ? texts.proposal.unlinked : texts.proposal.noneLinked} />
      )}
    </section>
  );
}

function Sides({ offers, demands, title }: Exchange<Caveat> & { title: string }) {
  return (
    <div className={styles.exchange}>
      <h3>{title}</h3>
      <div className={styles.sides}>
        <Side name={texts.proposal.offers} caveats={offers} empty={texts.proposal.noOffers} />
        <Side name={texts.proposal.demands} caveats={demands} empty={texts.proposal.noDemands} />
      </div>
    </div>
  );
}

function Side({ name, caveats, empty }: { name: string; caveats: readonly Caveat[]; empty: string }) {
  return (
    <div>
      <h4>{name}</h4>
      {caveats.length === 0 && <Empty>{empty}</Empty>}
      {caveats.map((caveat) => (
        <CaveatCard key={caveat.id} caveat={caveat} />
      ))}
    </div>
  );
}
