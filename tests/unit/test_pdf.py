"""Licenses that are PDFs: read with the extra, named with a remedy without it, never fatal."""

from __future__ import annotations

import pytest

from auditor.identify import pdf
from auditor.identify.decode import decode
from auditor.sources.choice import choose
from auditor.sources.text import read_text


def made(*lines: str) -> bytes:
    """A PDF of one page with these lines."""
    shown = " ".join(f"({line}) Tj 0 -14 Td" for line in lines)
    stream = f"BT /F1 12 Tf 50 700 Td {shown} ET".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
            b"/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>"
        ),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
    ]
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer << /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(out)
    return out + b"xref\n0 5\n0000000000 65535 f \n" + table + end


needs_pypdf = pytest.mark.skipif(not pdf.can_read(), reason="pypdf, the extra `pdf`, is not installed")


@needs_pypdf
def test_its_text_is_read() -> None:
    found = decode(made("You may not use the model", "for any commercial purpose."))
    assert (found.encoding, found.problem) == ("pdf", "")
    assert found.text.split() == ["You", "may", "not", "use", "the", "model", "for", "any", "commercial", "purpose."]
    (document,) = read_text("LICENSE.pdf", made("Be kind."), 1_000_000)
    assert document.path == "LICENSE.pdf"


@needs_pypdf
@pytest.mark.parametrize("data", [b"%PDF-1.7 ...", made("words")[:300], b"%PDF-" + b"\x00" * 10_000])
def test_a_damaged_one_is_said(data: bytes) -> None:
    found = decode(data)
    assert (found.text, found.encoding) == ("", None)
    assert "a PDF" in found.problem


@needs_pypdf
def test_one_without_text_is_said() -> None:
    assert "without text" in decode(made("")).problem


def test_without_the_extra_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "can_read", lambda: False)
    assert "model-license-auditor[pdf]" in decode(made("words")).problem
    chosen, (failure,) = choose(["LICENSE.pdf"], {})
    assert chosen == []
    assert failure.why.startswith("PDF, not read")
    assert "model-license-auditor[pdf]" in failure.why


def test_with_it_the_file_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "can_read", lambda: True)
    chosen, failures = choose(["Community License.PDF"], {})
    assert ([path for path, _ in chosen], failures) == (["Community License.PDF"], [])
