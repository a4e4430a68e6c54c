"""Invented AAF sets, of any size, for tests, measures and trials: seeded, streamed, with faults one knows of."""

from .make import Made, generate
from .planting import FAULTS

__all__ = ["FAULTS", "Made", "generate"]
