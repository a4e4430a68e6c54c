"""The mail store as the other rooms see it: the JMAP client, mailboxes, quotas."""
