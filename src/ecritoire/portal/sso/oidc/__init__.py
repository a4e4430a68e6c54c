"""The OpenID Connect provider: django-oauth-toolkit, with our sessions, consent and claims."""
