"""Rules about the files and sources themselves, whatever relations a policy declares."""
