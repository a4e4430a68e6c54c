"""Forms of the accounts room."""

from .alerts import AlertFilterForm, HistoryForm, ProveByPasswordForm, SinceForm
from .applications import ApplicationForm, DecisionForm, SecretForm, TrustForm
from .base import AccountForm, ChangePasswordForm, NewPasswordForm, ReauthenticateForm, password_field
from .console import JournalForm, LettersForm, ProofForm, ReasonForm, RoleForm
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
    "AlertFilterForm",
    "ApplicationForm",
    "ChangeAddressForm",
    "ChangePasswordForm",
    "ChangeQuestionsForm",
    "CodeForm",
    "DecisionForm",
    "DisputeForm",
    "ForgottenForm",
    "HelpForm",
    "HistoryForm",
    "JournalForm",
    "LettersForm",
    "MemoForm",
    "NewPasswordForm",
    "PolicyForm",
    "ProofForm",
    "ProveByPasswordForm",
    "QuestionsForm",
    "ReasonForm",
    "ReauthenticateForm",
    "ResetForm",
    "RoleForm",
    "SecretForm",
    "SignInForm",
    "SinceForm",
    "TrustForm",
    "password_field",
]
