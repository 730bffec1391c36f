"""Verifies webhook messages with the reference library of Standard Webhooks.

Reads a JSON list of {"secret", "headers", "body"} from standard input, and prints the verified bodies as a JSON list.
"""

import json
import sys

from standardwebhooks.webhooks import Webhook

messages = json.load(sys.stdin)
json.dump([Webhook(m["secret"]).verify(m["body"].encode(), m["headers"]) for m in messages], sys.stdout)
