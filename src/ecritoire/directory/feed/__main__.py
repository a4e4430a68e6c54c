"""``./ecritoire feed generate`` and ``feed validate``: they need no database and no running service."""

from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from .validate import Checked

ENCODINGS = ("iso-8859-15", "utf-8")


def main() -> int:
    settings.configure(USE_I18N=False)
    options = _parser().parse_args()
    return int(options.run(options))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="ecritoire feed")
    commands = parser.add_subparsers(required=True)
    make = commands.add_parser("generate", help="Make an invented AAF set and the HR file that goes with it.")
    make.add_argument("--staff", type=_positive, required=True, help="how many people")
    make.add_argument(
        "--structures", type=_positive, default=0, help="how many schools; one for thirty people by default"
    )
    make.add_argument("--seed", type=int, default=1)
    make.add_argument("--faults", default="", help="all, or kinds separated by commas; listed in planted.json")
    make.add_argument("--delta", type=_percent, help="a delta: what changes, in percent of the people")
    make.add_argument("--encoding", choices=ENCODINGS, default=ENCODINGS[0], help="ISO-8859-15 is declared in any case")
    make.add_argument("--out", type=Path, required=True, metavar="DIR")
    make.set_defaults(run=_generate)
    check = commands.add_parser("validate", help="Find every fault of a set; exit 1 when there is one.")
    check.add_argument("folder", type=Path, metavar="DIR")
    check.add_argument("--mapping", type=Path, help="a mapping (JSON) for CSV files that no ready one fits")
    check.add_argument("--json", action="store_true")
    check.set_defaults(run=_validate)
    return parser


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return value


def _percent(text: str) -> float:
    value = float(text)
    if not 0 < value <= 100:  # noqa: PLR2004
        raise argparse.ArgumentTypeError("more than 0, at most 100")
    return value


def _generate(options: argparse.Namespace) -> int:
    from rich.console import Console
    from rich.progress import track

    from .generator import FAULTS, generate

    kinds = list(FAULTS) if options.faults == "all" else list(filter(None, options.faults.split(",")))
    unknown = sorted(set(kinds) - set(FAULTS))
    if unknown:
        print(f"ecritoire: unknown fault: {', '.join(unknown)}; known: all, {', '.join(FAULTS)}", file=sys.stderr)
        return 1
    start, screen = time.monotonic(), Console(stderr=True)
    made = generate(
        out=options.out,
        staff=options.staff,
        structures=options.structures,
        seed=options.seed,
        faults=kinds,
        delta=options.delta,
        encoding=options.encoding,
        progress=lambda ranks: track(ranks, "people", console=screen, transient=True, disable=not screen.is_terminal),
    )
    seconds = time.monotonic() - start
    print(
        f"{made.folder}: {made.people} people, {made.structures} structures, {len(made.planted)} faults ({seconds:.1f} s)"
    )
    return 0


def _validate(options: argparse.Namespace) -> int:
    from .validate import validate

    if not options.folder.is_dir():
        print(f"ecritoire: {options.folder} is no folder", file=sys.stderr)
        return 1
    try:
        mapping = json.loads(options.mapping.read_text(encoding="utf-8")) if options.mapping else None
    except (OSError, ValueError) as error:
        print(f"ecritoire: {options.mapping}: {error}", file=sys.stderr)
        return 1
    checked = validate(options.folder, mapping=mapping)
    if options.json:
        print(json.dumps({"ok": not checked.faults} | asdict(checked), ensure_ascii=False, indent=1))
    else:
        _show(checked)
    return 1 if checked.faults else 0


def _show(checked: Checked) -> None:
    for fault in checked.faults:
        print(f"{fault.file}:{fault.line}: {fault.column or '-'}: {fault.value!r}: {fault.message}")
    for name, why in checked.skipped:
        print(f"{name}: {why}")
    for source, counts in checked.counts.items():
        print(f"{source}: {', '.join(f'{count} {kind}' for kind, count in counts.items()) or 'nothing'}")
    print(f"{len(checked.faults)} faults ({checked.seconds:.1f} s)")


if __name__ == "__main__":
    sys.exit(main())
