from ecritoire.accounts.models import Account
from ecritoire.accounts.tokens import token_issue


def mail_token_issue(*, account: Account) -> str:
    """A token that opens ``account``'s mailbox for one minute."""
    return token_issue(account.store_id)
