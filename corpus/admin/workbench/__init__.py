"""The workbench: one thread as a continuous sheet, with everything on it that a curator may say.

``sheet`` is what is shown, ``steps`` are the forms behind every key and button, ``views`` answer:
with a page, or for the page's script with only the stretches that a step has changed.
"""
