"""What the service keeps beside the store."""

from .export import Export

__all__ = ["Export"]
