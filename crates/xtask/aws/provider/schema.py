"""Cuts a serialized `GetProviderSchema.Response` of Terraform's plugin protocol 5.

https://github.com/hashicorp/terraform/blob/v1.11.0/docs/plugin-protocol/tfplugin5.8.proto
"""

# What the tests deploy, and the data sources of their modules.
USED = (
    b"aws_caller_identity",
    b"aws_cloudwatch_",
    b"aws_ecr",
    b"aws_iam_",
    b"aws_kms_",
    b"aws_organizations_",
    b"aws_partition",
    b"aws_region",
)

# The maps of the response with an entry for each type: resources, data sources, ephemeral resources.
MAPS = (2, 3, 8)

# The wire type of a field with a length, which all fields of the response and of map entries have.
WITH_LENGTH = 2


def cut(response):
    """The response without the types that are not used."""
    kept = []
    for number, value, field in _fields(response):
        if number not in MAPS or _key(value).startswith(USED):
            kept.append(field)
    return b"".join(kept)


def _key(entry):
    """The key of a map entry, which is its field 1."""
    return next(value for number, value, _ in _fields(entry) if number == 1)


def _fields(message):
    """The number, the value and all bytes of each field."""
    at = 0
    while at < len(message):
        start = at
        tag, at = _varint(message, at)
        if tag & 7 != WITH_LENGTH:
            raise ValueError(f"unexpected wire type {tag & 7}")
        length, at = _varint(message, at)
        end = at + length
        yield tag >> 3, message[at:end], message[start:end]
        at = end


def _varint(message, at):
    value = shift = 0
    while True:
        byte = message[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7
