"""Taking away everything one owns: mail, contacts, calendars and filters in one ZIP archive.

``services`` says who may and when, ``building`` makes the archive part by part, ``zip64`` writes it; the rest are the
readers of each part and the pages.
"""
