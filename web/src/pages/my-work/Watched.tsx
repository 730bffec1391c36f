import { useState } from 'react';
import { useQuery } from '../../api/query';
import { FoldedList } from '../../components/Folded';
import { Icon } from '../../components/Icon';
import { Link } from '../../components/Link';
import { Loaded } from '../../components/Loaded';
import { texts } from '../../texts';
import { MAX_COUNT, type News, newsFilter, useAccount, useNews } from '../../watch/news';
import { unwatch, type Watch } from '../../watch/storage';
import { ChangeRow } from './ChangeRow';
import { WatchNewsDocument } from './MyWork.gen';
import { Row } from './Row';
import { Nothing, Section } from './Section';
import styles from './MyWork.module.css';

const MAX_NEWS = 10;
/** The number of watched pages whose news is shown at first. Each of these pages needs a query. */
const MAX_OPEN = 1;

/** The watched pages, with their news. */
export function Watched() {
  const news = useNews();
  return (
    <Section id="watched" title={texts.myWork.watched} count={news.length} beside={<p className="hint">{texts.myWork.watchedAbout}</p>}>
      {news.length === 0 && <Nothing>{texts.myWork.watchedEmpty}</Nothing>}
      <ul className={styles.list}>
        {news.map(({ watch, count }, index) => (
          <WatchedPage key={watch.to} watch={watch} count={count} isOpenAtFirst={index < MAX_OPEN} />
        ))}
      </ul>
    </Section>
  );
}

function WatchedPage({ watch, count, isOpenAtFirst }: News & { isOpenAtFirst: boolean }) {
  const account = useAccount();
  const [isOpen, setOpen] = useState(isOpenAtFirst);
  const news = count ? texts.watch.news(count, MAX_COUNT) : '';
  return (
    <li>
      <Row
        icon={<Icon name="watch" />}
        name={
          <Link to={watch.to} isLatest>
            {watch.title}
          </Link>
        }
        end={
          <button type="button" aria-label={texts.myWork.unwatchNamed(watch.title)} onClick={() => unwatch(account, watch.to)}>
            {texts.myWork.unwatch}
          </button>
        }
      >
        {count ? (
          <button type="button" className={`quiet ${styles.opener}`} aria-expanded={isOpen} aria-label={`${news}: ${watch.title}`} onClick={() => setOpen(!isOpen)}>
            {news}
          </button>
        ) : count === 0 ? (
          texts.myWork.noNews
        ) : (
          texts.states.loading
        )}
      </Row>
      {count && isOpen ? <Lines watch={watch} /> : null}
    </li>
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
