from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render

from ecritoire.common.requests import AccountRequest


@login_required
def home(request: AccountRequest) -> HttpResponse:
    """The tiles of every service this person may use."""
    return render(request, "portal/home.html")
