"""What the reading pages show, each page from one round trip to the store."""
