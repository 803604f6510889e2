"""The public registry of an account."""

from emulator.state.calls import all_pages, if_exists
from emulator.state.normal import policy, tags


def read(place):
    client = place.client("ecr-public")
    repositories = all_pages(client, "describe_repositories", "repositories")
    return {entry["repositoryName"]: _repository(client, entry) for entry in repositories}


def _repository(client, repository):
    name = repository["repositoryName"]
    text = if_exists(client.get_repository_policy, "policyText", repositoryName=name)
    answer = client.list_tags_for_resource(resourceArn=repository["repositoryArn"])
    catalog_data = client.get_repository_catalog_data(repositoryName=name)["catalogData"]
    return {
        # The lists (of architectures and of operating systems) are sets.
        "catalogData": {
            key: sorted(value) if isinstance(value, list) else value
            for key, value in catalog_data.items()
        },
        "policy": policy(text),
        "tags": tags(answer["tags"]),
    }
