import { ExternalIds } from '../../components/ExternalIds';
import { Aliases, Fact } from '../../components/Fact';
import { Provenance, provenanceText } from '../../components/Provenance';
import { SourceLink } from '../../components/SourceLink';
import { StatusBadge } from '../../components/StatusBadge';
import { type Column, Table } from '../../components/Table';
import { TrackableLink } from '../../components/TrackableLink';
import { shortDay } from '../../format/days';
import { joinNames } from '../../format/names';
import { texts } from '../../texts';
import type { Clause } from './Clause';
import styles from './Clause.module.css';

type Obligation = Clause['obligations'][number];

const ROLE_ORDER = ['OBLIGED', 'BENEFICIARY', 'FACILITATOR', 'MONITOR'] as const;

/** The content of the clause, and its parts. */
export function Content({ clause }: { clause: Clause }) {
  return (
    <section aria-labelledby="text">
      <h2 id="text">{texts.clause.text}</h2>
      <p className="prose">{clause.summary}</p>
      {clause.text && <blockquote className={`prose ${styles.verbatim}`}>{clause.text}</blockquote>}
      {clause.note && (
        <p className="prose">
          <strong>{texts.clause.note}</strong> {clause.note}
        </p>
      )}
      <dl className="facts">
        <KeyFacts clause={clause} />
        <Aliases aliases={clause.aliases} />
        <Fact name={texts.agreement.topic}>{clause.topic.name}</Fact>
        <Fact name={texts.clause.nature}>{texts.clauseNature[clause.nature]}</Fact>
        {clause.weight !== 1 && <Fact name={texts.clause.weight}>{clause.weight}</Fact>}
        {clause.parent && (
          <Fact name={texts.clause.partOf}>
            <TrackableLink item={clause.parent} />
          </Fact>
        )}
        {clause.source && (
          <Fact name={texts.clause.source}>
            <SourceLink source={clause.source} locator={clause.sourceLocator} />
          </Fact>
        )}
        <ExternalIds externalIds={clause.externalIds} />
      </dl>
      {clause.criteria.length > 0 && (
        <details className="printed-open">
          <summary>{texts.clause.criteria}</summary>
          <ul className={styles.list}>
            {clause.criteria.map(({ status, text }) => (
              <li key={status}>
                <StatusBadge status={status} />
                <p>{text}</p>
              </li>
            ))}
          </ul>
        </details>
      )}
      {clause.children.length > 0 && (
        <>
          <h3>{texts.clause.parts}</h3>
          <ul className={styles.list}>
            {clause.children.map((part) => (
              <li key={part.id}>
                <TrackableLink item={part} /> <StatusBadge status={part.status} />
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

/** Who must act, until when, and what must come first. The sections below have the details. */
function KeyFacts({ clause: { obligations, deadlines, preconditions } }: { clause: Clause }) {
  const obliged = Map.groupBy(obligations.filter(({ role }) => role === 'OBLIGED'), ({ party }) => party.shortName);
  const byText = deadlines.filter(({ heldBy }) => !heldBy);
  // Only the section below shows the preconditions in the reading of a party, with the name of the party.
  const required = new Map(preconditions.filter(({ heldBy }) => !heldBy).map(({ requires }) => [requires.reference, requires]));
  return (
    <>
      {obliged.size > 0 && (
        <Fact name={texts.clause.obliged}>
          {[...obliged].map(([party, according]) => {
            const holders = according.flatMap(({ heldBy }) => heldBy?.shortName ?? []);
            return (
              <div key={party}>
                {party}
                {holders.length === according.length && texts.clause.accordingToAll(joinNames(holders))}
              </div>
            );
          })}
        </Fact>
      )}
      {byText.length > 0 && (
        <Fact name={texts.clause.deadlines}>
          {byText.map(({ id, phase, dueOn, rule }) => (
            <div key={id}>
              {texts.deadlinePhase[phase]}: {dueOn ? shortDay(dueOn) : rule}
            </div>
          ))}
        </Fact>
      )}
      {required.size > 0 && (
        <Fact name={texts.clause.requires}>
          {[...required].map(([reference, step], index) => (
            <span key={reference}>
              {index > 0 && texts.clause.between(index === required.size - 1)}
              <TrackableLink item={step} isShort />
            </span>
          ))}
        </Fact>
      )}
    </>
  );
}

/** The roles of the parties. */
export function Obligations({ clause }: { clause: Clause }) {
  const obligations = clause.obligations.toSorted((a, b) => ROLE_ORDER.indexOf(a.role) - ROLE_ORDER.indexOf(b.role));
  return (
    <section aria-labelledby="obligations">
      <h2 id="obligations">{texts.clause.obligations}</h2>
      {obligations.length > 0 ? (
        <Table
          caption={texts.clause.obligations}
          columns={OBLIGATION_COLUMNS}
          rows={obligations}
          rowKey={(obligation) => obligation.id}
          file={[clause.agreement.slug, clause.number, 'obligations']}
          limit={5}
        />
      ) : (
        <p className="muted">{texts.clause.obligationsEmpty}</p>
      )}
    </section>
  );
}

/** The parameters of the form for a new part of this clause. */
export const partOf = ({ id, agreement, topic }: Clause) =>
  new URLSearchParams({ agreementId: agreement.id, parentId: id, topicId: topic.id });

const OBLIGATION_COLUMNS: readonly Column<Obligation>[] = [
  { title: texts.clause.party, isRowHeader: true, cell: (obligation) => obligation.party.name, csv: (obligation) => obligation.party.name },
  {
    title: texts.clause.role,
    isLead: true,
    cell: (obligation) => <span title={texts.obligationRole[obligation.role].meaning}>{texts.obligationRole[obligation.role].label}</span>,
    csv: (obligation) => texts.obligationRole[obligation.role].label,
  },
  {
    title: texts.clause.accordingTo,
    cell: (obligation) => obligation.heldBy?.shortName ?? texts.clause.undisputed,
    csv: (obligation) => obligation.heldBy?.shortName,
  },
  {
    title: texts.clause.basis,
    isLead: true,
    cell: (obligation) => <Provenance record={obligation} />,
    csv: provenanceText,
  },
];
