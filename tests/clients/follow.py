"""Follows the change log with the client `gql` and prints one JSON object per line.

Usage: follow.py ADDRESS TOKEN CURSOR EVENTS, with an address such as ws://127.0.0.1:8080/graphql. Ends after EVENTS events.
"""

import asyncio
import json
import sys

from gql import Client, gql
from gql.transport.websockets import WebsocketsTransport


async def main(address: str, token: str, cursor: str, events: int) -> None:
    transport = WebsocketsTransport(url=address, init_payload={"authorization": f"Bearer {token}"})
    async with Client(transport=transport) as session:
        answer = await session.execute(gql("{ viewer { name } }"))
        print(json.dumps({"subprotocol": transport.subprotocol, **answer}), flush=True)
        follow = gql("subscription($after: String!) { changes(after: $after) { position action } }")
        follow.variable_values = {"after": cursor}
        async for event in session.subscribe(follow):
            print(json.dumps(event), flush=True)
            events -= 1
            if events == 0:
                break


asyncio.run(main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])))
