"""Prints each change of the change log. After an interruption, it continues after the last printed change.

Usage: follow.py [http://127.0.0.1:8080]

Install the packages first: pip install -r requirements.txt. If the server requires an access token, set the environment
variable TOKEN. The file follow.cursor contains the cursor of the last printed change. On its first start, the program begins
with the next change.
"""

import os
import random
import sys
import time
from pathlib import Path

import httpx
from httpx_sse import SSEError, connect_sse

SERVER = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8080"
HEADERS = {"authorization": f"Bearer {os.environ['TOKEN']}"} if "TOKEN" in os.environ else {}
# Errors that may be temporary. All others end the program.
TEMPORARY = {"INTERNAL_SERVER_ERROR", "RATE_LIMITED", "TIMEOUT", "UNAVAILABLE"}
# The server sends a comment every 25 seconds, so a longer silence is a lost connection.
TIMEOUT = httpx.Timeout(10, read=60)
CURSOR = Path("follow.cursor")

CHANGES = """
subscription Changes($after: String) {
  changes(after: $after) {
    cursor position recordedAt actor action
    subject { __typename ... on Trackable { reference } }
  }
}
"""


class ServerError(Exception):
    """An error in an answer of the server."""


def data_of(answer):
    """Returns the data of an answer. Ends the program if an error is not temporary."""
    if "errors" in answer:
        error = answer["errors"][0]
        if error["extensions"]["code"] not in TEMPORARY:
            sys.exit(error["message"])
        raise ServerError(error["message"])
    return answer["data"]


def store(cursor):
    """Stores the cursor. The file is replaced in one step, so it is never incomplete."""
    new = CURSOR.with_suffix(".new")
    new.write_text(cursor)
    new.replace(CURSOR)


def follow(client):
    """Prints changes until the connection ends."""
    if not CURSOR.exists():
        answer = client.post("/graphql", json={"query": "{ changesEnd }"}).raise_for_status()
        store(data_of(answer.json())["changesEnd"])
    request = {"query": CHANGES, "variables": {"after": CURSOR.read_text()}}
    with connect_sse(client, "POST", "/graphql", json=request) as stream:
        stream.response.raise_for_status()
        for event in stream.iter_sse():
            if event.event == "complete":
                return
            if event.event != "next":
                continue  # httpx-sse also yields the comments that keep the connection open, as empty messages.
            change = data_of(event.json())["changes"]
            subject = change["subject"]
            name = subject.get("reference") or subject["__typename"]
            print(change["position"], change["recordedAt"], change["actor"], change["action"], name, flush=True)
            store(change["cursor"])


with httpx.Client(base_url=SERVER, headers=HEADERS, timeout=TIMEOUT) as client:
    wait = 1
    while True:
        before = CURSOR.read_text() if CURSOR.exists() else None
        try:
            follow(client)
        except (httpx.HTTPError, SSEError, ServerError, ValueError) as failure:
            print(f"interrupted: {failure}", file=sys.stderr)
        # The wait doubles while nothing new arrives.
        has_news = CURSOR.exists() and CURSOR.read_text() != before
        wait = 1 if has_news else min(2 * wait, 30)
        time.sleep(wait * random.uniform(0.5, 1))
