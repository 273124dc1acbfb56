"""The mail room: accounts, letters out, letters in, and what becomes of them. It knows the mail object by its roles alone."""
