"""What answers and events show of each thing; every address is the sandbox's own."""
