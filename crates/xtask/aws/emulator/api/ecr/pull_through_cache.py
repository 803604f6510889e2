"""Pull-through cache rules."""

from moto.core.utils import utcnow

from emulator.api.operations import Refusal, chosen, operation

FIELDS = (
    "credentialArn",
    "customRoleArn",
    "ecrRepositoryPrefix",
    "upstreamRegistry",
    "upstreamRegistryUrl",
    "upstreamRepositoryPrefix",
)

# How the URL of an upstream registry ends, and the registry that is meant by it.
UPSTREAM_REGISTRIES = {
    "public.ecr.aws": "ecr-public",
    "quay.io": "quay",
    "registry.k8s.io": "k8s",
    "registry-1.docker.io": "docker-hub",
    "ghcr.io": "github-container-registry",
    "registry.gitlab.com": "gitlab-container-registry",
    ".azurecr.io": "azure-container-registry",
    "cgr.dev": "chainguard",
    ".amazonaws.com": "ecr",
}


class PullThroughCacheRules:
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.pull_through_cache_rules = {}

    @operation
    def create_pull_through_cache_rule(self, request):
        prefix = request["ecrRepositoryPrefix"]
        if prefix in self.pull_through_cache_rules:
            raise Refusal(
                "PullThroughCacheRuleAlreadyExistsException",
                f"The pull through cache rule with prefix '{prefix}' exists",
            )
        now = utcnow()
        self.pull_through_cache_rules[prefix] = {
            "upstreamRegistry": _upstream_registry(request["upstreamRegistryUrl"]),
            **{field: request[field] for field in FIELDS if request.get(field)},
            "registryId": self.account_id,
            "createdAt": now,
            "updatedAt": now,
        }
        return self.pull_through_cache_rules[prefix]

    @operation
    def describe_pull_through_cache_rules(self, request):
        wanted = request.get("ecrRepositoryPrefixes")
        found = chosen(self.pull_through_cache_rules, wanted, self._find_pull_through_cache_rule)
        return {"pullThroughCacheRules": found}

    @operation
    def update_pull_through_cache_rule(self, request):
        rule = self._find_pull_through_cache_rule(request["ecrRepositoryPrefix"])
        for field in ("credentialArn", "customRoleArn"):
            if request.get(field):
                rule[field] = request[field]
        rule["updatedAt"] = utcnow()
        return rule

    @operation
    def delete_pull_through_cache_rule(self, request):
        rule = self._find_pull_through_cache_rule(request["ecrRepositoryPrefix"])
        del self.pull_through_cache_rules[request["ecrRepositoryPrefix"]]
        return rule

    def _find_pull_through_cache_rule(self, prefix):
        if prefix not in self.pull_through_cache_rules:
            raise Refusal(
                "PullThroughCacheRuleNotFoundException",
                f"The pull through cache rule with prefix '{prefix}' does not exist",
            )
        return self.pull_through_cache_rules[prefix]


def _upstream_registry(url):
    for end, name in UPSTREAM_REGISTRIES.items():
        if url.endswith(end):
            return name
    raise Refusal(
        "UnsupportedUpstreamRegistryException", f"The upstream registry '{url}' is not supported"
    )
