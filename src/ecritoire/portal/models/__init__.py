"""Connected services and what a single sign-on needs to remember."""

from .favourite import Favourite
from .protocols import CasClient, OidcClient, SamlProvider, TokenFamily
from .service import Service
from .session import Consent, ServiceSession
from .upstream import UpstreamIdentity

__all__ = [
    "CasClient",
    "Consent",
    "Favourite",
    "OidcClient",
    "SamlProvider",
    "Service",
    "ServiceSession",
    "TokenFamily",
    "UpstreamIdentity",
]
