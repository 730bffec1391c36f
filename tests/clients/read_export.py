"""Reads an exported CSV or XLSX file and prints its rows as a JSON list of objects.

Usage: read_export.py FILE. CSV is read by Python's csv, XLSX by openpyxl.
"""

import csv
import json
import sys

import openpyxl

if sys.argv[1].endswith(".xlsx"):
    workbook = openpyxl.load_workbook(sys.argv[1], read_only=True)
    header, *lines = workbook["Rows"].iter_rows(values_only=True)
    width = len(header)
    rows = [dict(zip(header, (*line, *[None] * (width - len(line))))) for line in lines]
else:
    with open(sys.argv[1], encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, strict=True))
json.dump(rows, sys.stdout)
