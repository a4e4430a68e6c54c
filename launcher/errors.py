"""What stops the launcher: one line that says what to do."""


class LauncherError(Exception):
    """``str(error)`` is the one line shown to the administrator."""
