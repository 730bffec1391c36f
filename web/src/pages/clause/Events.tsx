import { useState } from 'react';
import { useQuery } from '../../api/query';
import { Editors } from '../../app/Editors';
import { DayText } from '../../components/DayText';
import { useIsPhone } from '../../components/Folded';
import { Link } from '../../components/Link';
import { Empty, Loaded } from '../../components/Loaded';
import { Evidence } from '../../components/SourceLink';
import { texts } from '../../texts';
import { ClauseEventsDocument } from './Clause.gen';
import styles from './Clause.module.css';

const INITIAL_ROWS = { phone: 3, desk: 5 };
const MAX_ROWS = 200;

/** The events that concern the clause, latest first. */
export function Events({ names, clauseId }: { names: { agreement: string; number: string }; clauseId: string }) {
  const [last, setLast] = useState(useIsPhone() ? INITIAL_ROWS.phone : INITIAL_ROWS.desk);
  const [result, refetch] = useQuery({ query: ClauseEventsDocument, variables: { ...names, last } });
  return (
    <section aria-labelledby="events">
      <h2 id="events">{texts.clause.events}</h2>
      <Editors>
        <Link to={`/new/event?concernsIds=${clauseId}`}>{texts.edit.newEvent}</Link>
      </Editors>
      <Loaded result={result} retry={refetch}>
        {({ clause }) => {
          const { nodes, totalCount } = clause?.events ?? { nodes: [], totalCount: 0 };
          if (nodes.length === 0) return <Empty>{texts.clause.eventsEmpty}</Empty>;
          return (
            <>
              <ul className={styles.list}>
                {nodes.toReversed().map((event) => (
                  <li key={event.id}>
                    <span className="muted">
                      <DayText day={event.date} />
                      {' · '}
                      {texts.eventKind[event.kind]}
                      {event.place && ` · ${event.place}`}
                    </span>
                    <br />
                    <Link to={`/events/${event.id}`}>{event.title}</Link>
                    <details>
                      <summary>{texts.clause.eventDetails}</summary>
                      <p className="prose">{event.summary}</p>
                      <Evidence citations={event.citations} />
                    </details>
                  </li>
                ))}
              </ul>
              <p className="actions">
                <span className="muted">{texts.states.showing(nodes.length, totalCount)}</span>
                {nodes.length < totalCount && last < MAX_ROWS && (
                  <button type="button" onClick={() => setLast(Math.min(MAX_ROWS, last * 4))}>
                    {texts.agreement.earlier}
                  </button>
                )}
              </p>
            </>
          );
        }}
      </Loaded>
    </section>
  );
}
