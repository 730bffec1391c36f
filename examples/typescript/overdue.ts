// Lists the clauses that are overdue today, page by page.
//
// Usage: npx tsx overdue.ts [http://127.0.0.1:8080]
//
// Node 22.18 and later also run this file without tsx. If the server requires an access token, set the environment variable TOKEN.

const server = process.argv[2] ?? 'http://127.0.0.1:8080';
const { TOKEN } = process.env;

const OVERDUE = `
  query Overdue($after: String) {
    clauses(filter: { overdue: true }, orderBy: { field: DEADLINE }, first: 50, after: $after) {
      nodes { reference heading status deadlines { dueOn rule } }
      pageInfo { hasNextPage endCursor }
    }
  }
`;

interface Clause {
  reference: string;
  heading: string;
  status: string;
  deadlines: { dueOn: string | null; rule: string }[];
}

interface Overdue {
  clauses: { nodes: Clause[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } };
}

/** Sends a query and returns its data. */
async function query<Data>(document: string, variables: object): Promise<Data> {
  const response = await fetch(`${server}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(TOKEN && { authorization: `Bearer ${TOKEN}` }) },
    body: JSON.stringify({ query: document, variables }),
  });
  const { data, errors } = (await response.json()) as { data: Data; errors?: { message: string }[] };
  if (errors) throw new Error(errors[0]?.message);
  return data;
}

/** Yields the clauses of all pages. */
async function* overdueClauses() {
  let after: string | null = null;
  do {
    const { clauses }: Overdue = await query<Overdue>(OVERDUE, { after });
    yield* clauses.nodes;
    after = clauses.pageInfo.hasNextPage ? clauses.pageInfo.endCursor : null;
  } while (after);
}

for await (const { reference, heading, status, deadlines } of overdueClauses()) {
  console.log(`${reference} (${status}): ${heading}`);
  for (const { dueOn, rule } of deadlines) console.log(`    due ${dueOn ?? 'on an unknown day'}: ${rule}`);
}
