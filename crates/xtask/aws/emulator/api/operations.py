"""Adds operations of the AWS API that moto does not implement."""

import json

from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult


def operation(method):
    """Marks a backend's method as the operation of its name: it maps a request to an answer."""
    method.is_operation = True
    return method


def serve(response_class, backend_class):
    """Has the HTTP side of a service answer each operation that its backend is marked to have."""
    for name in dir(backend_class):
        if getattr(getattr(backend_class, name), "is_operation", False):
            setattr(response_class, name, _answer(name))


def _answer(name):
    def answer(response):
        request = json.loads(response.body or "{}")
        return ActionResult(getattr(response.backend, name)(request))

    answer.__name__ = name
    return answer


class Refusal(ServiceException):
    """An error that AWS answers, by its code and message.

    It is a class of this module: of a class of its own, moto takes the service from its module.
    """


def chosen(entries, wanted, find):
    """All entries of a `describe` call, or those of the wanted keys."""
    return [find(key) for key in wanted] if wanted else list(entries.values())
