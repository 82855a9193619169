"""An embedded GitHub for demos and tests, over real bare git repositories.

It speaks REST (``/api/v3``), GraphQL (``/api/graphql``) and git's smart HTTP on one local port.
Every behaviour cites the page of GitHub's documentation that it follows.
"""
