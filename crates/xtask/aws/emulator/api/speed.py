"""Caches values that moto recomputes for each request, which takes a third of a request's time."""

import functools

from moto import backends
from moto.core import responses


def install():
    # It reads a directory of about 200 services.
    services = list(backends.list_of_moto_modules())
    backends.list_of_moto_modules = lambda: services
    # It inspects each member of a class with about 100 operations.
    responses.method_names_from_class = functools.cache(responses.method_names_from_class)
