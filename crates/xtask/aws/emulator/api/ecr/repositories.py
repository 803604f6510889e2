"""Repositories: their default key, their scans on push, and what can be pushed."""

import fnmatch

from moto.ecr.exceptions import ImageAlreadyExistsException


class Repositories:
    def create_repository(self, repository_name, *args, **kwargs):
        encryption = kwargs.get("encryption_config") or {}
        if encryption.get("encryptionType", "").startswith("KMS") and not encryption.get("kmsKey"):
            # AWS takes the key that it manages for ECR. moto makes up another at each repository,
            # by which two deployments of one graph would differ.
            key = f"arn:{self.partition}:kms:{self.region_name}:{self.account_id}:key/aws-ecr"
            kwargs["encryption_config"] = {**encryption, "kmsKey": key}
        return super().create_repository(repository_name, *args, **kwargs)

    def put_image_scanning_configuration(self, registry_id, repository_name, image_scan_config):
        # A client that says no leaves the field out, and moto ignores a configuration without one.
        configuration = {"scanOnPush": False, **(image_scan_config or {})}
        return super().put_image_scanning_configuration(
            registry_id, repository_name, configuration
        )

    def put_image(self, repository_name, *args, **kwargs):
        # moto does not return ECR's error for a repository that does not exist.
        self._get_repository(repository_name)
        return super().put_image(repository_name, *args, **kwargs)

    def _resolve_image_tag_mutability(self, repository, proposed_image_tag):
        # moto reads the filters as regular expressions, by which '*-dev' is a fault of the server.
        filters = repository.image_tag_mutability_exclusion_filters or []
        excluded = any(
            fnmatch.fnmatchcase(proposed_image_tag or "", filter_["filter"]) for filter_ in filters
        )
        tagged = [image for image in repository.images if proposed_image_tag in image.image_tags]
        if tagged and repository.is_tag_immutable() != excluded:
            raise ImageAlreadyExistsException(
                registry_id=repository.registry_id,
                image_tag=proposed_image_tag,
                digest=tagged[0].get_image_digest(),
                repository_name=repository.name,
            )
        return tagged
