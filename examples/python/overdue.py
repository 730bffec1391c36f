"""Lists the clauses that are overdue today, page by page.

Usage: overdue.py [http://127.0.0.1:8080]

Install httpx first: pip install -r requirements.txt. If the server requires an access token, set the environment variable
TOKEN.
"""

import os
import sys

import httpx

SERVER = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8080"
HEADERS = {"authorization": f"Bearer {os.environ['TOKEN']}"} if "TOKEN" in os.environ else {}

OVERDUE = """
query Overdue($after: String) {
  clauses(filter: { overdue: true }, orderBy: { field: DEADLINE }, first: 50, after: $after) {
    nodes { reference heading status deadlines { dueOn rule } }
    pageInfo { hasNextPage endCursor }
  }
}
"""


def query(client, document, variables):
    """Sends a query and returns its data."""
    response = client.post("/graphql", json={"query": document, "variables": variables})
    answer = response.json()
    if "errors" in answer:
        sys.exit(answer["errors"][0]["message"])
    return answer["data"]


def overdue_clauses(client):
    """Yields the clauses of all pages."""
    after = None
    while True:
        page = query(client, OVERDUE, {"after": after})["clauses"]
        yield from page["nodes"]
        if not page["pageInfo"]["hasNextPage"]:
            return
        after = page["pageInfo"]["endCursor"]


with httpx.Client(base_url=SERVER, headers=HEADERS) as client:
    for clause in overdue_clauses(client):
        print(f"{clause['reference']} ({clause['status']}): {clause['heading']}")
        for deadline in clause["deadlines"]:
            print(f"    due {deadline['dueOn'] or 'on an unknown day'}: {deadline['rule']}")
