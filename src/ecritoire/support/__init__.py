"""Requests for help: opened by people or for them, answered by support, followed by local IT contacts."""
