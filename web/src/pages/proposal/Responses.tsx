import type { CaveatNameFragment, ProposalLineFragment } from '../../api/types.gen';
import { DayText } from '../../components/DayText';
import { Link } from '../../components/Link';
import { Empty } from '../../components/Loaded';
import { partyNames } from '../../format/names';
import { texts } from '../../texts';
import type { Proposal } from './Proposal';
import styles from './Proposal.module.css';
import { countersOf } from './responses';

/** The proposal that this one responds to, the responses to it, and the caveats that counter each other. */
export function Responses({ proposal: { respondsTo, responses, caveats } }: { proposal: Proposal }) {
  const counters = countersOf(caveats.nodes, responses);
  const countered = caveats.nodes.flatMap(({ id, number, answers }) => {
    const counteredBy = counters.get(id) ?? [];
    return answers.length > 0 || counteredBy.length > 0 ? [{ id, number, answers, counteredBy }] : [];
  });
  return (
    <section aria-labelledby="answers">
      <h2 id="answers">{texts.proposal.responses}</h2>
      {!respondsTo && responses.length === 0 && countered.length === 0 && <Empty>{texts.proposal.responsesEmpty}</Empty>}
      <ul className={styles.list}>
        {respondsTo && (
          <li>
            <span className="muted">{texts.proposal.respondsTo}</span> <Line proposal={respondsTo} />
          </li>
        )}
        {responses.map((response) => (
          <li key={response.id}>
            <span className="muted">{texts.proposal.responseBy}</span> <Line proposal={response} />
          </li>
        ))}
        {countered.map(({ id, number, answers, counteredBy }) => (
          <li key={id}>
            <Link to={`#${encodeURIComponent(number)}`}>{number}</Link>
            <CaveatList title={texts.proposal.counters} caveats={answers} />
            <CaveatList title={texts.proposal.counteredBy} caveats={counteredBy} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Line({ proposal }: { proposal: ProposalLineFragment }) {
  return (
    <>
      <Link to={`/proposals/${proposal.slug}`}>{proposal.title}</Link>{' '}
      <span className="muted">
        {partyNames(proposal.proposedBy)}, <DayText day={proposal.madeOn} />
      </span>
    </>
  );
}

type NamedCaveat = CaveatNameFragment & { proposal: { title: string } };

function CaveatList({ title, caveats }: { title: string; caveats: readonly NamedCaveat[] }) {
  if (caveats.length === 0) return null;
  return (
    <div className={styles.inner}>
      <span className="muted">{title}</span>
      <ul>
        {caveats.map(({ id, number, heading, proposal }) => (
          <li key={id}>
            <Link to={`/proposals/${proposal.slug}#${encodeURIComponent(number)}`}>
              {number} {heading}
            </Link>{' '}
            <span className="muted">{proposal.title}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
