import { useLastDefined, useQuery } from '../../api/query';
import type { PartyQuery } from '../../api/types.gen';
import { usePresentSlug } from '../../app/address';
import { Editors } from '../../app/Editors';
import { useFirstDay } from '../../app/firstDay';
import { useViewpointName } from '../../app/holders';
import { Page } from '../../app/Page';
import type { PageProps } from '../../app/routes';
import { useView } from '../../app/view';
import { Citation } from '../../components/Citation';
import { ExternalIds } from '../../components/ExternalIds';
import { Aliases, Fact } from '../../components/Fact';
import { Link } from '../../components/Link';
import { Loaded } from '../../components/Loaded';
import { today } from '../../format/days';
import { texts } from '../../texts';
import { WatchRecord } from '../../watch/WatchButton';
import { NotFound } from '../NotFound';
import { Agreements, Proposals } from './Instruments';
import { Duties } from './Duties';
import { Interpretations } from './Interpretations';
import { PartyDocument } from './Party.gen';
import { Breaches, Views } from './Views';

type Party = NonNullable<PartyQuery['party']>;

/** One party: its duties, views, breaches, interpretations, proposals and agreements. */
export default function PartyPage({ parameters: { slug = '' } }: PageProps) {
  const view = useView();
  const asOf = view.asOf ?? today();
  const [result, refetch] = useQuery({ query: PartyDocument, variables: { slug, asOf, heldBy: view.heldBy } });
  const viewpoint = useViewpointName();
  usePresentSlug(slug, result.data?.party?.slug);
  const last = useLastDefined(result.data?.party);
  const firstDay = useFirstDay();
  if (result.data?.party === null && !result.fetching) return <NotFound />;
  return (
    <Page
      title={last?.shortName ?? (result.error && slug)}
      lead={<Link to="/parties">{texts.parties.parties}</Link>}
      actions={
        last && (
          <>
            <Link to={`/?heldBy=${last.slug}`}>{texts.party.showView(last.shortName)}</Link>
            <Link to={`/timeline?party=${last.slug}`}>{texts.party.timeline}</Link>
            <WatchRecord id={last.id} to={`/parties/${last.slug}`} title={last.shortName} />
            <Editors>
              <Link to={`/edit/party/${last.id}`}>{texts.edit.edit}</Link>
            </Editors>
          </>
        )
      }
      viewFrom={firstDay}
    >
      <Loaded result={result} retry={refetch}>
        {({ party, agreements, proposals }) =>
          party && (
            <>
              <About party={party} />
              <Duties party={party} asOf={asOf} />
              <Views party={party} asOf={asOf} />
              <Breaches party={party} asOf={asOf} />
              <Interpretations party={party} asOf={asOf} />
              <Proposals party={party} list={proposals} />
              <Agreements party={party} list={agreements} />
              <Citation subject={party.name} viewpoint={viewpoint} />
            </>
          )
        }
      </Loaded>
    </Page>
  );
}

function About({ party: { name, shortName, aliases, kind, represents, representatives, externalIds } }: { party: Party }) {
  return (
    <dl className="facts">
      {name !== shortName && <Fact name={texts.party.fullName}>{name}</Fact>}
      <Aliases aliases={aliases} />
      <Fact name={texts.party.kind}>{texts.partyKind[kind]}</Fact>
      {represents && (
        <Fact name={texts.party.represents}>
          <Link to={`/parties/${represents.slug}`}>{represents.shortName}</Link>
        </Fact>
      )}
      {representatives.length > 0 && (
        <Fact name={texts.party.representatives}>
          {representatives.map((person, index) => (
            <span key={person.id}>
              {index > 0 && ', '}
              <Link to={`/parties/${person.slug}`}>{person.shortName}</Link>
            </span>
          ))}
        </Fact>
      )}
      <ExternalIds externalIds={externalIds} />
    </dl>
  );
}
