"""AWS::Events::Rule"""

from emulator.cloudformation.kind import Kind, changed, given, settle_tags
from emulator.cloudformation.shapes import TAGS, document, integer, list_of, map_of, record, text


class Rule(Kind):
    TYPE = "AWS::Events::Rule"
    PROPERTIES = {
        "Description": text,
        "EventPattern": document,
        "Name": text,
        "State": text,
        "Tags": TAGS,
        "Targets": list_of(
            record(
                Arn=text,
                DeadLetterConfig=record(Arn=text),
                Id=text,
                Input=text,
                InputPath=text,
                InputTransformer=record(InputPathsMap=map_of(text), InputTemplate=text),
                RetryPolicy=record(MaximumEventAgeInSeconds=integer, MaximumRetryAttempts=integer),
                RoleArn=text,
            )
        ),
    }
    CREATE_ONLY = ("Name",)
    MADE_WITH = ("Description", "EventPattern", "State", "Tags")
    TAGGABLE = True

    @property
    def events(self):
        return self.place.client("events")

    def make(self, properties):
        name = properties.get("Name") or self.generated_name(64)
        self._put_rule(name, properties, **given(properties, Tags="Tags"))
        return name

    def settle(self, physical_id, was, now):
        name = physical_id
        if changed(was, now, "Description", "EventPattern", "State"):
            self._put_rule(name, now)
        if changed(was, now, "Tags"):
            arn = self.attributes(name)["Arn"]
            settle_tags(
                was,
                now,
                lambda tags: self.events.tag_resource(ResourceARN=arn, Tags=tags),
                lambda keys: self.events.untag_resource(ResourceARN=arn, TagKeys=keys),
            )
        self._settle_targets(name, was.get("Targets", []), now.get("Targets", []))

    def remove(self, physical_id, properties):
        # EventBridge does not delete a rule with targets.
        self._settle_targets(physical_id, properties.get("Targets", []), [])
        self.events.delete_rule(Name=physical_id)

    def attributes(self, physical_id):
        return {"Arn": self.events.describe_rule(Name=physical_id)["Arn"]}

    def _put_rule(self, name, properties, **parameters):
        self.events.put_rule(
            Name=name,
            **given(
                properties, Description="Description", EventPattern="EventPattern", State="State"
            ),
            **parameters,
        )

    def _settle_targets(self, name, was, now):
        kept = {target["Id"] for target in now}
        gone = [target["Id"] for target in was if target["Id"] not in kept]
        put = [target for target in now if target not in was]
        if gone:
            self.events.remove_targets(Rule=name, Ids=gone)
        if put:
            self.events.put_targets(Rule=name, Targets=put)
