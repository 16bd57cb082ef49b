"""A second forum engine, as small as can be: tables to point at, and no pages."""
