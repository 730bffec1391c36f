import { useScrollToAnchor } from '../../app/anchor';
import { Editors } from '../../app/Editors';
import { DayText } from '../../components/DayText';
import { ExternalIdList } from '../../components/ExternalIds';
import { Interpretation } from '../../components/Interpretation';
import { Link } from '../../components/Link';
import { SourceLink } from '../../components/SourceLink';
import { BreachedBy, Mark } from '../../components/StatusBadge';
import { pathTo, TrackableLink } from '../../components/TrackableLink';
import { partiesInWords } from '../../format/names';
import { capitalized, withinSentence } from '../../format/sentences';
import { CaveatBadge } from '../../status/PositionBadge';
import { StatusUpdate } from '../../status/StatusUpdate';
import { texts } from '../../texts';
import { firstSentence } from './firstSentence';
import { formName } from './openCaveat';
import type { Caveat } from './Proposal';
import styles from './Proposal.module.css';
import { caveatSubject } from './statusSubjects';

interface Props {
  caveat: Caveat;
  /** The caveats on the other side: the demands beside an offer, or the offers beside a demand. */
  across?: readonly Caveat[];
  /** The first words of the summary, such as `According to …, `. The card omits them, because the section states them once. */
  attribution?: string;
}

/** One caveat: its obligation, exchange and status. Its number is the anchor of the card. */
export function CaveatCard({ caveat, across = [], attribution }: Props) {
  const { number, heading, summary, owedBy, owedTo, inExchangeFor, answers, clauseLinks, status, statusSince, isContested, assessment } = caveat;
  const isTarget = useScrollToAnchor(number);
  // If the caveat is in exchange for the whole other side, the title above both sides already says so.
  const isWholeSide = inExchangeFor.length === across.length && inExchangeFor.every(({ id }) => across.some((other) => other.id === id));
  const [first, rest] = firstSentence(attribution && summary.startsWith(attribution) ? capitalized(summary.slice(attribution.length)) : summary);
  return (
    <article id={number} tabIndex={-1} className={isTarget ? `${styles.card} ${styles.target}` : styles.card}>
      <p className={styles.head}>
        <strong>{heading}</strong>
      </p>
      <p className={styles.owed}>
        <Link to={`#${encodeURIComponent(number)}`}>{number}</Link>
        {owedBy.length > 0 && (
          <>
            {' · '}
            {texts.proposal.owedBy} <strong>{partiesInWords(owedBy)}</strong>
          </>
        )}
        {owedBy.length > 0 && owedTo.length > 0 && (
          <>
            {' '}
            {texts.proposal.toParties} <strong>{partiesInWords(owedTo)}</strong>
          </>
        )}
        {answers.length > 0 && ` · ${withinSentence(texts.proposal.counters)} `}
        {answers.map((other, index) => (
          <span key={other.id}>
            {index > 0 && ', '}
            <Link to={pathTo(other)} title={`${other.heading} (${other.proposal.title})`}>
              {other.number}
            </Link>
          </span>
        ))}
      </p>
      <p>
        {first} {rest && <span className={styles.rest}>{rest}</span>}
      </p>
      {inExchangeFor.length > 0 && !isWholeSide && (
        <p className={styles.facts}>
          <span className="muted">{texts.proposal.inExchangeFor}</span>
          {inExchangeFor.map((other) =>
            other.proposal.slug === caveat.proposal.slug ? (
              <Link key={other.id} to={`#${encodeURIComponent(other.number)}`} title={other.heading}>
                {other.number}
              </Link>
            ) : (
              <TrackableLink key={other.id} item={other} />
            ),
          )}
        </p>
      )}
      <Clauses links={clauseLinks} />
      {caveat.isGone && (
        <p role="alert">
          {texts.proposal.caveatGone} <Link to={`/edit/caveat/${caveat.id}`}>{texts.proposal.restoreCaveat}</Link>
        </p>
      )}
      <Details caveat={caveat} isOpen={isTarget} />
      <Editors>
        <Link to={`/edit/caveat/${caveat.id}`}>
          {texts.edit.edit} <span className="visually-hidden">{number}</span>
        </Link>
        <Link to={`/new/precondition?stepId=${caveat.id}`}>
          {texts.edit.newPrecondition} <span className="visually-hidden">{number}</span>
        </Link>
        <Link to={`/new/interpretation?subjectId=${caveat.id}`}>
          {texts.edit.newInterpretation} <span className="visually-hidden">{number}</span>
        </Link>
      </Editors>
      <div className={styles.status}>
        <p>
          <CaveatBadge status={status} />{' '}
          {statusSince && (
            <span className="muted">
              {texts.proposal.since} <DayText day={statusSince} />
            </span>
          )}{' '}
          {isContested && <Mark>{texts.agreement.contested}</Mark>}
        </p>
        {assessment?.note && <p>{assessment.note}</p>}
        <StatusUpdate subject={caveatSubject(caveat)} name={formName(caveat)}>
          {(button) => button}
        </StatusUpdate>
      </div>
    </article>
  );
}

