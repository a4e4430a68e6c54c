from django.urls import path

from .urls_factor import urlpatterns as factor_urls
from .views import account, activation, app_passwords, console, forgotten, letters, sign_in

app_name = "accounts"
urlpatterns = [
    path("connexion/", sign_in.sign_in_page, name="sign-in"),
    path("deconnexion/", sign_in.sign_out, name="sign-out"),
    path("oubli/", forgotten.start, name="forgotten"),
    path("oubli/verification/", forgotten.check, name="forgotten-check"),
    path("oubli/mot-de-passe/", forgotten.password, name="forgotten-password"),
    path("activation/", activation.next_page, name="activation"),
    path("activation/mot-de-passe/", activation.password, name="activation-password"),
    path("activation/informations/", activation.details, name="activation-details"),
    path("activation/adresse/", activation.address, name="activation-address"),
    path("activation/adresse/renvoi/", activation.address_again, name="activation-address-again"),
    path("activation/questions/", activation.questions, name="activation-questions"),
    path("activation/memo/", activation.memo, name="activation-memo"),
    path("mot-de-passe/", account.password, name="password"),
    path("secours/", account.recovery, name="recovery"),
    path("sessions/", account.sessions, name="sessions"),
    path("sessions/autres/", account.sessions_end_others, name="sessions-end-others"),
    path("sessions/<int:started>/", account.session_end, name="session-end"),
    path("historique/", account.history, name="history"),
    path("applications/", app_passwords.index, name="app-passwords"),
    path("applications/<int:pk>/retrait/", app_passwords.revoke, name="app-password-revoke"),
    path("lettres/", letters.index, name="letters"),
    path("lettres/edition/", letters.make, name="letters-make"),
    path("lettres/<int:pk>/reinitialisation/", letters.reset, name="letter-reset"),
    path("gestion/<int:pk>/<str:name>/", console.act, name="act"),
    path("gestion/<int:pk>/role/ajout/", console.grant, name="role-grant"),
    path("roles/<int:pk>/retrait/", console.revoke, name="role-revoke"),
    path("journal/", console.journal, name="journal"),
    path("corrections/", console.corrections, name="corrections"),
    *factor_urls,
]
