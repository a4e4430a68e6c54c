"""Forms of the accounts room."""

from .applications import ApplicationForm, DecisionForm, SecretForm, TrustForm
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
    "ApplicationForm",
    "ChangeAddressForm",
    "ChangePasswordForm",
    "ChangeQuestionsForm",
    "CodeForm",
    "DecisionForm",
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
    "SecretForm",
    "SignInForm",
    "TrustForm",
    "password_field",
]
