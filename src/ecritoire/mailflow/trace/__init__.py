"""Which message went where: read from Postfix's own log, kept some days, searched for a reason. Never a subject, never a content."""
