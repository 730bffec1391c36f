#!/usr/bin/env python3
"""Compares the statuses of the Belfast Agreement with the codes of the Peace Accords Matrix (PAM).

Usage: compare.py [http://127.0.0.1:8080]

The server must contain the sample. README.md explains the map, the rule and the differences.
"""

import csv
import json
import sys
import urllib.request
from pathlib import Path

YEARS = range(1998, 2008)
AGREEMENTS = ("belfast-agreement-1998", "british-irish-agreement-1998")
# The values of PAM: 0 none, 1 minimum, 2 intermediate, 3 full. Other statuses have no value.
VALUES = {"NOT_STARTED": 0, "BREACHED": 1, "SUSPENDED": 1, "MINIMAL": 1, "PARTIAL": 2, "COMPLETE": 3}
FULL = 3


def ask(server, query):
    """Sends a query and returns its data."""
    body = json.dumps({"query": query}).encode()
    request = urllib.request.Request(
        server.rstrip("/") + "/graphql", body, {"content-type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=60) as response:
        answer = json.load(response)
    if answer.get("errors"):
        raise SystemExit(f"the server answered: {answer['errors'][0]['message']}")
    return answer["data"]


def load_record(server):
    """Returns the statuses by clause and year, and the server's scores by year."""
    statuses = " ".join(f'y{year}: status(asOf: "{year}-12-31")' for year in YEARS)
    scores = " ".join(f'y{year}: implementation(asOf: "{year}-12-31") {{ score }}' for year in YEARS)
    by_clause, by_year = {}, {}
    for slug in AGREEMENTS:
        query = f'{{ agreement(slug: "{slug}") {{ {scores} clauses(first: 100) {{ nodes {{ number {statuses} }} }} }} }}'
        agreement = ask(server, query)["agreement"]
        if agreement is None:
            raise SystemExit(f"the server has no agreement {slug}: it needs the sample")
        for clause in agreement["clauses"]["nodes"]:
            by_clause[f"{slug}/{clause['number']}"] = [clause[f"y{year}"] for year in YEARS]
        if slug == AGREEMENTS[0]:
            by_year = [agreement[f"y{year}"]["score"] for year in YEARS]
    return by_clause, by_year


def load_codes():
    """Returns the rows of codes.csv, with the codes as numbers and the clauses as a list."""
    with open(Path(__file__).with_name("codes.csv"), encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row["codes"] = [int(row[str(year)]) for year in YEARS]
        row["clauses"] = row["clauses"].split()
    return rows


def values_of(clauses, by_clause, suspended):
    """Returns the lowest value of the clauses of a provision in each year, or None if a clause has no value."""
    values = {**VALUES, "SUSPENDED": suspended}
    columns = zip(*(by_clause[clause] for clause in clauses))
    found = [[values.get(status) for status in column] for column in columns]
    return [None if None in column else min(column) for column in found]


def percent(columns):
    """Returns the score of each year: the sum of the values as a percentage of the maximum."""
    scores = []
    for column in columns:
        counted = [value for value in column if value is not None]
        scores.append(100 * sum(counted) / (FULL * len(counted)) if counted else None)
    return scores


def line(title, scores):
    cells = "".join("     -" if score is None else f"{score:6.1f}" for score in scores)
    return f"{title:<34}{cells}"


def main():
    server = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8080"
    by_clause, server_scores = load_record(server)
    rows = load_codes()
    compared = [row for row in rows if row["clauses"]]
    for row in compared:
        row["ours"] = values_of(row["clauses"], by_clause, suspended=1)
        row["strict"] = values_of(row["clauses"], by_clause, suspended=0)

    print(f"{'Score in per cent':<34}" + "".join(f"{year:6}" for year in YEARS))
    print(line(f"PAM, {len(rows)} provisions", percent(zip(*(row["codes"] for row in rows)))))
    print(line(f"PAM, {len(compared)} provisions", percent(zip(*(row["codes"] for row in compared)))))
    print(line("Clausewatch, the same", percent(zip(*(row["ours"] for row in compared)))))
    print(line("  with suspended clauses as 0", percent(zip(*(row["strict"] for row in compared)))))
    print(line("Clausewatch, all clauses", server_scores))

    pairs = [pair for row in compared for pair in zip(row["ours"], row["codes"]) if pair[0] is not None]
    equal = sum(ours == theirs for ours, theirs in pairs)
    close = sum(abs(ours - theirs) <= 1 for ours, theirs in pairs)
    print(f"\nOf {len(pairs)} values {equal} are equal, and {close} differ by at most one.\n")

    print(f"{'Provision':<37}{'PAM':<12}{'Clausewatch':<13}Difference")
    for row in compared:
        differences = [ours - theirs for ours, theirs in zip(row["ours"], row["codes"]) if ours is not None]
        theirs = "".join(map(str, row["codes"]))
        ours = "".join("-" if value is None else str(value) for value in row["ours"])
        total = sum(differences)
        difference = f"{total:+d}" if total else "0"
        print(f"{row['provision']:<37}{theirs:<12}{ours:<13}{difference:<5}{row['reason']}".rstrip())


if __name__ == "__main__":
    main()
