"""Texts that say the same in other words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from ecritoire.directory.addresses import fold

WORDS = re.compile(r"[a-z0-9]+")
WORD_LIMIT = 12
STEM = 4
# Words of a question that say nothing of its subject, beyond a dictionary's own stop words.
SAYS_NOTHING = """
comment faire puis peux peut quoi que quel quelle qui est il elle on cest je ne pas plus a au aux de des du en et la le les
ce cet cette ces ma mes mon ou par pour se sur un une me bonjour merci depuis avec dans suis ai matin jour hier aujourd hui
"""
EMPTY = frozenset(SAYS_NOTHING.split())


def words_of(text: str, limit: int = WORD_LIMIT) -> list[str]:
    """Folded words, at most ``limit``, without those that say nothing."""
    words = [word for word in WORDS.findall(fold(text).replace("'", " ")) if len(word) > 1]
    return ([word for word in words if word not in EMPTY] or words)[:limit]


def stems(words: Iterable[str]) -> frozenset[str]:
    """The first four letters: « ouvrir » is « ouvre », « réinitialiser » is « réinitialisation »."""
    return frozenset(word[:STEM] for word in words)


def alike(one: Iterable[str], other: Iterable[str]) -> float:
    """Jaccard's index of two sets of words, by their stems."""
    a, b = stems(one), stems(other)
    return len(a & b) / len(a | b) if a | b else 0.0


def resemble(one: Iterable[str], other: Iterable[str], same: float) -> bool:
    """Two words in common at least, and that much of all: one word alone (« messagerie ») says little."""
    a, b = stems(one), stems(other)
    return a == b or (len(a & b) > 1 and alike(one, other) >= same)


@dataclass
class Group:
    """Texts that share at least half their words."""

    words: frozenset[str]
    texts: Counter[str] = field(default_factory=Counter)

    @property
    def asked(self) -> int:
        return self.texts.total()

    @property
    def question(self) -> str:
        return self.texts.most_common(1)[0][0]


def grouped(asked: Counter[str], same: float = 0.5) -> list[Group]:
    """The largest first; each text joins the first group it resembles, the most frequent texts opening groups."""
    groups: list[Group] = []
    for text, count in asked.most_common():
        words = frozenset(words_of(text))
        if not words or not count:
            continue
        group = next((g for g in groups if alike(g.words, words) >= same), None)
        if group is None:
            groups.append(group := Group(words))
        group.texts[text] += count
    return sorted(groups, key=lambda group: -group.asked)
