from django.contrib.auth.hashers import Argon2PasswordHasher


class OwaspArgon2Hasher(Argon2PasswordHasher):
    """Argon2id at OWASP's parameters (19 MiB, 2 passes, 1 lane); other parameters are re-hashed at sign-in."""

    time_cost = 2
    memory_cost = 19_456
    parallelism = 1
