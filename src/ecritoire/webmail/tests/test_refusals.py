"""What the writer reads when a recipient is refused."""

import pytest

from ecritoire.mailflow.submission import RecipientsRefused
from ecritoire.webmail.views.compose import explain

CLOSED = "5.2.1 <a@b.test>: Recipient address rejected: Cette boite est fermee"
RETIRED = "5.1.6 <c@b.test>: Recipient address rejected: Cette adresse n'est plus en service"
UNKNOWN = "5.1.1 <d@b.test>: Recipient address rejected: User unknown"


@pytest.mark.parametrize(
    ("refused", "words"),
    [
        ({"a@b.test": CLOSED}, "est fermée"),
        ({"a@b.test": CLOSED, "c@b.test": RETIRED}, "est fermée"),
        ({"d@b.test": UNKNOWN}, "n'existe pas"),
        ({"a@b.test": CLOSED, "d@b.test": UNKNOWN}, "n'existe pas"),
    ],
)
def test_it_works(refused, words):
    text = explain(RecipientsRefused(refused))
    assert words in text
    assert all(address in text for address in refused)
