"""Tickets outside GitHub: Jira, Cloud and Data Center, over its REST API."""
