"""Measurements of search, ours against haystack's own Whoosh engine: ``python -m tests.bench``.

Ratios of CPU time within one run: absolute times depend on the machine and what else it does.
"""
