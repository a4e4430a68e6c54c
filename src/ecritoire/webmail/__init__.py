"""Reading and writing mail in the browser, over JMAP."""
