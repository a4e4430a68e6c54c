"""Figures of the accounts of an académie, or of some of its schools. Each figure is a query whose people can be listed."""
