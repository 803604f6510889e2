"""Types with one resource per registry. Their physical ID is the account ID."""

from emulator.cloudformation.kind import Kind, camel
from emulator.cloudformation.shapes import document, list_of, record, text

FILTERS = list_of(record(Filter=text, FilterType=text))


class RegistrySetting(Kind):
    """A setting that overwrites the previous one, and is removed by setting the default."""

    @property
    def ecr(self):
        return self.place.client("ecr")

    def make(self, properties):
        self.put(properties)
        return self.place.account

    def settle(self, _physical_id, was, now):
        if was != now:
            self.put(now)

    def attributes(self, physical_id):
        return {"RegistryId": physical_id}

    def put(self, properties):
        raise NotImplementedError


class RegistryPolicy(RegistrySetting):
    TYPE = "AWS::ECR::RegistryPolicy"
    PROPERTIES = {"PolicyText": document}
    REQUIRED = ("PolicyText",)
    MADE_WITH = REQUIRED

    def put(self, properties):
        self.ecr.put_registry_policy(policyText=properties["PolicyText"])

    def remove(self, _physical_id, _properties):
        self.ecr.delete_registry_policy()


class ReplicationConfiguration(RegistrySetting):
    TYPE = "AWS::ECR::ReplicationConfiguration"
    PROPERTIES = {
        "ReplicationConfiguration": record(
            Rules=list_of(
                record(
                    Destinations=list_of(record(Region=text, RegistryId=text)),
                    RepositoryFilters=FILTERS,
                )
            )
        )
    }
    REQUIRED = ("ReplicationConfiguration",)
    MADE_WITH = REQUIRED

    def put(self, properties):
        configuration = camel(properties["ReplicationConfiguration"])
        self.ecr.put_replication_configuration(replicationConfiguration=configuration)

    def remove(self, _physical_id, _properties):
        self.ecr.put_replication_configuration(replicationConfiguration={"rules": []})


class RegistryScanningConfiguration(RegistrySetting):
    TYPE = "AWS::ECR::RegistryScanningConfiguration"
    PROPERTIES = {
        "Rules": list_of(record(RepositoryFilters=FILTERS, ScanFrequency=text)),
        "ScanType": text,
    }
    REQUIRED = ("Rules", "ScanType")
    MADE_WITH = REQUIRED

    def put(self, properties):
        self.ecr.put_registry_scanning_configuration(
            scanType=properties["ScanType"], rules=camel(properties["Rules"])
        )

    def remove(self, _physical_id, _properties):
        self.ecr.put_registry_scanning_configuration(scanType="BASIC", rules=[])


class SigningConfiguration(RegistrySetting):
    TYPE = "AWS::ECR::SigningConfiguration"
    PROPERTIES = {
        "Rules": list_of(record(RepositoryFilters=FILTERS, SigningProfileArn=text)),
    }
    REQUIRED = ("Rules",)
    MADE_WITH = REQUIRED

    def put(self, properties):
        configuration = {"rules": camel(properties["Rules"])}
        self.ecr.put_signing_configuration(signingConfiguration=configuration)

    def remove(self, _physical_id, _properties):
        self.ecr.delete_signing_configuration()
