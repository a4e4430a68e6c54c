"""Forms of the accounts room."""

from .applications import AppPasswordForm
from .base import AccountForm, ChangePasswordForm, NewPasswordForm, ReauthenticateForm, password_field
from .console import LettersForm, ProofForm, RoleForm
from .policies import PolicyForm
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
from .sign_in import ForgottenForm, HelpForm, SignInForm

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
    "HelpForm",
    "LettersForm",
    "MemoForm",
    "NewPasswordForm",
    "PolicyForm",
    "ProofForm",
    "QuestionsForm",
    "ReauthenticateForm",
    "ResetForm",
    "RoleForm",
    "SignInForm",
    "password_field",
]
