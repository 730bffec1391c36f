import { useQuery } from 'urql';
import type { ProposalCaveatFragment, ProposalQuery } from '../../api/types.gen';
import { Page } from '../../app/Page';
import type { PageProps } from '../../app/routes';
import { useView } from '../../app/view';
import { useViewpointName } from '../../app/ViewBar';
import { Citation } from '../../components/Citation';
import { DayText } from '../../components/DayText';
import { Link } from '../../components/Link';
import { Loaded } from '../../components/Loaded';
import { SourceLink } from '../../components/SourceLink';
import { Mark } from '../../components/StatusBadge';
import { today } from '../../format/days';
import { namesOf } from '../../format/words';
import { texts } from '../../texts';
import NotFound from '../NotFound';
import { Answers } from './Answers';
import { Caveats } from './Caveats';
import { Exchanges } from './Exchanges';
import { History } from './History';
import { CaveatTable, ClauseLinks, Viewpoints } from './Lists';
import styles from './Proposal.module.css';
import { ProposalDocument } from './Proposal.gen';

export type Proposal = NonNullable<ProposalQuery['proposal']>;
export type Caveat = ProposalCaveatFragment;

/** One proposal: what it offers, what it asks for that, what became of it. */
export default function ProposalPage({ parameters: { slug = '' } }: PageProps) {
  const view = useView();
  const asOf = view.asOf ?? today();
  const [result, ask] = useQuery({ query: ProposalDocument, variables: { slug, asOf, heldBy: view.heldBy } });
  const viewpoint = useViewpointName();
  const proposal = result.data?.proposal;
  if (proposal === null && !result.fetching && !result.error) return <NotFound />;
  return (
    <Page
      title={proposal?.title}
      lead={<Link to="/proposals">{texts.proposals.title}</Link>}
      viewFrom={proposal?.madeOn}
    >
      <Loaded result={result} retry={ask}>
        {({ proposal }) =>
          proposal && (
            <>
              <About proposal={proposal} />
              <Viewpoints proposal={proposal} asOf={asOf} />
              <Exchanges caveats={proposal.caveats.nodes} />
              <Caveats kind="CLARIFICATION" caveats={proposal.caveats.nodes} />
              <Caveats kind="CONSEQUENCE" caveats={proposal.caveats.nodes} />
              <CaveatTable proposal={proposal} asOf={asOf} />
              <ClauseLinks proposal={proposal} />
              <Answers proposal={proposal} />
              <History proposal={proposal} asOf={asOf} />
              <Citation subject={proposal.title} viewpoint={viewpoint} />
            </>
          )
        }
      </Loaded>
    </Page>
  );
}

function About({ proposal }: { proposal: Proposal }) {
  const { madeOn, proposedBy, addressedTo, standing, isPackage, source, agreements, note } = proposal;
  return (
    <>
      <p className="prose">{proposal.summary}</p>
      {note && <p className="prose muted">{note}</p>}
      <dl className="facts">
        <div>
          <dt>{texts.agreement.status}</dt>
          <dd>
            <strong>{texts.proposalStatus[proposal.status]}</strong>{' '}
            {proposal.statusSince && (
              <span className="muted">
                {texts.proposal.since} <DayText day={proposal.statusSince} />
              </span>
            )}{' '}
            {proposal.isContested && <Mark>{texts.agreement.contested}</Mark>}
          </dd>
        </div>
        <div>
          <dt>{texts.proposal.madeOn}</dt>
          <dd>
            <DayText day={madeOn} />
          </dd>
        </div>
        <div>
          <dt>{texts.proposal.by}</dt>
          <dd>{namesOf(proposedBy)}</dd>
        </div>
        <div>
          <dt>{texts.proposal.to}</dt>
          <dd>{namesOf(addressedTo) || texts.states.none}</dd>
        </div>
        <div>
          <dt>{texts.proposal.standing}</dt>
          <dd>{texts.proposalStanding[standing]}</dd>
        </div>
        {isPackage && (
          <div>
            <dt>{texts.proposal.package}</dt>
            <dd>{texts.proposal.allOrNothing}</dd>
          </div>
        )}
        {agreements.length > 0 && (
          <div>
            <dt>{texts.proposal.agreements}</dt>
            <dd className={styles.spaced}>
              {agreements.map(({ id, slug, shortTitle }) => (
                <Link key={id} to={`/agreements/${slug}`}>
                  {shortTitle}
                </Link>
              ))}
            </dd>
          </div>
        )}
        <div>
          <dt>{texts.proposal.confidence}</dt>
          <dd>
            {texts.confidence[proposal.confidence].label} <span className="muted">{texts.confidence[proposal.confidence].meaning}</span>
          </dd>
        </div>
        {source && (
          <div>
            <dt>{texts.proposal.source}</dt>
            <dd>
              <SourceLink source={source} />
            </dd>
          </div>
        )}
      </dl>
    </>
  );
}
