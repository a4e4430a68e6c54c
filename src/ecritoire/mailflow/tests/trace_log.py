"""Lines as Postfix 3.7 wrote them, for the tests of the trace."""

from __future__ import annotations

HOST = "mail postfix-ecritoire-10225"
LOCAL = "lmtp/lmtp], delay=0.15, delays=0.1/0.01/0/0.04, dsn=2.1.5, status=sent (250 2.1.5 Success SESSIONID=<cyrus-1>)"
DOOR = "550 5.1.1 <personne@ac-valmont.test>: Recipient address rejected: User unknown in virtual mailbox table"


def stamped(*lines: str, at: str = "Nov 30 02:28:36") -> str:
    return "".join(f"{at} {line}\n" for line in lines)


def opened(queue_id: str, sender: str, client: str = "unknown[192.0.2.7]") -> list[str]:
    return [
        f"{HOST}/smtpd[14670]: connect from {client}",
        f"{HOST}/smtpd[14670]: {queue_id}: client={client}",
        f"{HOST}/cleanup[14718]: {queue_id}: message-id=<{queue_id}@x.test>",
        f"{HOST}/qmgr[12154]: {queue_id}: from=<{sender}>, size=233, nrcpt=1 (queue active)",
    ]


def submitted(queue_id: str, sender: str) -> list[str]:
    first = f"mail postfix/submission/smtpd[14673]: {queue_id}: client=unknown[127.0.0.1], sasl_method=XCLIENT, sasl_username=9/{sender}"
    return [first, *opened(queue_id, sender)[2:]]


def sent_out(queue_id: str, recipient: str) -> str:
    return (
        f"{HOST}/smtp[14721]: {queue_id}: to=<{recipient}>, relay=mx.partenaire.test[192.0.2.9]:25, delay=0.08, "
        "delays=0.03/0/0.02/0.03, dsn=2.0.0, status=sent (250 2.0.0 kept)"
    )


def sent_in(queue_id: str, recipient: str, store: str = "u8@store.internal") -> str:
    return f"{HOST}/lmtp[14720]: {queue_id}: to=<{store}>, orig_to=<{recipient}>, relay=mail.ac-valmont.test[/var/run/{LOCAL}"


def bounced(queue_id: str, recipient: str, dsn: str = "5.1.1", words: str = "nobody of that name here") -> str:
    return (
        f"{HOST}/smtp[14721]: {queue_id}: to=<{recipient}>, relay=mx.partenaire.test[192.0.2.9]:25, delay=0.09, "
        f"delays=0/0/0/0, dsn={dsn}, status=bounced (host mx.partenaire.test[192.0.2.9] said: 550 {dsn} <{recipient}>: {words} "
        "(in reply to RCPT TO command))"
    )


def deferred(queue_id: str, recipient: str) -> str:
    return (
        f"{HOST}/smtp[14721]: {queue_id}: to=<{recipient}>, relay=none, delay=30, delays=0/0/30/0, dsn=4.4.1, "
        "status=deferred (connect to mx.partenaire.test[192.0.2.9]:25: Connection timed out)"
    )


def removed(queue_id: str) -> str:
    return f"{HOST}/qmgr[12154]: {queue_id}: removed"


def refused(sender: str, recipient: str, words: str = DOOR) -> str:
    return (
        f"{HOST}/smtpd[14670]: NOQUEUE: reject: RCPT from unknown[192.0.2.7]: {words}; from=<{sender}> to=<{recipient}> "
        "proto=ESMTP helo=<mail.partenaire.test>"
    )


def filtered(queue_id: str, sender: str, recipient: str) -> str:
    return (
        f"{HOST}/cleanup[14844]: {queue_id}: milter-reject: END-OF-MESSAGE from unknown[192.0.2.7]: 5.7.1 Gtube pattern; "
        f"from=<{sender}> to=<{recipient}> proto=ESMTP helo=<mail.partenaire.test>"
    )
