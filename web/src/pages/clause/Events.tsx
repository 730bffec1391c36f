import { useState } from 'react';
import { useQuery } from '../../api/query';
import { DayText } from '../../components/DayText';
import { Empty, Loaded } from '../../components/Loaded';
import { Evidence } from '../../components/SourceLink';
import { texts } from '../../texts';
import { ClauseEventsDocument } from './Clause.gen';
import styles from './Clause.module.css';

const STEP = 10;
const MOST = 200;

/** What happened around the clause, latest first. */
export function Events({ names }: { names: { agreement: string; number: string } }) {
  const [last, setLast] = useState(STEP);
  const [result, ask] = useQuery({ query: ClauseEventsDocument, variables: { ...names, last } });
  return (
    <section aria-labelledby="events">
      <h2 id="events">{texts.clause.events}</h2>
      <Loaded result={result} retry={ask}>
        {({ clause }) => {
          const { nodes, totalCount } = clause?.events ?? { nodes: [], totalCount: 0 };
          if (nodes.length === 0) return <Empty>{texts.clause.eventsEmpty}</Empty>;
          return (
            <>
              <ul className={styles.list}>
                {nodes.toReversed().map((it) => (
                  <li key={it.id}>
                    <span className="muted">
                      <DayText day={it.happenedOn} />
                      {it.endedOn && (
                        <>
                          {' – '}
                          <DayText day={it.endedOn} />
                        </>
                      )}
                      {' · '}
                      {texts.eventKind[it.kind]}
                      {it.place && ` · ${it.place}`}
                    </span>
                    <br />
                    {it.title}
                    <details>
                      <summary>{texts.clause.eventDetails}</summary>
                      <p className="prose">{it.summary}</p>
                      <Evidence sources={it.sources} />
                    </details>
                  </li>
                ))}
              </ul>
              <p className="actions">
                <span className="muted">{texts.states.showing(nodes.length, totalCount)}</span>
                {nodes.length < totalCount && last < MOST && (
                  <button type="button" onClick={() => setLast(Math.min(MOST, last * 4))}>
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
