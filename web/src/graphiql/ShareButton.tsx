import { ToolbarButton, useGraphiQL } from '@graphiql/react';
import { useState } from 'react';
import { shareParameters } from './shared';

/** Copies the address of the query in the current tab, with its variables but without headers, and shows it in the address bar. */
export function ShareButton() {
  const query = useGraphiQL((state) => state.queryEditor);
  const variables = useGraphiQL((state) => state.variableEditor);
  const [isCopied, setCopied] = useState(false);
  const share = async () => {
    const parameters = shareParameters({ query: query?.getValue() ?? '', variables: variables?.getValue() });
    const address = `${window.location.pathname}?${parameters}`;
    window.history.replaceState(null, '', address);
    // On an insecure page there is no clipboard, but the address bar shows the address.
    await navigator.clipboard?.writeText(new URL(address, window.location.href).href).catch(() => undefined);
    setCopied(true);
  };
  return (
    <ToolbarButton label={isCopied ? 'The link is in the address bar' : 'Copy a link to this query'} onClick={() => void share()}>
      <svg width="20" height="20" viewBox="0 0 20 20" fill="none" stroke="currentColor" strokeWidth="1.5" aria-hidden="true">
        <path d="M8.5 11.5 11.5 8.5M9 6l2-2a3.5 3.5 0 0 1 5 5l-2 2M11 14l-2 2a3.5 3.5 0 0 1-5-5l2-2" />
      </svg>
    </ToolbarButton>
  );
}
