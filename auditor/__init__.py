"""License and provenance auditor for AI models: `auditor.audit("org/name", use="product")` gives a `Report`.

Everything but the version is imported when it is first asked for, because every command starts by importing this.
"""

from __future__ import annotations

__version__ = "0.1.0"
__all__ = [
    "AuditorError",
    "CouldNotDecide",
    "FileMistakes",
    "RepoId",
    "Report",
    "Source",
    "UsageError",
    "Use",
    "__version__",
    "audit",
]

TYPE_CHECKING = False  # type checkers take it for true; `typing` would be half of this import
if TYPE_CHECKING:
    from auditor.api import Report, audit
    from auditor.errors import AuditorError, CouldNotDecide, FileMistakes, UsageError
    from auditor.model import RepoId, Use
    from auditor.sources.base import Source
else:
    _HOMES = {
        "audit": "auditor.api",
        "Report": "auditor.api",
        "AuditorError": "auditor.errors",
        "CouldNotDecide": "auditor.errors",
        "FileMistakes": "auditor.errors",
        "UsageError": "auditor.errors",
        "RepoId": "auditor.model",
        "Use": "auditor.model",
        "Source": "auditor.sources.base",
    }

    def __getattr__(name: str) -> object:
        """A public name, imported now."""
        from importlib import import_module

        if name in _HOMES:
            found = globals()[name] = getattr(import_module(_HOMES[name]), name)
            return found
        if name in ("api", "errors", "model"):  # the modules that hold them, without an import of their own
            return import_module(f"{__name__}.{name}")
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

    def __dir__() -> list[str]:
        """The public names, whether they were imported yet or not."""
        return sorted({*globals(), *__all__})
