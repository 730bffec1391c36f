import { useState } from 'react';
import { useLastDefined, useQuery } from '../../api/query';
import type { CaveatStatus } from '../../api/schema.gen';
import type { ProposalCaveatFragment, ProposalQuery } from '../../api/types.gen';
import { usePresentSlug } from '../../app/address';
import { Editors } from '../../app/Editors';
import { useViewpointName } from '../../app/holders';
import { Page } from '../../app/Page';
import type { PageProps } from '../../app/routes';
import { useView } from '../../app/view';
import { Citation } from '../../components/Citation';
import { DayText } from '../../components/DayText';
import { ExternalIds } from '../../components/ExternalIds';
import { Aliases, Fact } from '../../components/Fact';
import { Link } from '../../components/Link';
import { Loaded } from '../../components/Loaded';
import { SourceLink } from '../../components/SourceLink';
import { Mark } from '../../components/StatusBadge';
import { TrackableLink } from '../../components/TrackableLink';
import { today } from '../../format/days';
import { partiesInWords } from '../../format/names';
import { withinSentence } from '../../format/sentences';
import { CaveatGlyph, caveatColour, ProposalBadge } from '../../status/PositionBadge';
import { StatusUpdate } from '../../status/StatusUpdate';
import { texts } from '../../texts';
import { WatchRecord } from '../../watch/WatchButton';
import { NotFound } from '../NotFound';
import { Caveats } from './Caveats';
import { Exchanges } from './Exchanges';
import { History } from './History';
import { CaveatTable, ClauseLinks, Viewpoints } from './Lists';
import styles from './Proposal.module.css';
import { ProposalDocument } from './Proposal.gen';
import { useWithOpenCaveat } from './openCaveat';
import { Responses } from './Responses';
import { proposalSubject } from './statusSubjects';

const NO_CAVEATS: readonly Caveat[] = [];

export type Proposal = NonNullable<ProposalQuery['proposal']>;
/** A caveat. `isGone` is true if the caveat was archived while its form was open. */
export type Caveat = ProposalCaveatFragment & { isGone?: true };

/** One proposal: its offers, demands, responses and history. */
export default function ProposalPage({ parameters: { slug = '' } }: PageProps) {
  const view = useView();
  const asOf = view.asOf ?? today();
  const [result, refetch] = useQuery({ query: ProposalDocument, variables: { slug, asOf, heldBy: view.heldBy } });
  const viewpoint = useViewpointName();
  usePresentSlug(slug, result.data?.proposal?.slug);
  const lastProposal = useLastDefined(result.data?.proposal);
  const caveats = useWithOpenCaveat(lastProposal?.caveats.nodes ?? NO_CAVEATS);
  const isGone = result.data?.proposal === null && !result.fetching && !result.error;
  if (isGone && !lastProposal) return <NotFound />;
  return (
    <Page
      title={lastProposal?.title ?? (result.error && slug)}
      lead={<Link to="/proposals">{texts.proposals.title}</Link>}
      verdict={!isGone && (lastProposal ? <Verdict proposal={lastProposal} /> : <div className={styles.verdict} />)}
      viewFrom={lastProposal?.madeOn}
      marksOf={{ proposal: slug }}
    >
      {isGone && lastProposal && (
        <p role="alert">
          {texts.proposal.gone} <Link to={`/edit/proposal/${lastProposal.id}`}>{texts.proposal.restore}</Link>
        </p>
      )}
      {/* If the proposal was archived, only the parts with forms stay visible. */}
      <Loaded result={isGone ? { ...result, data: { proposal: lastProposal ?? null } } : result} retry={refetch}>
        {({ proposal }) =>
          proposal && (
            <>
              <StatusUpdate key={proposal.id} subject={proposalSubject(proposal)} name="yes" hasShortcut isOtherDay={isGone}>
                {(button) => button}
              </StatusUpdate>
              {!isGone && <NewLinks proposal={proposal} />}
              <div className={styles.layout}>
                {!isGone && <Glance proposal={proposal} />}
                <div>
                  <Exchanges caveats={caveats} />
                  <Caveats kind="CLARIFICATION" caveats={caveats} />
                  <Caveats kind="CONSEQUENCE" caveats={caveats} />
                </div>
              </div>
              {!isGone && (
                <>
                  <CaveatTable proposal={proposal} asOf={asOf} />
                  <Viewpoints proposal={proposal} asOf={asOf} />
                  <Responses proposal={proposal} />
                  <ClauseLinks proposal={proposal} />
                  <About proposal={proposal} />
                  <History proposal={proposal} asOf={asOf} />
                  <Citation subject={proposal.title} viewpoint={viewpoint} />
                </>
              )}
            </>
          )
        }
      </Loaded>
    </Page>
  );
}

/** The forms that edit the proposal or add something to it. */
function NewLinks({ proposal: { id } }: { proposal: Proposal }) {
  return (
    <Editors>
      <Link to={`/edit/proposal/${id}`}>{texts.edit.edit}</Link>
      <Link to={`/new/caveat?proposalId=${id}`}>{texts.edit.newCaveat}</Link>
      <Link to={`/new/proposal?respondsToId=${id}`}>{texts.edit.newResponse}</Link>
      <Link to={`/new/event?concernsIds=${id}`}>{texts.edit.newEvent}</Link>
    </Editors>
  );
}

