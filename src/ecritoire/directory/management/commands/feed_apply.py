"""Apply a feed: feed_apply DIR|FILE [--source SLUG] [--confirm] [--json]. Exit 1: refused; 3: stopped by a brake."""

from argparse import ArgumentParser

from ecritoire.directory.services.arrivals import path_apply

from ._feed import FeedCommand


class Command(FeedCommand):
    help = __doc__
    carry_out = staticmethod(path_apply)

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--confirm", action="store_true", help="apply even beyond the source's brakes")
