"""boto3 clients of the emulated AWS, made once for each account, region and service."""

import dataclasses
import threading

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError
from moto.utilities.utils import get_partition

# A fault of the emulation is shown at once; the default configuration would hide it for a minute.
# Parameters are still checked by the SDK's model of the service, which knows what AWS accepts.
CONFIG = Config(retries={"max_attempts": 0}, read_timeout=60, proxies={})

# How the codes of errors end by which a service says that something does not exist.
ABSENT = ("NotFoundException", "NoSuchEntity")

# A global service is called in one region of the partition.
GLOBAL_REGIONS = {
    "aws": "us-east-1",
    "aws-cn": "cn-north-1",
    "aws-us-gov": "us-gov-west-1",
}


class Clients:
    """The clients of one endpoint."""

    def __init__(self, endpoint):
        self.endpoint = endpoint
        self._session = boto3.Session()
        self._made = {}
        # Creating a client is not thread-safe.
        self._lock = threading.Lock()

    def get(self, service, account, region):
        """The client that calls `service` as `account` in `region`."""
        key = (service, account, region)
        with self._lock:
            if key not in self._made:
                self._made[key] = self._session.client(
                    service,
                    region_name=region,
                    endpoint_url=self.endpoint,
                    # The server derives the account from the access key: see `api.accounts`.
                    aws_access_key_id=account,
                    aws_secret_access_key="emulated",
                    config=CONFIG,
                )
            return self._made[key]


def says_absent(error):
    """Whether an error of a service says that what it was asked for does not exist."""
    return error.response["Error"]["Code"].endswith(ABSENT)


class Tolerant:
    """A client that ignores errors about deleting a resource that does not exist."""

    def __init__(self, client):
        self._client = client

    def __getattr__(self, name):
        method = getattr(self._client, name)

        def call(**parameters):
            try:
                return method(**parameters)
            except ClientError as error:
                if says_absent(error):
                    return {}
                raise

        return call


@dataclasses.dataclass(frozen=True)
class Place:
    """An account and a region, in which a stack is deployed or state is read."""

    clients: Clients = dataclasses.field(repr=False, compare=False)
    account: str
    region: str
    is_tolerant: bool = dataclasses.field(default=False, compare=False)

    def tolerant(self):
        """This place, for the rollback of partial changes."""
        return dataclasses.replace(self, is_tolerant=True)

    @property
    def partition(self):
        return get_partition(self.region)

    def client(self, service):
        """The client of a service in this place."""
        region = self.region
        if service == "iam":
            region = GLOBAL_REGIONS.get(self.partition, region)
        elif service == "ecr-public":
            # The API of public registries is in this region only.
            region = "us-east-1"
        client = self.clients.get(service, self.account, region)
        return Tolerant(client) if self.is_tolerant else client
