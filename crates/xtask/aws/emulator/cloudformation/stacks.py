"""Stacks: resources that are deployed, updated and deleted together."""

import dataclasses
import uuid

from botocore.exceptions import BotoCoreError, ClientError

from emulator.cloudformation import names
from emulator.cloudformation.intrinsics import Scope, resolve
from emulator.cloudformation.resources import KINDS
from emulator.cloudformation.template import Template
from emulator.errors import DeploymentError, EmulatorError, TemplateError

# Errors of a service, of the SDK's model of it, and of the template.
FAILURES = (BotoCoreError, ClientError, EmulatorError)


@dataclasses.dataclass
class Resource:
    """A resource that exists."""

    type: str
    physical_id: str
    # Resolved, checked, and with the stack's tags.
    properties: dict
    deletion_policy: str
    update_replace_policy: str
    # The attributes that were read since it was created or changed.
    attributes: dict = dataclasses.field(default_factory=dict)


class Stacks:
    """All stacks of the emulated AWS."""

    def __init__(self):
        self._stacks = {}

    def reset(self):
        self._stacks.clear()

    def deploy(self, place, name, body, tags):
        """Creates or updates the stack, and returns it."""
        template = Template(body)
        key = (place.account, place.region, name)
        stack = self._stacks.get(key) or Stack(self, place, name)
        stack.deploy(template, tags)
        self._stacks[key] = stack
        return stack

    def delete(self, place, name):
        stack = self.find(place.account, place.region, name)
        stack.delete()
        del self._stacks[place.account, place.region, name]

    def find(self, account, region, name):
        stack = self._stacks.get((account, region, name))
        if stack is None:
            raise DeploymentError(f"Stack {name} does not exist in {account} and {region}")
        return stack

    def exporting(self, place, export):
        """The stack of a place that has an export, or None."""
        for stack in self._stacks.values():
            if stack.place == place and export in stack.exports:
                return stack
        return None

    def importing(self, place, export):
        """The names of the stacks of a place that import an export."""
        return [
            stack.name
            for stack in self._stacks.values()
            if stack.place == place and export in stack.imports
        ]


