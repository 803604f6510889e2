"""The user's AWS settings, which must not affect the emulation."""

import os


def forget():
    """Removes them from the environment, which boto3 and moto read when they are imported."""
    for name in list(os.environ):
        if name.startswith(("AWS_", "MOTO_")):
            del os.environ[name]
    os.environ["AWS_CONFIG_FILE"] = os.environ["AWS_SHARED_CREDENTIALS_FILE"] = os.devnull
