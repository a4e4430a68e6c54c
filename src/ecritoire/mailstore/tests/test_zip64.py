"""The archive writer, as other readers see it."""

from __future__ import annotations

import datetime as dt
import random
import subprocess
import tracemalloc
import zipfile
from pathlib import Path

from ecritoire.mailstore.export.zip64 import Position, ZipWriter

AT = dt.datetime(2026, 11, 3, 10, 20, 30)
START = Position()
NOISE = random.Random(4).randbytes(300_000)


def writer(folder: Path, position: Position = START) -> ZipWriter:
    return ZipWriter(folder / "a.zip", folder / "a.dir", position)


def test_it_works(tmp_path):
    made = writer(tmp_path)
    made.add("courrier/é.eml", AT, b"Bonjour\r\n")
    with made.entry("courrier/grand.mbox", AT) as entry:
        for _ in range(20):
            entry.write(NOISE)
    made.finish()
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert archive.testzip() is None
        assert archive.read("courrier/é.eml") == b"Bonjour\r\n"
        assert archive.read("courrier/grand.mbox") == NOISE * 20
        assert archive.getinfo("courrier/é.eml").date_time == (2026, 11, 3, 10, 20, 30)


def test_another_reader_agrees(tmp_path):
    made = writer(tmp_path)
    for rank in range(50):
        made.add(f"{rank}.txt", AT, NOISE[:rank])
    made.finish()
    subprocess.run(["unzip", "-tq", tmp_path / "a.zip"], check=True, capture_output=True)


def test_more_than_65535_entries(tmp_path):
    made = writer(tmp_path)
    for rank in range(70_000):
        made.add(f"{rank}", AT, b"")
    made.finish()
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert len(archive.infolist()) == 70_000


def test_sizes_beyond_four_gigabytes(tmp_path):
    """Offsets are read from the ZIP64 fields alone: the short ones say « look there »."""
    made = writer(tmp_path)
    made._archive.truncate(5 << 30)  # a hole, which costs no disk
    made._archive.seek(5 << 30)
    made.add("loin.txt", AT, b"au loin")
    made.finish()
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert archive.getinfo("loin.txt").header_offset == 5 << 30
        assert archive.read("loin.txt") == b"au loin"


def test_a_crash_costs_what_came_after_the_last_position(tmp_path):
    made = writer(tmp_path)
    made.add("avant.txt", AT, b"avant")
    kept = made.position()
    made.add("pendant.txt", AT, b"perdu")
    cut = made.entry("coupé.txt", AT)
    cut.__enter__().write(NOISE)
    made._archive.flush()
    made._directory.flush()
    again = writer(tmp_path, kept)  # as after the process's death
    again.add("après.txt", AT, b"apres")
    again.finish()
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert archive.namelist() == ["avant.txt", "après.txt"]
        assert archive.testzip() is None


def test_memory_does_not_grow_with_the_entries(tmp_path):
    made = writer(tmp_path)
    made.add("premier", AT, NOISE)
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    for rank in range(20_000):
        made.add(f"courrier/{rank:06d}.eml", AT, b"x" * 100)
    grown = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    made.finish()
    assert grown < 100_000
