"""Writes the reference pages of the documentation, and `schemas/`, from their sources. See `__main__.py`."""
