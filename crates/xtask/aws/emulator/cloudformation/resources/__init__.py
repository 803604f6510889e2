"""The resource types by name."""

from emulator.cloudformation.resources.creation_template import RepositoryCreationTemplate
from emulator.cloudformation.resources.group import Group
from emulator.cloudformation.resources.inline_policy import Policy
from emulator.cloudformation.resources.key import Alias, Key
from emulator.cloudformation.resources.managed_policy import ManagedPolicy
from emulator.cloudformation.resources.public_repository import PublicRepository
from emulator.cloudformation.resources.pull_through_cache import PullThroughCacheRule
from emulator.cloudformation.resources.pull_time_exclusion import PullTimeUpdateExclusion
from emulator.cloudformation.resources.registry import (
    RegistryPolicy,
    RegistryScanningConfiguration,
    ReplicationConfiguration,
    SigningConfiguration,
)
from emulator.cloudformation.resources.repository import Repository
from emulator.cloudformation.resources.role import Role
from emulator.cloudformation.resources.rule import Rule
from emulator.cloudformation.resources.user import User

KINDS = {
    kind.TYPE: kind
    for kind in (
        Alias,
        Group,
        Key,
        ManagedPolicy,
        Policy,
        PublicRepository,
        PullThroughCacheRule,
        PullTimeUpdateExclusion,
        RegistryPolicy,
        RegistryScanningConfiguration,
        ReplicationConfiguration,
        Repository,
        RepositoryCreationTemplate,
        Role,
        Rule,
        SigningConfiguration,
        User,
    )
}
