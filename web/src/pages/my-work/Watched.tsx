import { useState } from 'react';
import { useQuery } from '../../api/query';
import { ChangeLine } from '../../app/ChangeLine';
import { Link } from '../../components/Link';
import { Empty, Loaded } from '../../components/Loaded';
import { texts } from '../../texts';
import { MAX_COUNT, type News, newsFilter, useAccount, useNews } from '../../watch/news';
import { unwatch, type Watch } from '../../watch/storage';
import { WatchNewsDocument } from '../../watch/Watch.gen';
import styles from './MyWork.module.css';

const MAX_NEWS = 10;

/** The watched pages, with their news. */
export function Watched() {
  const news = useNews();
  const account = useAccount();
  if (news.length === 0) return <Empty>{texts.myWork.watchedEmpty}</Empty>;
  return (
    <>
      <p className="prose">{texts.myWork.watchedAbout}</p>
      <ul className={styles.list}>
        {news.map(({ watch, count }) => (
          <li key={watch.to}>
            <Link to={watch.to} isLatest>
              {watch.title}
            </Link>{' '}
            <button
              type="button"
              className="quiet"
              aria-label={texts.myWork.unwatchNamed(watch.title)}
              onClick={() => unwatch(account, watch.to)}
            >
              {texts.myWork.unwatch}
            </button>
            <NewsOf watch={watch} count={count} />
          </li>
        ))}
      </ul>
    </>
  );
}

function NewsOf({ watch, count }: News) {
  const [isOpen, setOpen] = useState(false);
  if (!count) return <p className="muted">{count === 0 ? texts.myWork.noNews : texts.states.loading}</p>;
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{texts.watch.news(count, MAX_COUNT)}</summary>
      {isOpen && <Lines watch={watch} />}
    </details>
  );
}

function Lines({ watch: { seen, filter } }: { watch: Watch }) {
  const account = useAccount();
  const variables = { after: seen, filter: newsFilter(filter, account), first: MAX_NEWS };
  const [result, refetch] = useQuery({ query: WatchNewsDocument, variables });
  return (
    <Loaded result={result} retry={refetch}>
      {({ changes }) => (
        <>
          <ul>
            {changes?.nodes.map((change) => (
              <li key={change.position}>
                <ChangeLine change={change} />
              </li>
            ))}
          </ul>
          {changes?.pageInfo.hasNextPage && <p className="muted">{texts.myWork.allNews}</p>}
        </>
      )}
    </Loaded>
  );
}
