"""Krippendorff's alpha for ordinal data, computed with the package `krippendorff`.

Reads a JSON list of tables. A table is a list of units, and a unit is the list of the numbers of values at each level.
Writes a JSON list with the alpha of each table.
"""

import json
import sys

import krippendorff
import numpy

tables = json.load(sys.stdin)
alphas = [
    krippendorff.alpha(value_counts=numpy.array(table), level_of_measurement="ordinal")
    for table in tables
]
json.dump([float(alpha) for alpha in alphas], sys.stdout)
