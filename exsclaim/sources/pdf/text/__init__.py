"""The text of a page: characters, what misnamed ones are, lines."""
