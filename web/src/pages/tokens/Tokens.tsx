import { useState } from 'react';
import { useQuery } from '../../api/query';
import type { TokenLineFragment } from '../../api/types.gen';
import { Page } from '../../app/Page';
import { DayText, InstantText } from '../../components/DayText';
import { Empty, Loaded } from '../../components/Loaded';
import { Mark } from '../../components/StatusBadge';
import { type Column, Table } from '../../components/Table';
import { today } from '../../format/days';
import { texts } from '../../texts';
import { CreateToken } from './CreateToken';
import { Revoke } from './Revoke';
import { stateOf } from './state';
import { TokensDocument } from './Tokens.gen';
import styles from './Tokens.module.css';

type Token = TokenLineFragment;

const INITIAL_ROWS = 50;
const MAX_ROWS = 200;

/** The access tokens, with their roles and states. */
export default function TokensPage() {
  const [first, setFirst] = useState(INITIAL_ROWS);
  const [result, refetch] = useQuery({ query: TokensDocument, variables: { first } });
  const [toRevoke, setToRevoke] = useState<Token>();
  return (
    <Page title={texts.tokens.title}>
      <p className="prose">{texts.tokens.about}</p>
      <Loaded result={result} retry={refetch}>
        {({ tokens }) => (
          <>
            <CreateToken />
            <section aria-labelledby="list">
              <h2 id="list">{texts.tokens.list}</h2>
              {tokens?.nodes.length ? (
                <Table
                  caption={texts.tokens.list}
                  columns={columns(setToRevoke)}
                  rows={tokens.nodes}
                  rowKey={(token) => token.id}
                  file={['tokens', today()]}
                  total={tokens.totalCount}
                />
              ) : (
                <Empty>{texts.tokens.empty}</Empty>
              )}
              {tokens && tokens.nodes.length < tokens.totalCount && first < MAX_ROWS && (
                <button type="button" onClick={() => setFirst(MAX_ROWS)}>
                  {texts.states.more}
                </button>
              )}
            </section>
            {toRevoke && <Revoke token={toRevoke} onClose={() => setToRevoke(undefined)} />}
          </>
        )}
      </Loaded>
    </Page>
  );
}

const columns = (revoke: (token: Token) => void): readonly Column<Token>[] => [
  { title: texts.tokens.name, isRowHeader: true, cell: (token) => token.name, csv: (token) => token.name },
  {
    title: texts.tokens.role,
    isLead: true,
    cell: (token) => texts.role[token.role].label,
    csv: (token) => texts.role[token.role].label,
  },
  { title: texts.tokens.hint, cell: (token) => <code>…{token.hint}</code>, csv: (token) => token.hint },
  { title: texts.tokens.state, isLead: true, cell: (token) => <State token={token} /> },
  { title: texts.tokens.validUntil, csv: (token) => token.expiresAt ?? texts.tokens.noExpiry },
  { title: texts.tokens.revokedAt, csv: (token) => token.revokedAt },
  { title: texts.tokens.revokedBy, csv: (token) => token.revokedBy },
  {
    title: texts.tokens.createdAt,
    cell: (token) => (
      <>
        <DayText day={token.createdAt.slice(0, 10)} /> {texts.tokens.by(token.createdBy)}
      </>
    ),
    csv: (token) => token.createdAt,
  },
  { title: texts.tokens.createdBy, csv: (token) => token.createdBy },
  {
    title: texts.tokens.lastUsed,
    cell: (token) => (token.lastUsedAt ? <InstantText at={token.lastUsedAt} /> : <span className="muted">{texts.tokens.never}</span>),
    csv: (token) => token.lastUsedAt,
  },
  {
    title: texts.tokens.actions,
    isLead: true,
    cell: (token) =>
      !token.revokedAt && (
        <button
          type="button"
          className={`quiet ${styles.danger} no-print`}
          aria-label={texts.tokens.revokeNamed(token.name, token.hint)}
          onClick={() => revoke(token)}
        >
          {texts.tokens.revoke}
        </button>
      ),
  },
];

function State({ token }: { token: Token }) {
  switch (stateOf(token, new Date())) {
    case 'revoked':
      return (
        <>
          <Mark strong>{texts.tokens.revoked}</Mark>{' '}
          <span className="muted">
            <DayText day={token.revokedAt?.slice(0, 10)} /> {token.revokedBy && texts.tokens.by(token.revokedBy)}
          </span>
        </>
      );
    case 'expired':
      return (
        <>
          <Mark strong>{texts.tokens.expired}</Mark> <DayText day={token.expiresAt?.slice(0, 10)} />
        </>
      );
    case 'expiring':
      return (
        <>
          {texts.tokens.validUntil} <DayText day={token.expiresAt?.slice(0, 10)} />
        </>
      );
    default:
      return texts.tokens.noExpiry;
  }
}
