"""The story of `make demo`; `interlock sandbox --demo` plays on with the same files."""
