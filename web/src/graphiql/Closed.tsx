import { onHost } from '../browser/base';

const MINIMAL_QUERY = onHost(`/graphql?${new URLSearchParams({ query: '{__typename}' })}`);

/** Whether the server executes trusted documents only. Sends a minimal document to find out. */
export async function isClosed(): Promise<boolean> {
  try {
    const response = await fetch(MINIMAL_QUERY, { headers: { accept: 'application/graphql-response+json' } });
    if (response.status !== 403) return false;
    const answer = (await response.json()) as { errors?: { extensions?: { code?: string } }[] };
    return answer.errors?.[0]?.extensions?.code === 'DOCUMENT_NOT_TRUSTED';
  } catch {
    // The playground shows the error.
    return false;
  }
}

/** The notice that replaces the playground if the server executes trusted documents only. */
export function Closed() {
  return (
    <div className="closed">
      <h2>The playground is closed</h2>
      <p>
        This server executes trusted documents only (<code>--trusted-documents-only</code>), so it does not execute
        documents that are written here.
      </p>
      <p>
        <a href={onHost('/')}>Go to the web app</a>
      </p>
    </div>
  );
}
