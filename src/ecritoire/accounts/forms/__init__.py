"""Forms of the accounts room."""

from .applications import AppPasswordForm
from .base import AccountForm, ChangePasswordForm, NewPasswordForm, ReauthenticateForm, password_field
from .console import JournalForm, LettersForm, ReasonForm, RoleForm
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
    "AppPasswordForm",
    "ChangeAddressForm",
    "ChangePasswordForm",
    "ChangeQuestionsForm",
    "CodeForm",
    "DisputeForm",
    "ForgottenForm",
    "JournalForm",
    "LettersForm",
    "MemoForm",
    "NewPasswordForm",
    "QuestionsForm",
    "ReasonForm",
    "ReauthenticateForm",
    "ResetForm",
    "RoleForm",
    "SignInForm",
    "password_field",
]
