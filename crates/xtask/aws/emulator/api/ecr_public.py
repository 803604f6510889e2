"""ECR Public, which moto does not have at all."""

import re
import sys
import types

from moto import backend_index
from moto.core.base_backend import BackendDict, BaseBackend
from moto.core.responses import BaseResponse
from moto.core.utils import utcnow
from moto.ecr.exceptions import (
    RepositoryAlreadyExistsException,
    RepositoryNotFoundException,
    RepositoryPolicyNotFoundException,
)
from moto.utilities.tagging_service import TaggingService

from emulator.api.operations import chosen, operation, serve

# The name of the module in which moto looks for the service.
MODULE = "moto.ecrpublic"

URL_BASE = r"https?://(api\.)?ecr-public\.(.+)\.amazonaws\.com"


class PublicRegistry(BaseBackend):
    """The public registry of an account."""

    def __init__(self, region_name, account_id):
        super().__init__(region_name, account_id)
        self.repositories = {}
        self.catalog_data = {}
        self.policies = {}
        self.tagger = TaggingService(tag_name="tags")

    @property
    def _url_module(self):
        paths = {"{0}/$": PublicRegistryResponse.dispatch}
        return types.SimpleNamespace(url_bases=[URL_BASE], url_paths=paths)

    @operation
    def create_repository(self, request):
        name = request["repositoryName"]
        if name in self.repositories:
            raise RepositoryAlreadyExistsException(name, self.account_id)
        arn = f"arn:{self.partition}:ecr-public::{self.account_id}:repository/{name}"
        self.repositories[name] = {
            "createdAt": utcnow(),
            "registryId": self.account_id,
            "repositoryArn": arn,
            "repositoryName": name,
            "repositoryUri": f"public.ecr.aws/r{self.account_id}/{name}",
        }
        self.catalog_data[name] = _shown(request.get("catalogData", {}))
        self.tagger.tag_resource(arn, request.get("tags", []))
        return {"repository": self.repositories[name], "catalogData": self.catalog_data[name]}

    @operation
    def describe_repositories(self, request):
        found = chosen(self.repositories, request.get("repositoryNames"), self._find)
        return {"repositories": found}

    @operation
    def delete_repository(self, request):
        name = request["repositoryName"]
        repository = self._find(name)
        self.tagger.delete_all_tags_for_resource(repository["repositoryArn"])
        self.policies.pop(name, None)
        del self.catalog_data[name], self.repositories[name]
        return {"repository": repository}

    @operation
    def get_repository_catalog_data(self, request):
        self._find(request["repositoryName"])
        return {"catalogData": self.catalog_data[request["repositoryName"]]}

    @operation
    def put_repository_catalog_data(self, request):
        self._find(request["repositoryName"])
        self.catalog_data[request["repositoryName"]] = _shown(request["catalogData"])
        return self.get_repository_catalog_data(request)

    @operation
    def get_repository_policy(self, request):
        name = request["repositoryName"]
        self._find(name)
        if name not in self.policies:
            raise RepositoryPolicyNotFoundException(name, self.account_id)
        return {
            "policyText": self.policies[name],
            "registryId": self.account_id,
            "repositoryName": name,
        }

    @operation
    def set_repository_policy(self, request):
        self._find(request["repositoryName"])
        self.policies[request["repositoryName"]] = request["policyText"]
        return self.get_repository_policy(request)

    @operation
    def delete_repository_policy(self, request):
        answer = self.get_repository_policy(request)
        del self.policies[request["repositoryName"]]
        return answer

    @operation
    def list_tags_for_resource(self, request):
        return self.tagger.list_tags_for_resource(request["resourceArn"])

    @operation
    def tag_resource(self, request):
        self.tagger.tag_resource(request["resourceArn"], request["tags"])
        return {}

    @operation
    def untag_resource(self, request):
        self.tagger.untag_resource_using_names(request["resourceArn"], request["tagKeys"])
        return {}

    def _find(self, name):
        if name not in self.repositories:
            raise RepositoryNotFoundException(name, self.account_id)
        return self.repositories[name]


def _shown(catalog_data):
    """Catalog data as AWS gives it back: with no image, but with an address of it."""
    return {key: value for key, value in catalog_data.items() if key != "logoImageBlob"}


public_backends = BackendDict(
    PublicRegistry, "ecr-public", use_boto3_regions=False, additional_regions=["us-east-1"]
)


class PublicRegistryResponse(BaseResponse):
    def __init__(self):
        super().__init__(service_name="ecr-public")

    @property
    def backend(self):
        return public_backends[self.current_account]["us-east-1"]


def install():
    if MODULE in sys.modules:
        return
    serve(PublicRegistryResponse, PublicRegistry)
    module = types.ModuleType(MODULE)
    module.ecrpublic_backends = public_backends
    sys.modules[MODULE] = module
    backend_index.backend_url_patterns.append(("ecr-public", re.compile(URL_BASE)))
