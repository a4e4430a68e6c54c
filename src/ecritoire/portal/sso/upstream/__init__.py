"""Signing in with another identity provider (OpenID Connect, in the shape of ProConnect). Off unless configured."""
