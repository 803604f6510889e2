"""The rules of the default event bus."""

from emulator.state.calls import all_pages
from emulator.state.normal import by, parsed, tags


def read(place):
    events = place.client("events")
    return {rule["Name"]: _rule(events, rule) for rule in all_pages(events, "list_rules", "Rules")}


def _rule(events, rule):
    targets = all_pages(events, "list_targets_by_rule", "Targets", Rule=rule["Name"])
    return {
        "description": rule.get("Description"),
        "pattern": parsed(rule.get("EventPattern")),
        "roleArn": rule.get("RoleArn"),
        "schedule": rule.get("ScheduleExpression"),
        "state": rule["State"],
        "tags": tags(events.list_tags_for_resource(ResourceARN=rule["Arn"])["Tags"]),
        "targets": by("Id", targets),
    }
