"""Pre-commit entry points: one thin module a hook."""
