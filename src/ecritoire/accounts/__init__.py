"""The one authority for identity: accounts, sign-in, activation, sessions, app passwords, history."""
