"""The state of the emulated AWS, read by the public API and brought into a form to be compared.

Two deployments of one graph by different tools leave equal states. What differs without a meaning
is left out or brought into one form: dates, addresses, the writing of policies, the order of sets,
and fields that are empty. All else, each string above all, is given as the API gives it.
"""

from moto.ecr.models import ecr_backends
from moto.events.models import events_backends
from moto.iam.models import iam_backends
from moto.kms.models import kms_backends

from emulator.api.ecr_public import public_backends
from emulator.clients import GLOBAL_REGIONS, Place
from emulator.state import ecr, ecr_public, events, iam, kms
from emulator.state.normal import without_empty

# The services that are read in each region that was used.
REGIONAL = {
    "ecr": (ecr_backends, ecr.read),
    "events": (events_backends, events.read),
    "kms": (kms_backends, kms.read),
}


def read(clients):
    """All that any account has in any region: by account, and by region or global service."""
    state = {}
    for service, (backends, read_service) in REGIONAL.items():
        for account, region in _used(backends):
            in_region = state.setdefault(account, {}).setdefault(region, {})
            in_region[service] = read_service(Place(clients, account, region))
    for account, _region in _used(public_backends):
        place = Place(clients, account, "us-east-1")
        state.setdefault(account, {})["ecrPublic"] = ecr_public.read(place)
    for account, partition in _used(iam_backends):
        # An account is in one partition, but moto looks for keys in all of them.
        if partition in GLOBAL_REGIONS:
            principals = iam.read(Place(clients, account, GLOBAL_REGIONS[partition]))
            merged = state.setdefault(account, {}).setdefault("iam", {})
            for kind, entries in principals.items():
                merged.setdefault(kind, {}).update(entries)
    return without_empty(state)


def _used(backends):
    """The accounts and regions in which a service was called since the last reset."""
    return [(account, region) for account, region, _backend in list(backends.iter_backends())]
