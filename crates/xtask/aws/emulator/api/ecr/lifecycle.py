"""The words of lifecycle policies that are younger than moto's validator: the archive."""

from moto.ecr import policy_validation as validation


def install():
    validation.VALID_ACTION_PROPERTIES = {"type", "targetStorageClass"}
    validation.VALID_ACTION_TYPE_VALUES.add("transition")
    validation.VALID_SELECTION_COUNT_TYPE_VALUES.update(
        ("sinceImagePulled", "sinceImageTransitioned")
    )
    validation.VALID_SELECTION_PROPERTIES.add("storageClass")
