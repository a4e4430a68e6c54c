"""Say what a feed would change, and change nothing: feed_plan DIR|FILE [--source SLUG] [--json]. Exit 1 when it would be refused."""

from ecritoire.directory.services.arrivals import path_plan

from ._feed import FeedCommand


class Command(FeedCommand):
    help = __doc__
    carry_out = staticmethod(path_plan)
