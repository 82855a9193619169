"""The GraphQL side: the part of GitHub's schema that the product uses, run by graphql-core."""
