"""Read calls."""

from botocore.exceptions import ClientError

from emulator.clients import says_absent


def all_pages(client, operation, key, **parameters):
    """The entries of all pages of a list call."""
    if not client.can_paginate(operation):
        return getattr(client, operation)(**parameters).get(key, [])
    pages = client.get_paginator(operation).paginate(**parameters)
    return [entry for page in pages for entry in page.get(key, [])]


def if_exists(operation, key, **parameters):
    """A field of an answer, or None where the service says that there is no such thing."""
    try:
        return operation(**parameters).get(key)
    except ClientError as error:
        if says_absent(error):
            return None
        raise
