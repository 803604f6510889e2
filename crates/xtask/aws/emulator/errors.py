"""What goes wrong for the reason that a request, a template or a deployment is wrong."""


class EmulatorError(Exception):
    """The base of the errors that the emulation itself finds."""


class RequestError(EmulatorError):
    """A request to the driver is not one that it answers."""


class TemplateError(EmulatorError):
    """A template says what CloudFormation, or the emulation of it, does not understand."""


class DeploymentError(EmulatorError):
    """A stack could not be created, updated or deleted."""
