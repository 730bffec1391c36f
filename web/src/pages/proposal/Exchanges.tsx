import { Icon } from '../../components/Icon';
import { Empty } from '../../components/Loaded';
import { partiesInWords } from '../../format/names';
import { withinSentence } from '../../format/sentences';
import { texts } from '../../texts';
import { CaveatCard } from './CaveatCard';
import { type Exchange, exchangesOf } from './exchange';
import type { Caveat } from './Proposal';
import styles from './Proposal.module.css';

/** The words `According to …, ` with which all summaries start. The section states them once. Undefined if the starts differ. */
function attributionOf(caveats: readonly Caveat[]): string | undefined {
  const start = /^According to [^,]{1,60}, /.exec(caveats[0]?.summary ?? '')?.[0];
  return start !== undefined && caveats.length > 1 && caveats.every(({ summary }) => summary.startsWith(start)) ? start : undefined;
}

/** The names of the parties, if they are the same for all caveats. Otherwise empty. */
function sharedParties(parties: readonly Caveat['owedBy'][]): string {
  const [name = '', ...others] = parties.map(partiesInWords);
  return others.every((other) => other === name) ? name : '';
}

/** Offers and demands side by side, first those that are in exchange for each other. */
export function Exchanges({ caveats }: { caveats: readonly Caveat[] }) {
  const { linked, unlinked } = exchangesOf(caveats);
  const attribution = attributionOf([...linked, unlinked].flatMap(({ offers, demands }) => [...offers, ...demands]));
  const hasUnlinked = unlinked.offers.length > 0 || unlinked.demands.length > 0;
  // If there is only one exchange, its title is beside the heading of the section.
  const isSingle = linked.length === 1 && !hasUnlinked;
  const remarks = [attribution?.slice(0, -2), isSingle && withinSentence(texts.proposal.linked)].filter(Boolean).join(', ');
  return (
    <section aria-labelledby="exchanges">
      <div className={styles.heading}>
        <h2 id="exchanges">{texts.proposal.exchanges}</h2>
        {remarks && <p>{remarks}</p>}
      </div>
      {linked.length === 0 && !hasUnlinked && <Empty>{texts.proposal.exchangesEmpty}</Empty>}
      {linked.map((exchange) => (
        <Sides key={exchange.offers[0]?.id ?? exchange.demands[0]?.id} {...exchange} title={isSingle ? undefined : texts.proposal.linked} isLinked attribution={attribution} />
      ))}
      {hasUnlinked && (
        <Sides {...unlinked} title={linked.length > 0 ? texts.proposal.unlinked : texts.proposal.noneLinked} attribution={attribution} />
      )}
    </section>
  );
}

interface SidesProps extends Exchange<Caveat> {
  title: string | undefined;
  isLinked?: boolean;
  attribution: string | undefined;
}

function Sides({ offers, demands, title, isLinked = false, attribution }: SidesProps) {
  const isOneSided = offers.length === 0 || demands.length === 0;
  const heading = isOneSided ? (offers.length === 0 ? texts.proposal.noOffers : texts.proposal.noDemands) : title;
  return (
    <div className={styles.exchange}>
      {heading && <h3>{heading}</h3>}
      <div className={isOneSided ? undefined : styles.sides}>
        {offers.length > 0 && (
          <Side
            name={texts.proposal.offersTo(sharedParties(offers.map(({ owedTo }) => owedTo)))}
            caveats={offers}
            across={demands}
            isWide={isOneSided}
            level={heading ? 'h4' : 'h3'}
            attribution={attribution}
          />
        )}
        {isLinked && !isOneSided && (
          <span className={styles.arrow}>
            <Icon name="exchange" />
          </span>
        )}
        {demands.length > 0 && (
          <Side
            name={texts.proposal.demandsOn(sharedParties(demands.map(({ owedBy }) => owedBy)))}
            caveats={demands}
            across={offers}
            isWide={isOneSided}
            level={heading ? 'h4' : 'h3'}
            attribution={attribution}
          />
        )}
      </div>
    </div>
  );
}

interface SideProps {
  name: string;
  caveats: readonly Caveat[];
  /** The other side. */
  across: readonly Caveat[];
  isWide: boolean;
  level: 'h3' | 'h4';
  attribution: string | undefined;
}

/** The offers or the demands. If the other side is empty, they use the whole width. */
function Side({ name, caveats, across, isWide, level: Heading, attribution }: SideProps) {
  return (
    <div className={styles.side}>
      <Heading>
        {name} <span className="muted">{caveats.length}</span>
      </Heading>
      <div className={isWide ? styles.cards : undefined}>
        {caveats.map((caveat) => (
          <CaveatCard key={caveat.id} caveat={caveat} across={across} attribution={attribution} />
        ))}
      </div>
    </div>
  );
}
