"""What a person does to their own messages and folders."""
