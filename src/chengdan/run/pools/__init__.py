"""Public pools: claiming and giving back, what lies in them, and what falls into them by itself."""
