from __future__ import annotations

import os
import threading

from django.contrib.auth.hashers import Argon2PasswordHasher

HASHING = threading.BoundedSemaphore(max(1, (os.cpu_count() or 2) // 2))
"""Half the processors for hashes, in each process: a flood of sign-ins waits in line, and pages go on being served."""


class OwaspArgon2Hasher(Argon2PasswordHasher):
    """Argon2id at OWASP's parameters (19 MiB, 2 passes, 1 lane); other parameters are re-hashed at sign-in."""

    time_cost = 2
    memory_cost = 19_456
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        with HASHING:
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        with HASHING:
            return super().verify(password, encoded)
