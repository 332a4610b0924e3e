"""The text of a PDF, drawn out in a process of its own: whatever the file does, it ends in time and within memory."""

from __future__ import annotations

import importlib.util
import subprocess
import sys

from auditor.identify.decode import Decoded

MAX_PAGES = 100
MAX_CHARS = 1 << 20
_SECONDS = 20
_MEMORY = 1 << 29  # bytes
INSTALL = "to read PDFs: pip install 'model-license-auditor[pdf]'"


def can_read() -> bool:
    """Whether the extra `pdf` is installed. Imports nothing."""
    return importlib.util.find_spec("pypdf") is not None


def pdf_text(data: bytes) -> Decoded:
    """The text of a PDF, its pages one after the other; `encoding` is `pdf`, or None with the reason why there is none.

    Offsets into it are those of the text, not of the file. Never raises.
    """
    if not can_read():
        return Decoded("", None, f"not text: a PDF ({INSTALL})")
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-W", "ignore", __file__],
            input=data,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Decoded("", None, f"a PDF that could not be read within {_SECONDS} seconds")
    if done.returncode:
        return Decoded("", None, "a PDF that is damaged, encrypted or too large to be read")
    text = done.stdout.decode("utf-8", "replace")
    if not text.strip():
        return Decoded("", None, "a PDF without text, such as a scan")
    cut = len(text) >= MAX_CHARS
    return Decoded(text[:MAX_CHARS], "pdf", f"only the first {MAX_CHARS} characters were read" if cut else "", cut)


def _main() -> None:
    """The other process: a PDF on stdin, its text on stdout."""
    import io
    import itertools

    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    except ImportError:  # not on this system; the time limit remains
        pass
    from pypdf import PdfReader

    left = MAX_CHARS
    for page in itertools.islice(PdfReader(io.BytesIO(sys.stdin.buffer.read())).pages, MAX_PAGES):
        text = page.extract_text()[:left] + "\n"
        sys.stdout.buffer.write(text.encode("utf-8", "replace"))
        left -= len(text)
        if left <= 0:
            break


if __name__ == "__main__":
    _main()
