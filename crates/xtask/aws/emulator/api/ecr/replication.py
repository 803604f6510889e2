"""Replication of a registry: moto knows one rule."""

from moto.ecr.exceptions import InvalidParameterException

MAX_RULES = 10
MAX_DESTINATIONS = 25


class Replication:
    def put_replication_configuration(self, replication_config):
        rules = replication_config["rules"]
        destinations = [
            (destination["region"], destination["registryId"])
            for rule in rules
            for destination in rule["destinations"]
        ]
        if len(rules) > MAX_RULES or len(set(destinations)) > MAX_DESTINATIONS:
            raise _invalid(f"at most {MAX_RULES} rules and {MAX_DESTINATIONS} destinations")
        if (self.region_name, self.account_id) in destinations:
            raise _invalid("a destination must not be the registry itself")
        self.replication_config = replication_config
        return {"replicationConfiguration": replication_config}


def _invalid(constraint):
    return InvalidParameterException(
        f"Invalid parameter at 'replicationConfiguration' failed to satisfy constraint: "
        f"'{constraint}'"
    )
