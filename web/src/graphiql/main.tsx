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

removeStoredSecrets();
onSignedOut(() => window.location.reload());

function Playground() {
  return (
    <GraphiQL
      fetcher={fetcher}
      defaultTabs={examples}
      defaultEditorToolsVisibility="variables"
      // Headers may hold a token, so there is no setting to keep them.
      shouldPersistHeaders={false}
      showPersistHeadersSettings={false}
      storage={storage}
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
