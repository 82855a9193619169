"""A corpus of credentials that nobody owns, made at run time from a public seed.

No file of the repository holds a literal that looks like a secret: values are drawn here.
"""
