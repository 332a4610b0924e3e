"""License and provenance auditor for AI models."""

__version__ = "0.1.0"
