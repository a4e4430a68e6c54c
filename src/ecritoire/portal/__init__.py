"""The home page: one sign-in, every service."""
