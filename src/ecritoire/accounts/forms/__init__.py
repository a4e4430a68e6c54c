"""Forms of the accounts room."""

from .alerts import AlertFilterForm, HistoryForm, ProveByPasswordForm, SinceForm
from .applications import AppPasswordForm
from .base import AccountForm, ChangePasswordForm, NewPasswordForm, ReauthenticateForm, password_field
from .console import LettersForm, RoleForm
from .recovery import (
    AddressForm,
    ChangeAddressForm,
    ChangeQuestionsForm,
    CodeForm,
    DisputeForm,
    MemoForm,
    QuestionsForm,
    ResetForm,
)
from .sign_in import ForgottenForm, SignInForm

__all__ = [
    "AccountForm",
    "AddressForm",
    "AlertFilterForm",
    "AppPasswordForm",
    "ChangeAddressForm",
    "ChangePasswordForm",
    "ChangeQuestionsForm",
    "CodeForm",
    "DisputeForm",
    "ForgottenForm",
    "HistoryForm",
    "LettersForm",
    "MemoForm",
    "NewPasswordForm",
    "ProveByPasswordForm",
    "QuestionsForm",
    "ReauthenticateForm",
    "ResetForm",
    "RoleForm",
    "SignInForm",
    "SinceForm",
    "password_field",
]
