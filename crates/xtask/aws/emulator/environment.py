"""What the user of this machine has set for AWS, which is not for the emulation."""

import os


def forget():
    """Takes it out of the environment. boto3 and moto read that when they are loaded."""
    for name in list(os.environ):
        if name.startswith(("AWS_", "MOTO_")):
            del os.environ[name]
    os.environ["AWS_CONFIG_FILE"] = os.environ["AWS_SHARED_CREDENTIALS_FILE"] = os.devnull
