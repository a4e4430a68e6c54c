"""The states and transitions of ``accounts.lifecycle``, drawn for ``docs/lifecycle.md``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from .lifecycle import BEFORE, CLOSED, MAY_RETURN_TO, OPEN, RECEIVING, TRANSITIONS, Event, State

BEGIN, END = "<!-- drawn by ./ecritoire manage lifecycle_draw -->", "<!-- end of the drawing -->"


def drawing() -> str:
    """Mermaid's state diagram, then the same as tables."""
    lines = [BEGIN, "```mermaid", "stateDiagram-v2", *_arrows(), "```", "", *_states(), "", *_transitions(), END]
    return "\n".join(lines)


def drawn_into(text: str) -> str:
    """``text`` with what stands between the two marks drawn anew. Raises ValueError when a mark is missing."""
    before, mark, rest = text.partition(BEGIN)
    _old, last, after = rest.partition(END)
    if not mark or not last:
        raise ValueError("the marks of the drawing are missing")
    return before + drawing() + after


def document() -> Path:
    from launcher.config import PROJECT_ROOT

    return PROJECT_ROOT / "docs" / "lifecycle.md"


def _arrows() -> Iterator[str]:
    yield f"    [*] --> {State.ANNOUNCED}: {Event.ANNOUNCE}"
    yield f"    [*] --> {State.PROVISIONED}: {Event.PROVISION}"
    for event, transition in TRANSITIONS.items():
        for source in _in_order(transition.sources):
            for target in MAY_RETURN_TO if transition.target == BEFORE else (transition.target,):
                if target != source or event == Event.EXTEND:
                    yield f"    {source} --> {target}: {event}"


def _states() -> Iterator[str]:
    yield "| state | in French | lets the person in | takes mail |"
    yield "| --- | --- | --- | --- |"
    for state in State:
        taken = "yes" if state in RECEIVING else "refused, and says why" if state in CLOSED else "not yet"
        yield f"| `{state}` | {state.label} | {'yes' if state in OPEN else _way_in(state)} | {taken} |"


def _way_in(state: State) -> str:
    return "to activate" if state == State.PROVISIONED else "no"


def _transitions() -> Iterator[str]:
    yield "| event | from | to | taken back by |"
    yield "| --- | --- | --- | --- |"
    for event, transition in TRANSITIONS.items():
        sources = ", ".join(f"`{state}`" for state in _in_order(transition.sources))
        target = "what it was before" if transition.target == BEFORE else f"`{transition.target}`"
        yield f"| `{event}` | {sources} | {target} | {f'`{transition.undone_by}`' if transition.undone_by else '–'} |"


def _in_order(states: frozenset[State]) -> list[State]:
    return [state for state in State if state in states]