/** The status, the proposing and addressed parties, the day, and the buttons of the page. */
function Verdict({ proposal }: { proposal: Proposal }) {
  const { id, slug, title, status, statusSince, isContested, proposedBy, addressedTo, madeOn, standing, isPackage } = proposal;
  return (
    <div className={styles.verdict}>
      <p>
        <ProposalBadge status={status} />
        {statusSince && (
          <span className="muted">
            {texts.proposal.since} <DayText day={statusSince} />
          </span>
        )}
        {isContested && <Mark>{texts.agreement.contested}</Mark>}
        <span>
          {texts.proposal.proposedBy(partiesInWords(proposedBy), partiesInWords(addressedTo))} <DayText day={madeOn} />
        </span>
        <Mark>{texts.proposalStanding[standing]}</Mark>
        {isPackage && <Mark>{texts.proposal.allOrNothing}</Mark>}
      </p>
      <div className="toolbar no-print">
        <WatchRecord id={id} to={`/proposals/${slug}`} title={title} />
      </div>
    </div>
  );
}

/** The summary, the number of caveats with each status, and the preconditions of the caveats. */
function Glance({ proposal: { slug, summary, respondsTo, confidence, source, caveats } }: { proposal: Proposal }) {
  const steps = caveats.nodes.flatMap(({ number, preconditions }) => preconditions.map((precondition) => ({ number, ...precondition })));
  return (
    <div className={styles.glance}>
      <section aria-labelledby="summary">
        <h2 id="summary">{texts.proposal.summary}</h2>
        <Clamped text={summary} />
        <ul className={styles.brief}>
          {respondsTo && (
            <li>
              {texts.proposal.respondsTo} <Link to={`/proposals/${respondsTo.slug}`}>{respondsTo.title}</Link>
            </li>
          )}
          <li>{texts.confidence[confidence].label}</li>
          {source && (
            <li>
              <Link to={`/sources/${source.id}`}>{source.title}</Link>
            </li>
          )}
        </ul>
      </section>
      {caveats.nodes.length > 0 && <Statuses caveats={caveats.nodes} />}
      {steps.length > 0 && (
        <section aria-labelledby="order">
          <h2 id="order">{texts.proposal.order}</h2>
          <ul>
            {steps.map(({ id, number, requires, heldBy }) => (
              <li key={id}>
                <Link to={`#${encodeURIComponent(number)}`}>{number}</Link> {withinSentence(texts.sequence.waitsFor)}{' '}
                {'proposal' in requires && requires.proposal.slug === slug ? (
                  <Link to={`#${encodeURIComponent(requires.number)}`}>{requires.number}</Link>
                ) : (
                  <TrackableLink item={requires} isShort />
                )}{' '}
                <span className="muted">{heldBy ? texts.sequence.reading(heldBy.shortName) : texts.sequence.theText}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}

/** A text up to this length is shown at once. */
const SHORT_LENGTH = 240;

/** The first lines of a text, until the reader expands it. On paper it is complete. */
function Clamped({ text }: { text: string }) {
  const [isOpen, setOpen] = useState(false);
  if (text.length <= SHORT_LENGTH) return <p>{text}</p>;
  return (
    <>
      <p className={isOpen ? undefined : styles.clamped}>{text}</p>
      <button type="button" className="quiet quiet-start no-print" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        {isOpen ? texts.proposal.less : texts.proposal.more}
      </button>
    </>
  );
}

/** The number of caveats with each status, as a bar and in words. */
function Statuses({ caveats }: { caveats: Proposal['caveats']['nodes'] }) {
  const counts = new Map<CaveatStatus, number>();
  for (const { status } of caveats) counts.set(status, (counts.get(status) ?? 0) + 1);
  const largestFirst = [...counts].toSorted(([, first], [, second]) => second - first);
  return (
    <section aria-labelledby="statuses">
      <h2 id="statuses">{texts.proposal.statuses}</h2>
      <div className={styles.bar} aria-hidden="true">
        {largestFirst.map(([status, count]) => (
          <span key={status} style={{ flexGrow: count, background: caveatColour(status) }} />
        ))}
      </div>
      <ul className={styles.counts}>
        {largestFirst.map(([status, count]) => (
          <li key={status}>
            <CaveatGlyph status={status} />
            {texts.caveatStatus[status]} <strong>{count}</strong>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The other facts about the proposal. */
function About({ proposal }: { proposal: Proposal }) {
  const { standing, source, agreements, note } = proposal;
  const confidence = texts.confidence[proposal.confidence];
  return (
    <section aria-labelledby="about">
      <h2 id="about">{texts.proposal.about}</h2>
      {note && <p className="prose muted">{note}</p>}
      <dl className="facts">
        <Aliases aliases={proposal.aliases} />
        <Fact name={texts.proposal.standing}>{texts.proposalStanding[standing]}</Fact>
        {agreements.length > 0 && (
          <Fact name={texts.proposal.agreements}>
            <span className={styles.spaced}>
              {agreements.map(({ id, slug, shortTitle }) => (
                <Link key={id} to={`/agreements/${slug}`}>
                  {shortTitle}
                </Link>
              ))}
            </span>
          </Fact>
        )}
        <Fact name={texts.proposal.confidence}>
          {confidence.label} <span className="muted">{confidence.meaning}</span>
        </Fact>
        {source && (
          <Fact name={texts.proposal.source}>
            <SourceLink source={source} locator={proposal.sourceLocator} />
          </Fact>
        )}
        <ExternalIds externalIds={proposal.externalIds} />
      </dl>
    </section>
  );
}
