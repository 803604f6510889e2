"""Names for resources whose template gives none."""

import secrets
import string

SUFFIX_LENGTH = 12
ALPHABET = string.ascii_uppercase + string.digits


def generate(stack, logical_id, limit):
    """A new name of the form that CloudFormation gives, of at most `limit` characters.

    It has at least fifteen: a name is to be found in the text of other resources with no doubt.
    """
    suffix = "".join(secrets.choice(ALPHABET) for _ in range(SUFFIX_LENGTH))
    # Each of the two readable parts gets a half of what the suffix and two hyphens leave.
    room = (limit - SUFFIX_LENGTH - 2) // 2
    # A repository's name has no two hyphens side by side.
    return f"{stack[:room].rstrip('-')}-{logical_id[:room]}-{suffix}"
