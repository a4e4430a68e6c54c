"""Error pages: what happened, and what to do."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _


def error_page(request: HttpRequest, code: int, title: str, text: str, *, retry: bool = False) -> HttpResponse:
    context = {"code": code, "title": title, "text": text, "retry": retry}
    return render(request, "common/error.html", context, status=code)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    text = _("Votre navigateur a envoyé une demande que le service ne comprend pas.")
    return error_page(request, HTTPStatus.BAD_REQUEST, _("Demande incorrecte"), text)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    text = _("Votre compte n'ouvre pas cette page. Si vous en avez besoin, demandez le rôle à la DSI.")
    return error_page(request, HTTPStatus.FORBIDDEN, _("Accès réservé"), text)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    text = _("La page ou le message demandé n'existe pas, ou n'existe plus.")
    return error_page(request, HTTPStatus.NOT_FOUND, _("Introuvable"), text)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    text = _("La page est restée ouverte trop longtemps. Revenez en arrière, rechargez-la, puis recommencez.")
    return error_page(request, HTTPStatus.FORBIDDEN, _("Formulaire périmé"), text)


def server_error(request: HttpRequest) -> HttpResponse:
    """Touches neither the database nor the session: they may be what failed."""
    page = """<!doctype html><html lang="fr"><meta charset="utf-8"><title>Panne</title><h1>Le service a rencontré une panne</h1>
<p>Rien de ce que vous aviez enregistré n'est perdu. Réessayez dans quelques instants.</p><p><a href="/">Accueil</a></p></html>"""
    return HttpResponse(page, status=HTTPStatus.INTERNAL_SERVER_ERROR)