class Stack:
    def __init__(self, stacks, place, name):
        self.place = place
        self.name = name
        self.id = (
            f"arn:{place.partition}:cloudformation:{place.region}:{place.account}"
            f":stack/{name}/{uuid.uuid4()}"
        )
        # By logical ID, in the order of creation.
        self.resources = {}
        self.outputs = {}
        self.exports = {}
        self.imports = set()
        self._stacks = stacks

    def deploy(self, template, tags):
        """Updates the stack to the template, or rolls it back."""
        before, imports = dict(self.resources), self.imports
        self.imports = set()
        outdated = []
        try:
            for logical_id in template.order():
                outdated += self._apply_resource(template, logical_id, tags)
            self._set_outputs(template)
        except FAILURES as error:
            self.imports = imports
            self._undo(before, error)
            raise
        # As in AWS, old resources are deleted after all new ones exist, without a rollback.
        gone = [key for key in self.resources if key not in template.resources]
        for logical_id in reversed(gone):
            resource = self.resources.pop(logical_id)
            outdated.append((logical_id, resource, resource.deletion_policy))
        for logical_id, resource, policy in outdated:
            self._remove(logical_id, resource, policy)

    def delete(self):
        for export in self.exports:
            for importer in self._stacks.importing(self.place, export):
                raise DeploymentError(f"Export {export} is in use by {importer}")
        for logical_id in reversed(list(self.resources)):
            resource = self.resources[logical_id]
            self._remove(logical_id, resource, resource.deletion_policy)
            del self.resources[logical_id]

    def _apply_resource(self, template, logical_id, tags):
        """Creates or updates a resource, and returns the old one if it was replaced."""
        given = template.resources[logical_id]
        kind_class = KINDS[given["Type"]]
        kind = kind_class(self.place, lambda limit: names.generate(self.name, logical_id, limit))
        policies = {
            "deletion_policy": given.get("DeletionPolicy", "Delete"),
            "update_replace_policy": given.get("UpdateReplacePolicy", "Delete"),
        }
        old = self.resources.get(logical_id)
        try:
            resolved = resolve(given.get("Properties", {}), self._scope(template))
            properties = kind_class.with_tags(kind_class.checked(resolved), tags)
            if old is not None:
                if old.type != given["Type"]:
                    raise TemplateError(f"Update of the type from {old.type} is not permitted")
                # The new template determines whether the old resource is retained.
                self.resources[logical_id] = old = dataclasses.replace(old, **policies)
                if old.properties == properties:
                    return []
                if not kind_class.is_replaced(old.properties, properties):
                    # Recorded before the change, so that a partial change is rolled back too.
                    self.resources[logical_id] = dataclasses.replace(
                        old, properties=properties, attributes={}
                    )
                    kind.settle(old.physical_id, old.properties, properties)
                    return []
            physical_id = kind.make_and_settle(properties)
        except FAILURES as error:
            raise _failure(logical_id, given["Type"], error) from error
        # A new resource is last in the order, after all resources that it refers to.
        self.resources.pop(logical_id, None)
        self.resources[logical_id] = Resource(given["Type"], physical_id, properties, **policies)
        return [] if old is None else [(logical_id, old, old.update_replace_policy)]

    def _undo(self, before, error):
        """Rolls the resources back to their state before the error."""
        try:
            for logical_id, resource in reversed(list(self.resources.items())):
                old = before.get(logical_id)
                if old is None or old.physical_id != resource.physical_id:
                    self._remove(logical_id, resource, resource.deletion_policy, is_rollback=True)
                elif old.properties != resource.properties:
                    kind = KINDS[old.type](self.place.tolerant(), None)
                    kind.settle(old.physical_id, resource.properties, old.properties)
        except FAILURES as second:
            message = f"{self.name} could not be rolled back after an error ({error}): {second}"
            raise DeploymentError(message) from second
        finally:
            self.resources = before

    def _remove(self, logical_id, resource, policy, is_rollback=False):
        if policy == "Retain" or (policy == "RetainExceptOnCreate" and not is_rollback):
            return
        kind = KINDS[resource.type](self.place, None)
        try:
            kind.remove(resource.physical_id, resource.properties)
        except FAILURES as error:
            raise _failure(logical_id, resource.type, error) from error

    def _set_outputs(self, template):
        scope = self._scope(template)
        outputs, exports = {}, {}
        for name, output in template.outputs.items():
            outputs[name] = resolve(output["Value"], scope)
            if not isinstance(outputs[name], str):
                raise TemplateError(f"The value of output {name} is not a string")
            if "Export" in output:
                export = resolve(output["Export"]["Name"], scope)
                if not isinstance(export, str):
                    raise TemplateError(f"The name of the export of {name} is not a string")
                other = self._stacks.exporting(self.place, export)
                if export in exports or other not in (None, self):
                    raise DeploymentError(f"Export {export} is defined twice")
                exports[export] = outputs[name]
        for export, value in self.exports.items():
            if exports.get(export) != value:
                for importer in self._stacks.importing(self.place, export):
                    raise DeploymentError(f"Export {export} is in use by {importer}")
        self.outputs, self.exports = outputs, exports

    def _scope(self, template):
        place = self.place
        suffix = "amazonaws.com.cn" if place.partition == "aws-cn" else "amazonaws.com"
        parameters = {
            "AWS::AccountId": place.account,
            "AWS::Partition": place.partition,
            "AWS::Region": place.region,
            "AWS::StackId": self.id,
            "AWS::StackName": self.name,
            "AWS::URLSuffix": suffix,
        }

        def find(logical_id):
            if logical_id not in template.resources or logical_id not in self.resources:
                raise TemplateError(f"{logical_id} is not a resource of the template")
            return self.resources[logical_id]

        def attribute(logical_id, name):
            resource = find(logical_id)
            if not resource.attributes:
                kind = KINDS[resource.type](place, None)
                resource.attributes.update(kind.attributes(resource.physical_id))
            if name not in resource.attributes:
                raise TemplateError(f"{logical_id} has no attribute {name}")
            return resource.attributes[name]

        def imported(export):
            exporter = self._stacks.exporting(place, export)
            if exporter is None:
                raise TemplateError(f"No export named {export} found")
            self.imports.add(export)
            return exporter.exports[export]

        def stack_output(name, region, output):
            outputs = self._stacks.find(place.account, region, name).outputs
            if output not in outputs:
                raise TemplateError(f"Stack {name} has no output {output}")
            return outputs[output]

        return Scope(
            parameters=parameters,
            reference=lambda logical_id: find(logical_id).physical_id,
            attribute=attribute,
            imported=imported,
            stack_output=stack_output,
        )


def _failure(logical_id, type_name, error):
    return DeploymentError(f"{logical_id} ({type_name}): {type(error).__name__}: {error}")
