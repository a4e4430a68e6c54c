"""People, structures, assignments, addresses, and the HR feeds that bring them."""
