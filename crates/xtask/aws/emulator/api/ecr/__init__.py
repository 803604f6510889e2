"""ECR: the operations that moto lacks, and those that it understands as they were years ago."""

from moto.ecr import urls
from moto.ecr.models import ECRBackend, ecr_backends
from moto.ecr.responses import ECRResponse

from emulator.api.ecr import lifecycle, pages
from emulator.api.ecr.account_settings import AccountSettings
from emulator.api.ecr.creation_templates import CreationTemplates
from emulator.api.ecr.pull_through_cache import PullThroughCacheRules
from emulator.api.ecr.pull_time_exclusions import PullTimeUpdateExclusions
from emulator.api.ecr.registry_policy import RegistryPolicy
from emulator.api.ecr.replication import Replication
from emulator.api.ecr.repositories import Repositories
from emulator.api.ecr.signing import SigningConfiguration
from emulator.api.operations import serve


class Registry(
    AccountSettings,
    CreationTemplates,
    PullThroughCacheRules,
    PullTimeUpdateExclusions,
    RegistryPolicy,
    Replication,
    Repositories,
    SigningConfiguration,
    ECRBackend,
):
    """The private registry of an account in a region."""

    @property
    def _url_module(self):
        # moto would look for it beside this class.
        return urls


def install():
    ecr_backends.backend = Registry
    ECRResponse.backend = ECRResponse.ecr_backend
    serve(ECRResponse, Registry)
    pages.install(ECRResponse)
    lifecycle.install()
