"""Connected services and what a single sign-on needs to remember."""

from .favourite import Favourite
from .service import Service

__all__ = ["Favourite", "Service"]
