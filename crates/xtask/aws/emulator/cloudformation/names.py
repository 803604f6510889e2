"""Generated names for resources without a name in the template."""

import secrets
import string

SUFFIX_LENGTH = 12
ALPHABET = string.ascii_uppercase + string.digits


def generate(stack, logical_id, limit):
    """Generates a name in the form of CloudFormation, of at most `limit` characters.

    It has at least 15 characters, to be unambiguous in the properties of other resources.
    """
    suffix = "".join(secrets.choice(ALPHABET) for _ in range(SUFFIX_LENGTH))
    # Each of the two readable parts gets half of the length without the suffix and two hyphens.
    room = (limit - SUFFIX_LENGTH - 2) // 2
    # A repository name cannot contain two consecutive hyphens.
    return f"{stack[:room].rstrip('-')}-{logical_id[:room]}-{suffix}"
