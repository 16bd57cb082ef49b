"""Annotations as files, there and back; redacted words leave masked, character for character."""
