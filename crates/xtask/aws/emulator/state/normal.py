"""Normalizes values."""

import dataclasses
import json

# The keys where IAM accepts a string instead of a list with one item.
ONE_OR_MANY = {
    "Action",
    "Condition",
    "NotAction",
    "NotPrincipal",
    "NotResource",
    "Principal",
    "Resource",
}

EMPTY = (None, "", [], {})


@dataclasses.dataclass
class Exact:
    """A document or a map of tags, in which also what is empty has a meaning."""

    value: object


def without_empty(value):
    """A value without its fields that are empty: AWS and its tools take them for absent."""
    if isinstance(value, Exact):
        return value.value
    if isinstance(value, dict):
        entries = {key: without_empty(item) for key, item in value.items()}
        return {key: item for key, item in entries.items() if item not in EMPTY}
    if isinstance(value, list):
        return [without_empty(item) for item in value]
    return value


def policy(document):
    """An IAM policy, of which the order of statements is kept and that of sets is not."""
    return None if document is None else Exact(_policy(_loaded(document), is_set=False))


def _policy(value, is_set):
    if isinstance(value, dict):
        return {key: _policy(item, is_set or key in ONE_OR_MANY) for key, item in value.items()}
    if isinstance(value, list):
        if is_set and all(isinstance(item, str) for item in value):
            return sorted(set(value))
        return [_policy(item, is_set) for item in value]
    return [value] if is_set and isinstance(value, str) else value


def parsed(text):
    """A JSON text's value. In lifecycle policies and event patterns one string is not a list."""
    return None if text is None else Exact(_loaded(text))


def _loaded(document):
    # The SDK has parsed those of IAM.
    return json.loads(document) if isinstance(document, str) else document


def tags(entries, key="Key", value="Value"):
    """Tags as a map, without those that AWS gives itself."""
    return Exact(
        {entry[key]: entry[value] for entry in entries or [] if not entry[key].startswith("aws:")}
    )


def without(entry, *keys):
    return {key: value for key, value in entry.items() if key not in keys}


def by(key, entries):
    """A list of entries as a map by one of their fields."""
    return {entry[key]: without(entry, key) for entry in entries}
