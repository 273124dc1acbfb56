"""Leaving: everything of one person goes to others in one go, and can be taken back."""
