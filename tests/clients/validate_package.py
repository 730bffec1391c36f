"""Validates a Frictionless Data Package with all rows of its tables. Prints the errors, and fails if there are any."""

import sys

from frictionless import Package, system

with system.use_context(trusted=True):
    report = Package(sys.argv[1]).validate()
for error in report.flatten(["type", "message"]):
    print(error)
sys.exit(0 if report.valid else 1)
