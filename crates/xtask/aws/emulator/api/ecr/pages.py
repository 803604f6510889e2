"""Pages of lists, which moto returns whole."""

import json

from moto.core.responses import ActionResult

# What AWS returns at most if the request does not say it, by its API reference.
DEFAULT = 100

LISTS = {
    "describe_repositories": "repositories",
    "describe_images": "imageDetails",
    "describe_pull_through_cache_rules": "pullThroughCacheRules",
    "describe_repository_creation_templates": "repositoryCreationTemplates",
}


def install(response_class):
    for operation, key in LISTS.items():
        setattr(response_class, operation, _paged(getattr(response_class, operation), key))


def _paged(whole, key):
    def answer(response):
        request = json.loads(response.body or "{}")
        result = dict(whole(response).result)
        items = list(result[key])
        start = int(request.get("nextToken") or 0)
        end = start + int(request.get("maxResults") or DEFAULT)
        result[key] = items[start:end]
        if end < len(items):
            result["nextToken"] = str(end)
        return ActionResult(result)

    answer.__name__ = whole.__name__
    return answer
