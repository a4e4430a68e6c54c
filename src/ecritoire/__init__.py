"""Écritoire, the e-mail service of an académie: a modular monolith of rooms over standard mail daemons."""
