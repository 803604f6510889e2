"""CloudFormation, as far as the templates of ecrane need it.

It is an engine of our own: that of moto reports success for types and properties that it skips,
does not know `Fn::GetStackOutput`, and removes before it adds. A resource is made by the public API
of its service, the same that Terraform's provider calls.
"""

from emulator.cloudformation.stacks import Stacks

__all__ = ["Stacks"]
