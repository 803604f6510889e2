"""KMS: a key that is made with no usage encrypts. moto leaves the usage out."""

from moto.kms import urls
from moto.kms.models import KmsBackend, kms_backends


class Keys(KmsBackend):
    """The keys of an account in a region."""

    @property
    def _url_module(self):
        # moto would look for it beside this class.
        return urls

    def create_key(self, policy, key_usage, *args, **kwargs):
        return super().create_key(policy, key_usage or "ENCRYPT_DECRYPT", *args, **kwargs)


def install():
    kms_backends.backend = Keys
