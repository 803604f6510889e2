"""Errors in a request, a template or a deployment."""


class EmulatorError(Exception):
    """The base class of the emulator's own errors."""


class RequestError(EmulatorError):
    """An invalid request to the driver."""


class TemplateError(EmulatorError):
    """A template that CloudFormation, or its emulation, does not support."""


class DeploymentError(EmulatorError):
    """A stack could not be created, updated or deleted."""
