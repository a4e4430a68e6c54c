"""The demonstration académie: invented people, invented mail. Installed only where ``up --demo`` made the data."""
