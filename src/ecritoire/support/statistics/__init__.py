"""Figures of the help desk, each computed by one query from the requests it can list."""
