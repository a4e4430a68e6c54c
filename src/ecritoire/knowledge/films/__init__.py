"""Videos: what is accepted of an upload, read from the file itself. Deliberately knows nothing about articles."""
