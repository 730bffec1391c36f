import '@graphiql/react/style.css';
import '@graphiql/plugin-doc-explorer/style.css';
import '@graphiql/plugin-history/style.css';
import 'graphiql/graphiql.css';
import './graphiql.css';
import './workers';

import { useGraphiQL } from '@graphiql/react';
import { createGraphiQLFetcher, type Fetcher } from '@graphiql/toolkit';
import { GraphiQL } from 'graphiql';
import { type DocumentNode, parse } from 'graphql';
import { StrictMode, useEffect } from 'react';
import { createRoot } from 'react-dom/client';

import { Closed, isClosed } from './Closed';
import { examples } from './examples';

// The server answers in one piece: without incremental delivery the fetcher asks for
// `application/graphql-response+json, application/json;q=0.9`. Subscriptions go over a WebSocket.
const send = createGraphiQLFetcher({
  url: '/graphql',
  subscriptionUrl: `${location.origin.replace(/^http/, 'ws')}/graphql`,
  enableIncrementalDelivery: false,
});

/**
 * GraphiQL learns of what was just written a moment late: a name that is gone must not be sent, and whether
 * it is a subscription decides which way it goes.
 */
const fetcher: Fetcher = (params, options) => {
  const { operationName } = params;
  const named = new RegExp(`\\b(query|mutation|subscription)\\s+${operationName}\\b`);
  const stale = operationName && !named.test(params.query);
  const documentAST = parsed(params.query);
  return send(stale ? { ...params, operationName: null } : params, { ...options, documentAST });
};

/** The document; nothing where it is none, which the server will say better. */
function parsed(query: string): DocumentNode | undefined {
  try {
    return parse(query);
  } catch {
    return undefined;
  }
}

/**
 * Mends three habits of Monaco. Select all and type `{`: it would put braces around what is selected,
 * not replace it. A comment that is wider than the editor would be cut off. And in the answer it would
 * put a frame around each ’ and – as if somebody wanted to deceive us with them.
 */
function EditorHabits() {
  const query = useGraphiQL((state) => state.queryEditor);
  const response = useGraphiQL((state) => state.responseEditor);
  useEffect(() => query?.updateOptions({ autoSurround: 'never', wordWrap: 'on' }), [query]);
  useEffect(
    () => response?.updateOptions({ unicodeHighlight: { ambiguousCharacters: false } }),
    [response],
  );
  return null;
}

// Off until switched on under Settings, as headers may hold a token. GraphiQL reads its own setting
// back only where this says yes.
const shouldPersistHeaders = localStorage.getItem('graphiql:shouldPersistHeaders') === 'true';

function Playground() {
  return (
    <GraphiQL
      fetcher={fetcher}
      defaultTabs={examples}
      defaultEditorToolsVisibility="variables"
      shouldPersistHeaders={shouldPersistHeaders}
      showPersistHeadersSettings
    >
      <GraphiQL.Logo>Clausewatch</GraphiQL.Logo>
      <EditorHabits />
    </GraphiQL>
  );
}

const root = document.getElementById('graphiql');
if (root) {
  const page = (await isClosed()) ? <Closed /> : <Playground />;
  createRoot(root).render(<StrictMode>{page}</StrictMode>);
}
