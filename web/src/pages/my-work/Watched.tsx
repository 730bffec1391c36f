import { useState } from 'react';
import { useQuery } from '../../api/query';
import { FoldedList } from '../../components/Folded';
import { Link } from '../../components/Link';
import { Empty, Loaded } from '../../components/Loaded';
import { texts } from '../../texts';
import { MAX_COUNT, newsFilter, useAccount, useNews } from '../../watch/news';
import { unwatch, type Watch } from '../../watch/storage';
import { ChangeRow } from './ChangeRow';
import { WatchNewsDocument } from './MyWork.gen';
import { Section } from './Section';
import styles from './MyWork.module.css';

const MAX_NEWS = 10;
/** The number of watched pages whose news are shown at first. Each sends a query. */
const MAX_OPEN = 1;

/** The watched pages, with their news. */
export function Watched() {
  const news = useNews();
  const account = useAccount();
  return (
    <Section id="watched" title={texts.myWork.watched} count={news.length} beside={<p className="hint">{texts.myWork.watchedAbout}</p>}>
      {news.length === 0 && <Empty>{texts.myWork.watchedEmpty}</Empty>}
      <ul className={styles.list}>
        {news.map(({ watch, count }, index) => (
          <li key={watch.to}>
            <div className={styles.row}>
              <strong>
                <Link to={watch.to} isLatest>
                  {watch.title}
                </Link>
              </strong>
              {!count && <span className="muted">{count === 0 ? texts.myWork.noNews : texts.states.loading}</span>}
              <button
                type="button"
                className="quiet"
                aria-label={texts.myWork.unwatchNamed(watch.title)}
                onClick={() => unwatch(account, watch.to)}
              >
                {texts.myWork.unwatch}
              </button>
            </div>
            {count ? <NewsOf watch={watch} count={count} isOpenAtFirst={index < MAX_OPEN} /> : null}
          </li>
        ))}
      </ul>
    </Section>
  );
}

function NewsOf({ watch, count, isOpenAtFirst }: { watch: Watch; count: number; isOpenAtFirst: boolean }) {
  const [isOpen, setOpen] = useState(isOpenAtFirst);
  return (
    <details open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
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
          <FoldedList limit={3} className={styles.news}>
            {(changes?.nodes ?? []).map((change) => (
              <li key={change.position}>
                <ChangeRow change={change} />
              </li>
            ))}
          </FoldedList>
          {changes?.pageInfo.hasNextPage && <p className="muted">{texts.myWork.allNews}</p>}
        </>
      )}
    </Loaded>
  );
}
