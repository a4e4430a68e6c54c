"""Second factors: between password and session, in one's account, and for those who help."""

from django.urls import path

from .views import confirmation, factors, lost_factor, second_factor, vouching

urlpatterns = [
    path("connexion/cle/", second_factor.first, name="passkey-sign-in"),
    path("connexion/cle/options/", second_factor.first_options, name="passkey-sign-in-options"),
    path("connexion/verification/", second_factor.page, name="second-factor"),
    path("connexion/verification/code-de-secours/", second_factor.recovery, name="second-factor-recovery"),
    path("connexion/verification/cle/", second_factor.passkey, name="second-factor-passkey"),
    path("connexion/verification/cle/options/", second_factor.passkey_options, name="second-factor-passkey-options"),
    path("connexion/perdu/", lost_factor.ways, name="second-factor-lost"),
    path("connexion/perdu/code/", lost_factor.send_code, name="second-factor-lost-code"),
    path("connexion/perdu/adresse/", lost_factor.address, name="second-factor-lost-address"),
    path("connexion/perdu/rendez-vous/", lost_factor.appointment, name="second-factor-appointment"),
    path("double-authentification/", factors.index, name="factors"),
    path("double-authentification/confirmation/", confirmation.confirm, name="factor-confirm"),
    path("double-authentification/confirmation/options/", confirmation.confirm_options, name="factor-confirm-options"),
    path("double-authentification/application/", factors.totp, name="factor-totp"),
    path("double-authentification/application/retrait/", factors.totp_end, name="factor-totp-end"),
    path("double-authentification/cles/", factors.passkey, name="factor-passkey"),
    path("double-authentification/cles/options/", factors.passkey_options, name="factor-passkey-options"),
    path("double-authentification/cles/<int:pk>/nom/", factors.passkey_name, name="factor-passkey-name"),
    path("double-authentification/cles/<int:pk>/retrait/", factors.passkey_end, name="factor-passkey-end"),
    path("double-authentification/codes/", factors.codes, name="factor-codes"),
    path("appareils/<int:pk>/retrait/", factors.device_end, name="trusted-device-end"),
    path("rendez-vous/", vouching.index, name="vouchings"),
    path("rendez-vous/<int:pk>/confirmation/", vouching.confirm, name="vouching-confirm"),
    path("rendez-vous/<int:pk>/refus/", vouching.refuse, name="vouching-refuse"),
]
