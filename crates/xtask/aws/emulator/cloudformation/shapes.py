"""The shapes of properties. A shape converts a value at a place to the form of the API.

A property without a shape is an error, so that no property is silently dropped.
"""

import json

from emulator.errors import TemplateError


def text(value, where):
    """A string. CloudFormation converts other scalars to strings."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (str, int, float)):
        return str(value)
    raise _mismatch(where, "a string", value)


def boolean(value, where):
    """A boolean, also as a string."""
    known = {True: True, False: False, "true": True, "false": False}
    if isinstance(value, (bool, str)) and value in known:
        return known[value]
    raise _mismatch(where, "a boolean", value)


def integer(value, where):
    """An integer, also as a string."""
    if isinstance(value, (int, str)) and not isinstance(value, bool):
        try:
            return int(value)
        except ValueError:
            pass
    raise _mismatch(where, "an integer", value)


def document(value, where):
    """A document that the API accepts as JSON text: an object, or a string."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return json.dumps(value)
    raise _mismatch(where, "an object or its text", value)


def list_of(shape):
    """A list of items of one shape."""

    def items(value, where):
        if not isinstance(value, list):
            raise _mismatch(where, "a list", value)
        return [shape(item, f"{where}[{index}]") for index, item in enumerate(value)]

    return items


def map_of(shape):
    """An object with any keys."""

    def entries(value, where):
        if not isinstance(value, dict):
            raise _mismatch(where, "an object", value)
        return {key: shape(item, f"{where}.{key}") for key, item in value.items()}

    return entries


def record(**shapes):
    """An object that allows only these keys."""

    def fields(value, where):
        if not isinstance(value, dict):
            raise _mismatch(where, "an object", value)
        for key in value:
            if key not in shapes:
                raise TemplateError(f"{where}: unknown property {key}")
        return {key: shapes[key](item, f"{where}.{key}") for key, item in value.items()}

    return fields


TAGS = list_of(record(Key=text, Value=text))


def _mismatch(where, expected, value):
    return TemplateError(f"{where}: expected {expected}, not {json.dumps(value)}")
