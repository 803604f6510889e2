"""CloudFormation's API: what moto leaves out of repositories and updates, and import operations.

moto takes a change set of the type IMPORT for one that creates. Here it is one by the documentation of
import operations
(https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/import-resources-manually.html): the
template declares what is imported, each with a deletion policy, and no outputs; each resource is
identified by its primary identifier, exists, and belongs to no stack. Repositories are imported, into a new
stack. CloudFormation does not compare the properties of a resource with those in the template.
"""

import json

import yaml
from moto.cloudformation.models import ChangeSet, CloudFormationBackend
from moto.cloudformation.parsing import ResourceMap
from moto.cloudformation.responses import CloudFormationResponse
from moto.cloudformation.utils import yaml_tag_constructor
from moto.core.responses import ActionResult
from moto.ecr.models import Repository, ecr_backends

from emulator.api.operations import Refusal

# By resource type.
PRIMARY_IDENTIFIERS = {"AWS::ECR::Repository": ["RepositoryName"]}

_create_change_set = CloudFormationResponse.create_change_set
_get_template_summary = CloudFormationResponse.get_template_summary
_apply = ChangeSet.apply
_update_resources = ResourceMap.update
_resolve_update_parameters = CloudFormationBackend._resolve_update_parameters
_create = Repository.create_from_cloudformation_json.__func__
_update = Repository.update_from_cloudformation_json.__func__


def _parsed(body):
    yaml.add_multi_constructor("", yaml_tag_constructor)
    return yaml.load(body, Loader=yaml.Loader)


def _body(response):
    url = response._get_param("TemplateURL")
    return response._get_stack_from_s3_url(url) if url else response._get_param("TemplateBody")


def create_change_set(response):
    if response._get_param("ChangeSetType") != "IMPORT":
        return _create_change_set(response)
    wanted = response._get_param("ResourcesToImport", [])
    backend = response.cloudformation_backend
    name = response._get_param("StackName")
    fault = _fault(_parsed(_body(response)), wanted, backend, name)
    if fault:
        raise Refusal("ValidationError", fault)
    answer = _create_change_set(response)
    change_set = backend.change_sets[answer._result["Id"]]
    change_set.resources_to_import = wanted
    for change in change_set.changes:
        change.action = "Import"
    return answer


def _fault(template, wanted, backend, name):
    """What CloudFormation rejects."""
    if any(stack.name == name for stack in backend.stacks.values()):
        return f"{name} exists: only imports into a new stack are emulated"
    if template.get("Outputs"):
        return "As part of the import operation, you cannot modify or add [Outputs]"
    declared = template["Resources"]
    if sorted(declared) != sorted(resource["LogicalResourceId"] for resource in wanted):
        return "The template does not declare what is imported"
    repositories = ecr_backends[backend.account_id][backend.region_name].repositories
    owned = _owned(backend)
    for resource in wanted:
        kind, logical_id = resource["ResourceType"], resource["LogicalResourceId"]
        if declared[logical_id]["Type"] != kind:
            return f"{logical_id} is not of the type {kind}"
        if kind not in PRIMARY_IDENTIFIERS:
            return f"{kind}: an import of this type is not emulated"
        if "DeletionPolicy" not in declared[logical_id]:
            return f"Resource [{logical_id}] must have DeletionPolicy attribute specified"
        identifier = resource["ResourceIdentifier"]
        if list(identifier) != PRIMARY_IDENTIFIERS[kind]:
            return f"{logical_id} is identified by {PRIMARY_IDENTIFIERS[kind]}"
        [value] = identifier.values()
        if value not in repositories:
            return f"Resource of type '{kind}' with identifier '{value}' was not found"
        if value in owned:
            return f"{value} already belongs to stack {owned[value]}"
    return None


def _owned(backend):
    """The stacks by the names of their repositories."""
    return {
        repository.physical_resource_id: stack.name
        for stack in backend.stacks.values()
        if stack.status != "DELETE_COMPLETE"
        for repository in stack.resource_map._parsed_resources.values()
        if isinstance(repository, Repository)
    }


