"""Other programs feed the directory: SCIM 2.0 and a REST call. Knows nothing of mail."""
