"""The tiles of the home page: the rooms' own pages and the connected services, as one person may use them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from django.http import HttpRequest
from django.utils.translation import gettext as _

from ecritoire.accounts.models import Account
from ecritoire.common.navigation import Entry, Section, entries_for
from ecritoire.directory.addresses import fold

from .models import Favourite, Service
from .selectors import services_open_to


@dataclass(frozen=True)
class Tile:
    """``key`` names it among favourites: a page's address name, or a service's number."""

    key: str
    label: str
    description: str
    icon: str
    url: str
    is_favourite: bool = False

    @property
    def words(self) -> str:
        """What a search looks into, folded."""
        return fold(f"{self.label} {self.description}")


@dataclass(frozen=True)
class Group:
    key: str
    title: str
    tiles: list[Tile] = field(default_factory=list)


def home_groups(request: HttpRequest, account: Account, *, search: str = "") -> list[Group]:
    """Favourites first, then services by category, one's account, the console; none is empty. Three queries."""
    groups = [
        Group("services", _("Vos services"), _pages(request, "services")),
        *_by_category(account),
        Group("account", _("Votre compte"), _pages(request, "account")),
        Group("console", _("Administration"), _pages(request, "console")),
    ]
    groups = _favourites_first(groups, _favourite_keys(account))
    return [group for group in (_matching(group, search) for group in groups) if group.tiles]


def tile_keys(request: HttpRequest, account: Account) -> set[str]:
    return {tile.key for group in home_groups(request, account) for tile in group.tiles}


def _pages(request: HttpRequest, section: Section) -> list[Tile]:
    return [_page(entry) for entry in entries_for(request, section)]


def _page(entry: Entry) -> Tile:
    return Tile(entry.url_name, str(entry.label), str(entry.description), entry.icon, entry.url)


def _by_category(account: Account) -> list[Group]:
    groups = {value: Group(value, str(label)) for value, label in Service.Category.choices}
    for row in services_open_to(account):
        groups[row.category].tiles.append(Tile(f"service-{row.pk}", row.name, row.description, row.icon, row.url))
    return list(groups.values())


def _favourite_keys(account: Account) -> list[str]:
    return list(Favourite.objects.filter(account=account).values_list("tile", flat=True))


def _favourites_first(groups: list[Group], keys: list[str]) -> list[Group]:
    """A favourite leaves its group; favourites stand in the order they were chosen."""
    known = {tile.key: replace(tile, is_favourite=True) for group in groups for tile in group.tiles}
    chosen = Group("favourites", _("Favoris"), [known[key] for key in keys if key in known])
    left = [Group(group.key, group.title, [tile for tile in group.tiles if tile.key not in keys]) for group in groups]
    return [chosen, *left]


def _matching(group: Group, search: str) -> Group:
    words = fold(search).split()
    fitting = [tile for tile in group.tiles if all(word in tile.words for word in words)]
    return replace(group, tiles=fitting)
