"""Doors to repositories. `hub.py` is the only importer of huggingface_hub."""