def apply(change_set):
    if change_set.change_set_type != "IMPORT":
        return _apply(change_set)
    stack = change_set.stack
    resources = stack.resource_map
    resources._template = change_set.template_dict
    resources._resource_json_map = change_set.template_dict["Resources"]
    repositories = ecr_backends[stack.account_id][stack.region_name].repositories
    for resource in change_set.resources_to_import:
        repository = repositories[resource["ResourceIdentifier"]["RepositoryName"]]
        repository.logical_resource_id = resource["LogicalResourceId"]
        repository.type = resource["ResourceType"]
        resources._parsed_resources[repository.logical_resource_id] = repository
    return None


def resolve_update_parameters(backend, instance, incoming_params):
    """The parameters of an update. The earlier value of one that was not given is its default."""
    known = [
        parameter
        for parameter in incoming_params
        if "ParameterValue" in parameter or parameter["ParameterKey"] in instance.parameters
    ]
    return _resolve_update_parameters(backend, instance, known)


def update_resources(resources, template, parameters=None):
    """Updates a stack.

    moto cannot remove what it has not created, such as `AWS::CDK::Metadata`, deletes what is retained,
    and takes the value that a parameter of Systems Manager had for its name.
    """
    declared, created = resources._resource_json_map, resources._parsed_resources
    for name, slot in list(declared.items()):
        is_retained = slot.get("DeletionPolicy") == "Retain"
        if name not in template["Resources"] and (name not in created or is_retained):
            del declared[name]
            created.pop(name, None)
    for key, slot in template.get("Parameters", {}).items():
        value = (parameters or {}).get(key)
        was = value is not None and value == resources.resolved_parameters.get(key)
        if was and slot["Type"].startswith("AWS::SSM::Parameter::"):
            del parameters[key]
            if key in resources.input_parameters:
                parameters[key] = resources.input_parameters[key]
    return _update_resources(resources, template, parameters)


def get_template_summary(response):
    """A summary with the identifiers by which resources are imported."""
    answer = _get_template_summary(response)
    types = dict.fromkeys(answer._result["ResourceTypes"])
    answer._result["ResourceIdentifierSummaries"] = [
        {"ResourceType": kind, "ResourceIdentifiers": PRIMARY_IDENTIFIERS[kind]}
        for kind in types
        if kind in PRIMARY_IDENTIFIERS
    ]
    return ActionResult(answer._result)


def _with_policies(repository, cloudformation_json, account_id, region_name):
    properties = cloudformation_json["Properties"]
    backend = ecr_backends[account_id][region_name]
    name = repository.name
    lifecycle = properties.get("LifecyclePolicy", {}).get("LifecyclePolicyText")
    if lifecycle:
        backend.put_lifecycle_policy(account_id, name, lifecycle)
    elif repository.lifecycle_policy:
        backend.delete_lifecycle_policy(account_id, name)
    policy = properties.get("RepositoryPolicyText")
    if policy:
        text = policy if isinstance(policy, str) else json.dumps(policy)
        backend.set_repository_policy(account_id, name, text)
    elif repository.policy:
        backend.delete_repository_policy(account_id, name)
    return repository


def create(cls, resource_name, cloudformation_json, account_id, region_name, **kwargs):
    arguments = cloudformation_json, account_id, region_name
    return _with_policies(_create(cls, resource_name, *arguments, **kwargs), *arguments)


def update(cls, original_resource, new_resource_name, **arguments):
    changed = _update(cls, original_resource, new_resource_name, **arguments)
    return _with_policies(changed, **arguments)


def install():
    CloudFormationResponse.create_change_set = create_change_set
    CloudFormationResponse.get_template_summary = get_template_summary
    ChangeSet.apply = apply
    CloudFormationBackend._resolve_update_parameters = resolve_update_parameters
    ResourceMap.update = update_resources
    Repository.create_from_cloudformation_json = classmethod(create)
    Repository.update_from_cloudformation_json = classmethod(update)
