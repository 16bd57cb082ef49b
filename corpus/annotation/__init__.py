"""Coding: codebooks, assignments, annotations, agreement, adjudication; one file per service.

Pages, commands and tests call the same functions. ``agreement``, ``codebooks`` and ``palette`` are
pure; the others work on :mod:`corpus.models`.
"""
