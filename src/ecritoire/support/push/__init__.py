"""Telling a browser at once (Web Push: RFC 8030, 8188, 8291, 8292): for pressing requests, and answers to one's own."""
