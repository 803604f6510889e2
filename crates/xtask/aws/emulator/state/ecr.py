"""The private registry of an account in a region."""

import json

from emulator.api.ecr.account_settings import DEFAULTS
from emulator.state.calls import all_pages, if_exists
from emulator.state.normal import by, parsed, policy, tags, without


def read(place):
    ecr = place.client("ecr")
    rules = all_pages(ecr, "describe_pull_through_cache_rules", "pullThroughCacheRules")
    templates = all_pages(
        ecr, "describe_repository_creation_templates", "repositoryCreationTemplates"
    )
    return {
        "accountSettings": _account_settings(ecr),
        "creationTemplates": by("prefix", map(_creation_template, templates)),
        "pullThroughCacheRules": by("ecrRepositoryPrefix", map(_pull_through_cache_rule, rules)),
        "pullTimeUpdateExclusions": sorted(
            all_pages(ecr, "list_pull_time_update_exclusions", "pullTimeUpdateExclusions")
        ),
        "registryPolicy": policy(if_exists(ecr.get_registry_policy, "policyText")),
        "replication": ecr.describe_registry()["replicationConfiguration"]["rules"],
        "repositories": {
            repository["repositoryName"]: _repository(ecr, repository)
            for repository in all_pages(ecr, "describe_repositories", "repositories")
        },
        "scanning": _scanning(ecr),
        "signing": if_exists(ecr.get_signing_configuration, "signingConfiguration"),
    }


def _repository(ecr, repository):
    name = repository["repositoryName"]
    text = if_exists(ecr.get_lifecycle_policy, "lifecyclePolicyText", repositoryName=name)
    answer = ecr.list_tags_for_resource(resourceArn=repository["repositoryArn"])
    return {
        **without(
            repository,
            "createdAt",
            "registryId",
            "repositoryArn",
            "repositoryName",
            "repositoryUri",
        ),
        "images": sorted(
            image.get("imageTag", image["imageDigest"])
            for image in all_pages(ecr, "list_images", "imageIds", repositoryName=name)
        ),
        "lifecyclePolicy": parsed(text),
        "policy": policy(if_exists(ecr.get_repository_policy, "policyText", repositoryName=name)),
        "tags": tags(answer["tags"]),
    }


def _account_settings(ecr):
    """The settings that are not what an account has at first."""
    values = {name: ecr.get_account_setting(name=name)["value"] for name in DEFAULTS}
    return {name: value for name, value in values.items() if value != DEFAULTS[name]}


def _scanning(ecr):
    configuration = ecr.get_registry_scanning_configuration()["scanningConfiguration"]
    rules = configuration.get("rules", [])
    if configuration["scanType"] == "BASIC" and not rules:
        # What an account has at first.
        return None
    # Which rule holds for a repository does not depend on their order, nor on that of their filters.
    rules = [{**rule, "repositoryFilters": _sorted(rule["repositoryFilters"])} for rule in rules]
    return {
        "rules": _sorted(rules),
        "scanType": configuration["scanType"],
    }


def _sorted(values):
    return sorted(values, key=lambda value: json.dumps(value, sort_keys=True))


def _creation_template(template):
    return {
        **without(template, "createdAt", "updatedAt"),
        "appliedFor": sorted(template.get("appliedFor", [])),
        "lifecyclePolicy": parsed(template.get("lifecyclePolicy") or None),
        "repositoryPolicy": policy(template.get("repositoryPolicy") or None),
        "resourceTags": tags(template.get("resourceTags")),
    }


def _pull_through_cache_rule(rule):
    # The name of the upstream registry follows from its URL, and Terraform cannot say it.
    return without(rule, "createdAt", "registryId", "updatedAt", "upstreamRegistry")
