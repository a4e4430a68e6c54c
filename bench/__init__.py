"""Measures on a running demonstration, each beside a bare control in the same run, as ratios.

``.venv/bin/python -m bench`` as root, after ``./ecritoire up --demo``. Nothing here asserts a time.
"""

import os
import sys
from pathlib import Path

import django

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ecritoire.settings")
django.setup()
