"""The corpus and what is said of it, in formats that other programs read; one file per format."""
