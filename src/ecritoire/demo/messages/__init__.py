"""Realistic French school mail: generated, seeded, dated relative to now. No person, school or product in it is real."""

from .generator import Correspondent, GeneratedMessage, generate

__all__ = ["Correspondent", "GeneratedMessage", "generate"]
