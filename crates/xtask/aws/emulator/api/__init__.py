"""What moto's services lack: a module or a package for each service that is extended."""

from emulator.api import accounts, cloudformation, ecr, ecr_public, iam, kms, speed


def install():
    """Extends the moto of this process. To call it again changes nothing."""
    accounts.install()
    cloudformation.install()
    ecr.install()
    ecr_public.install()
    iam.install()
    kms.install()
    speed.install()
