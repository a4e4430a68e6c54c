"""Small real files to attach, made once."""

from __future__ import annotations

import io
import struct
import zlib
from functools import cache

from reportlab.pdfgen.canvas import Canvas


@cache
def pdf(title: str) -> bytes:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, invariant=True)
    canvas.setFont("Helvetica", 16)
    canvas.drawString(72, 760, title)
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


@cache
def csv(title: str) -> bytes:
    return f"{title};;\r\nnom;classe;note\r\nLina;6e A;14,5\r\nNoah;6e B;12\r\n".encode("iso-8859-15", "replace")


@cache
def png(width: int = 120, height: int = 40) -> bytes:
    """A plain teal rectangle."""
    rows = b"".join(b"\0" + b"\x0f\x5c\x63" * width for _ in range(height))

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
