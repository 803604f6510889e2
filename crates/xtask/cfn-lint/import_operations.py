"""Validates the files of import operations in a directory, and prints what is wrong.

The parameters are validated against the model of the API, the identifiers against the schemas of the
resource types, and the templates by the rules of an import operation: every resource to import has a
deletion policy, every resource is one, and there are no outputs.
"""

import json
import pathlib
import sys

import botocore.session
from botocore.validate import ParamValidator
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

folder = pathlib.Path(sys.argv[1])
model = botocore.session.get_session().get_service_model("cloudformation")
shape = model.operation_model("CreateChangeSet").input_shape
for path in sorted(folder.glob("*.resources-to-import.json")):
    name = path.name.removesuffix(".resources-to-import.json")
    resources = json.loads(path.read_text())
    text = (folder / f"{name}.import-template.json").read_text()
    request = {
        "StackName": name,
        "ChangeSetName": "import",
        "ChangeSetType": "IMPORT",
        "TemplateBody": text,
        "ResourcesToImport": resources,
        "Capabilities": ["CAPABILITY_NAMED_IAM"],
    }
    report = ParamValidator().validate(request, shape)
    if report.has_errors():
        print(f"{path.name}: {report.generate_report()}")
    template = json.loads(text)
    if set(template) != {"Resources"}:
        print(f"{name}: the template of the import has {', '.join(template)}")
    declared = template["Resources"]
    if list(declared) != [resource["LogicalResourceId"] for resource in resources]:
        print(f"{name}: the template does not declare what is imported")
    for resource in resources:
        kind, logical_id = resource["ResourceType"], resource["LogicalResourceId"]
        schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", kind).schema
        expected = {pointer.split("/")[-1] for pointer in schema["primaryIdentifier"]}
        found = resource["ResourceIdentifier"]
        if set(found) != expected:
            print(f"{logical_id}: {kind} is identified by {expected}, not {set(found)}")
        properties = schema["properties"]
        for key, value in found.items():
            longest = properties.get(key, {}).get("maxLength")
            if not value or longest and len(value) > longest:
                print(f"{logical_id}: {key} cannot be {value!r}")
        if "DeletionPolicy" not in declared.get(logical_id, {}):
            print(f"{logical_id} has no deletion policy")
