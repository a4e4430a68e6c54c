"""The other ends of the single sign-on: services small enough to read, which speak the real protocols."""
