"""The outside world of the demonstration: the mail service of partenaire.test, which receives, checks, and answers."""
