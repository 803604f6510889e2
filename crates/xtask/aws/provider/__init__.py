"""Shortens the schema of a running Terraform provider.

Terraform reads the provider's schema in each command. That of the AWS provider has 20 MB, and reading
it takes most of a command's time. This program stands between the two: it passes each call on as it
is, and leaves the resource types and data sources that the tests never use out of the schema. A type
that is left out by mistake is an error of Terraform's, not a difference that goes unseen.
"""
