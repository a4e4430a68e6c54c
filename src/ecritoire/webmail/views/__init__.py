"""The pages of the webmail."""
