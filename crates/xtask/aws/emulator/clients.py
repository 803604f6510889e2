"""boto3 clients of the emulated AWS, made once for each account, region and service."""

import dataclasses
import threading

import boto3
from botocore.config import Config
from moto.utilities.utils import get_partition

# A fault of the emulation is shown at once; the default configuration would hide it for a minute.
# Parameters are still checked by the SDK's model of the service, which knows what AWS accepts.
CONFIG = Config(retries={"max_attempts": 0}, read_timeout=60, proxies={})

# A service without regions is asked in one region of the partition.
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
        # To make a client is not safe in several threads.
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
                    # The server takes the account from the key: see `api.accounts`.
                    aws_access_key_id=account,
                    aws_secret_access_key="emulated",
                    config=CONFIG,
                )
            return self._made[key]


@dataclasses.dataclass(frozen=True)
class Place:
    """An account and a region, in which a stack is deployed or state is read."""

    clients: Clients = dataclasses.field(repr=False, compare=False)
    account: str
    region: str

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
        return self.clients.get(service, self.account, region)
