"""One sign-in for every service: an OIDC provider, a CAS server, a SAML identity provider, and an optional upstream."""
