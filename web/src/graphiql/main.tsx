import '@graphiql/react/style.css';
import '@graphiql/plugin-doc-explorer/style.css';
import '@graphiql/plugin-history/style.css';
import 'graphiql/graphiql.css';
import './graphiql.css';
import './workers';

import { useGraphiQL } from '@graphiql/react';
import { GraphiQL } from 'graphiql';
import { StrictMode, useEffect } from 'react';
import { createRoot } from 'react-dom/client';

import { removeStoredSecrets, storage } from '../browser/secrets';
import { onSignedOut } from '../browser/signedOut';
import { Closed, isClosed } from './Closed';
import { examples } from './examples';
import { fetcher } from './fetcher';
import { ShareButton } from './ShareButton';
import { sharedQuery } from './shared';

/**
 * Changes three defaults of Monaco. By default, typing `{` encloses the selection instead of replacing it, long lines are cut
 * off, and the response highlights each ’ and – as a suspicious character.
 */
function EditorOptions() {
  const query = useGraphiQL((state) => state.queryEditor);
  const response = useGraphiQL((state) => state.responseEditor);
  useEffect(() => query?.updateOptions({ autoSurround: 'never', wordWrap: 'on' }), [query]);
  useEffect(
    () => response?.updateOptions({ unicodeHighlight: { ambiguousCharacters: false } }),
    [response],
  );
  return null;
}

removeStoredSecrets();
onSignedOut(() => window.location.reload());

const shared = sharedQuery(window.location.search);

function Playground() {
  return (
    <GraphiQL
      fetcher={fetcher}
      // A query in the address opens in a separate tab, next to the tabs of an earlier visit.
      defaultTabs={shared ? [shared, ...examples] : examples}
      initialQuery={shared?.query}
      initialVariables={shared?.variables}
      defaultEditorToolsVisibility="variables"
      // Headers may contain a token, so they are never stored.
      shouldPersistHeaders={false}
      showPersistHeadersSettings={false}
      storage={storage}
    >
      <GraphiQL.Logo>Clausewatch</GraphiQL.Logo>
      <GraphiQL.Toolbar>
        {({ copy, merge, prettify }) => (
          <>
            {prettify}
            {merge}
            {copy}
            <ShareButton />
          </>
        )}
      </GraphiQL.Toolbar>
      <EditorOptions />
    </GraphiQL>
  );
}

const root = document.getElementById('graphiql');
if (root) {
  const page = (await isClosed()) ? <Closed /> : <Playground />;
  createRoot(root).render(<StrictMode>{page}</StrictMode>);
}
