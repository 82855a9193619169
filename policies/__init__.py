"""Built-in policies, reached by importlib.resources."""
