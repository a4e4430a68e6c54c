from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from ecritoire.common.requests import AccountRequest

from .favourites import favourite_set
from .tiles import home_groups, tile_keys


@login_required
def home(request: AccountRequest) -> HttpResponse:
    """The tiles of every service this person may use, favourites first, narrowed by a search."""
    search = request.GET.get("q", "").strip()[:100]
    groups = home_groups(request, request.user, search=search)
    return render(request, "portal/home.html", {"groups": groups, "search": search})


@login_required
@require_POST
def favourite(request: AccountRequest) -> HttpResponse:
    tile = request.POST.get("tile", "")
    if tile not in tile_keys(request, request.user):
        raise Http404
    favourite_set(account=request.user, tile=tile, wanted=request.POST.get("wanted") == "1")
    return redirect("portal:home")
