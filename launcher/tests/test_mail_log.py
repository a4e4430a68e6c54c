"""The mail log: a new file each day, the old ones compressed, then gone."""

from __future__ import annotations

import datetime as dt
import gzip
import os

from launcher.mail_log import is_due, tidy

NOW = dt.datetime(2026, 12, 3, 0, 5, tzinfo=dt.UTC)


def aged(path, days):
    moment = NOW.timestamp() - days * 86_400
    os.utime(path, (moment, moment))


def test_it_works(tmp_path):
    log = tmp_path / "mail.log"
    log.write_text("Dec  2 23:59:59 mail postfix/qmgr[1]: x\n")
    assert is_due(log, now=NOW)
    log.write_text("Dec  3 00:00:01 mail postfix/qmgr[1]: x\n")
    assert not is_due(log, now=NOW)


def test_an_empty_one_stays(tmp_path):
    (tmp_path / "mail.log").touch()
    assert not is_due(tmp_path / "mail.log", now=NOW)


def test_old_ones_are_compressed_then_deleted(tmp_path):
    (tmp_path / "mail.log").write_text("today")
    for name, days in (("20261202-000000", 1), ("20261128-000000", 5), ("20261001-000000.gz", 31)):
        path = tmp_path / f"mail.log.{name}"
        path.write_text(name)
        aged(path, days)
    tidy(tmp_path, days=30, now=NOW)
    left = sorted(path.name for path in tmp_path.iterdir())
    assert left == ["mail.log", "mail.log.20261128-000000.gz", "mail.log.20261202-000000"]
    packed = tmp_path / "mail.log.20261128-000000.gz"
    assert gzip.decompress(packed.read_bytes()) == b"20261128-000000"
    assert packed.stat().st_mode & 0o777 == 0o600
    tidy(tmp_path, days=4, now=NOW)
    assert not packed.exists()
