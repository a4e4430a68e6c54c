"""AAF/SDET sets, as an académie's federated directory exports them: complete or delta. ``docs/hr-feed.md`` documents them."""

from .known import ANYTHING, NOTHING, Known
from .reader import AafSet, read_aaf

__all__ = ["ANYTHING", "NOTHING", "AafSet", "Known", "read_aaf"]
