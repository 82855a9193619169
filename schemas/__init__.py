"""JSON Schema files, reached by importlib.resources."""
