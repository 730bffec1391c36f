import { Empty } from '../../components/Loaded';
import { texts } from '../../texts';
import { CaveatCard } from './CaveatCard';
import { type Exchange, exchangesOf } from './exchange';
import type { Caveat } from './Proposal';
import styles from './Proposal.module.css';

/** What is offered against what is asked, side by side: first what is tied by exchange. */
export function Exchanges({ caveats }: { caveats: readonly Caveat[] }) {
  const { tied, rest } = exchangesOf(caveats);
  const isEmpty = tied.length === 0 && rest.offers.length === 0 && rest.demands.length === 0;
  return (
    <section aria-labelledby="exchanges">
      <h2 id="exchanges">{texts.proposal.exchanges}</h2>
      {isEmpty && <Empty>{texts.proposal.exchangesEmpty}</Empty>}
      {tied.map((it) => (
        <Sides key={it.offers[0]?.id ?? it.demands[0]?.id} {...it} title={texts.proposal.linked} />
      ))}
      {(rest.offers.length > 0 || rest.demands.length > 0) && (
        <Sides {...rest} title={tied.length > 0 ? texts.proposal.unlinked : texts.proposal.noneLinked} />
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
      {caveats.map((it) => (
        <CaveatCard key={it.id} caveat={it} />
      ))}
    </div>
  );
}
