"""GitHub, through PyGithub: one connection, its waits and its budget. Imported only when needed."""
