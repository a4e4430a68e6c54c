"""The short films and the pictures of the help, recorded from the running demonstration by one command: ``./ecritoire videos``."""
