"""Connected services and what a single sign-on needs to remember."""

from .service import Service

__all__ = ["Service"]
