"""A template, validated before it is deployed."""

from emulator.cloudformation.intrinsics import referenced
from emulator.cloudformation.resources import KINDS
from emulator.errors import TemplateError

# ecrane renders no parameters, conditions, mappings and transforms, so they are not supported.
SECTIONS = {"AWSTemplateFormatVersion", "Description", "Metadata", "Resources", "Outputs"}
RESOURCE_KEYS = {
    "DeletionPolicy",
    "DependsOn",
    "Metadata",
    "Properties",
    "Type",
    "UpdateReplacePolicy",
}
OUTPUT_KEYS = {"Description", "Export", "Value"}
POLICIES = {"Delete", "Retain", "RetainExceptOnCreate"}


class Template:
    def __init__(self, body):
        _check_keys("the template", body, SECTIONS, required={"Resources"})
        self.resources = body["Resources"]
        self.outputs = body.get("Outputs", {})
        if not self.resources:
            raise TemplateError("At least one Resources member must be defined")
        for logical_id, resource in self.resources.items():
            _check_resource(logical_id, resource)
        for name, output in self.outputs.items():
            _check_keys(f"output {name}", output, OUTPUT_KEYS, required={"Value"})
            if "Export" in output:
                _check_keys(f"the export of {name}", output["Export"], {"Name"}, {"Name"})

    def order(self):
        """The logical IDs in dependency order."""
        ordered, path = [], []

        def visit(logical_id):
            if logical_id in ordered:
                return
            if logical_id in path:
                circle = " -> ".join([*path[path.index(logical_id) :], logical_id])
                raise TemplateError(f"Circular dependency between resources: {circle}")
            path.append(logical_id)
            for other in sorted(self._depends_on(logical_id)):
                visit(other)
            path.pop()
            ordered.append(logical_id)

        for logical_id in self.resources:
            visit(logical_id)
        return ordered

    def _depends_on(self, logical_id):
        resource = self.resources[logical_id]
        named = resource.get("DependsOn", [])
        named = {named} if isinstance(named, str) else set(named)
        for other in named - self.resources.keys():
            raise TemplateError(f"{logical_id} depends on {other}, which does not exist")
        references = referenced(resource.get("Properties", {}))
        # Resolving a name that is not a resource reports the error.
        return named | (references & self.resources.keys())


def _check_resource(logical_id, resource):
    if not (logical_id.isascii() and logical_id.isalnum()):
        raise TemplateError(f"The logical id {logical_id} is not alphanumeric")
    _check_keys(logical_id, resource, RESOURCE_KEYS, required={"Type"})
    if resource["Type"] not in KINDS:
        raise TemplateError(f"{logical_id}: unknown resource type {resource['Type']}")
    for key in ("DeletionPolicy", "UpdateReplacePolicy"):
        if resource.get(key, "Delete") not in POLICIES:
            raise TemplateError(f"{logical_id}: unknown {key} {resource[key]}")


def _check_keys(where, value, known, required=()):
    if not isinstance(value, dict):
        raise TemplateError(f"{where} is not an object")
    for key in value:
        if key not in known:
            raise TemplateError(f"{where}: unknown key {key}")
    for key in required:
        if key not in value:
            raise TemplateError(f"{where}: {key} is missing")
