"""Key words in context: lines, their order, their spread. Pure: texts and places in, lines out."""

from corpus.concordance.lines import Context, Line, line
from corpus.concordance.sampling import sample
from corpus.concordance.sorting import POSITIONS, sort_key

__all__ = ["POSITIONS", "Context", "Line", "line", "sample", "sort_key"]