/** The maximum number of clauses on a card. Its details list all of them. */
const MAX_CLAUSES = 4;

/** The related clauses, such as `Overlaps with Minsk II, 2`, by relation. */
function Clauses({ links }: { links: Caveat['clauseLinks'] }) {
  const kinds = [...new Set(links.map(({ kind }) => kind))];
  return kinds.map((kind) => {
    const clauses = links.filter((link) => link.kind === kind).map(({ clause }) => clause);
    return (
      <p key={kind} className={styles.clauses}>
        {texts.caveatToClause[kind]}{' '}
        {clauses.slice(0, MAX_CLAUSES).map((clause, index) => (
          <span key={clause.id}>
            {index > 0 && ' · '}
            <TrackableLink item={clause} isShort />
          </span>
        ))}
        {clauses.length > MAX_CLAUSES && ` ${texts.proposal.moreClauses(clauses.length - MAX_CLAUSES)}`}
      </p>
    );
  });
}

function Details({ caveat, isOpen }: { caveat: Caveat; isOpen: boolean }) {
  const { aliases, topic, text, note, confidence, source, externalIds, viewpoints, interpretations, clauseLinks, preconditions } =
    caveat;
  return (
    <details open={isOpen}>
      <summary>
        {texts.proposal.details} <span className="visually-hidden">{caveat.number}</span>
      </summary>
      {text && <blockquote className="prose">{text}</blockquote>}
      {note && <p className="muted">{note}</p>}
      <dl className={styles.terms}>
        {aliases.length > 0 && (
          <>
            <dt>{texts.states.aliases}</dt>
            <dd>{aliases.join(', ')}</dd>
          </>
        )}
        <dt>{texts.agreement.topic}</dt>
        <dd>{topic.name}</dd>
        {viewpoints.length > 0 && <dt>{texts.proposal.views}</dt>}
        {viewpoints.map(({ id, heldBy, caveatStatus, breachedBy, note }) => (
          <dd key={id}>
            {heldBy?.shortName ?? texts.view.neutral}: <CaveatBadge status={caveatStatus} />{' '}
            <BreachedBy parties={breachedBy} /> <span className="muted">{note}</span>
          </dd>
        ))}
        {interpretations.nodes.length > 0 && <dt>{texts.interpretation.title}</dt>}
        {interpretations.nodes.map((interpretation) => (
          <dd key={interpretation.id}>
            <Interpretation interpretation={interpretation} />
            <Editors>
              <Link to={`/edit/interpretation/${interpretation.id}`}>
                {texts.edit.edit} <span className="visually-hidden">{interpretation.heldBy.shortName}</span>
              </Link>
            </Editors>
          </dd>
        ))}
        {clauseLinks.length > 0 && <dt>{texts.proposal.clauses}</dt>}
        {clauseLinks.map(({ id, kind, note, clause }) => (
          <dd key={id}>
            {texts.caveatToClause[kind]} <TrackableLink item={clause} /> <span className="muted">{note}</span>
          </dd>
        ))}
        {preconditions.length > 0 && <dt>{texts.sequence.waitsFor}</dt>}
        {preconditions.map(({ id, heldBy, requires }) => (
          <dd key={id}>
            <TrackableLink item={requires} />{' '}
            <span className="muted">
              {heldBy ? texts.sequence.reading(heldBy.shortName) : texts.sequence.theText}
            </span>
          </dd>
        ))}
        <dt>{texts.proposal.confidence}</dt>
        <dd>
          {texts.confidence[confidence].label}{' '}
          <span className="muted">{texts.confidence[confidence].meaning}</span>
        </dd>
        {source && <dt>{texts.proposal.source}</dt>}
        {source && (
          <dd>
            <SourceLink source={source} locator={caveat.sourceLocator} />
          </dd>
        )}
        {externalIds.length > 0 && <dt>{texts.states.externalIds}</dt>}
        {externalIds.length > 0 && (
          <dd>
            <ExternalIdList externalIds={externalIds} />
          </dd>
        )}
      </dl>
    </details>
  );
}
