"""A seeded year of sign-ins of a thousand invented people, with takeovers planted in it, replayed through the rules.

What it supposes of people is written in ``people.py``, of thieves in ``attacks.py``. Neither knows the rules' thresholds.
"""
