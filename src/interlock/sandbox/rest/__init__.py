"""The REST operations, one module for each area of GitHub's reference."""
