"""Reads an exported CSV file with Python's csv and prints its rows as a JSON list of objects.

Usage: read_export.py FILE
"""

import csv
import json
import sys

with open(sys.argv[1], encoding="utf-8-sig", newline="") as file:
    rows = list(csv.DictReader(file, strict=True))
json.dump(rows, sys.stdout)
