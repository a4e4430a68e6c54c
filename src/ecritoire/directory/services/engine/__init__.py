"""How a feed becomes the directory: entries are staged by COPY, compared in sets, then written in one transaction.

``staging`` copies what a reader yields; ``matching`` finds who each record is about; ``wanting`` says what the directory should
hold for them, from the last word of all their sources; ``comparing`` lists the differences; ``writing`` makes them so;
``following`` brings rights, accounts and everything above along. Memory does not grow with the feed: its rows never leave the
database. The working tables (``feed_…``) are temporary, one transaction's.
"""
