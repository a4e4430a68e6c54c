"""Measures on a running demonstration, each beside a bare control in the same run, as ratios.

``.venv/bin/python -m bench`` as root, after ``./ecritoire up --demo``. Nothing here asserts a time.
"""
