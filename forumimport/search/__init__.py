"""The pages that search: results, concordance, downloads, subcorpora.

What is asked stands in the address of the page and nowhere else. Who asks is part of every
question (:mod:`forumimport.search.asked`), so that no page can show more than its visitor may read.
"""
