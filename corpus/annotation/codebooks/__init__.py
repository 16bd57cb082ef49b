"""Codebooks as files, there and back; one file per format; pure."""
