"""The common base of all resource types."""

from emulator.cloudformation.shapes import record
from emulator.errors import TemplateError


class Kind:
    """A resource type: how one is made, changed and removed by the API of its service.

    The facts of a type (which properties there are, are required, cause replacement; whether the
    stack's tags are given to it) are those of the CloudFormation registry's schema of the type, as
    cfn-lint 1.51.0 packages them. Properties that ecrane does not render may be left out; they are
    refused then.
    """

    TYPE = None
    # The shape of each property.
    PROPERTIES = {}
    REQUIRED = ()
    # A change of these properties requires replacement (`createOnlyProperties`).
    CREATE_ONLY = ()
    # The updatable properties that `make` sets; `settle` sets the others.
    MADE_WITH = ()
    # Whether stack tags apply to it (`tagging.taggable`, all with `tagProperty` Tags).
    TAGGABLE = False

    def __init__(self, place, generated_name):
        self.place = place
        self.generated_name = generated_name

    def make(self, properties):
        """Creates the resource, and returns its physical ID."""
        raise NotImplementedError

    def settle(self, physical_id, was, now):
        """Updates the resource from the properties `was` to the properties `now`."""
        raise NotImplementedError

    def remove(self, physical_id, properties):
        raise NotImplementedError

    def attributes(self, _physical_id):
        """The values of `Fn::GetAtt`."""
        return {}

    def make_and_settle(self, properties):
        """Creates the resource completely, or not at all."""
        physical_id = self.make(properties)
        made_with = (*self.CREATE_ONLY, *self.MADE_WITH)
        was = {key: value for key, value in properties.items() if key in made_with}
        try:
            self.settle(physical_id, was, properties)
        except Exception:
            type(self)(self.place.tolerant(), None).remove(physical_id, properties)
            raise
        return physical_id

    @classmethod
    def checked(cls, properties):
        """The properties in the form of the API."""
        for name in cls.REQUIRED:
            if name not in properties:
                raise TemplateError(f"{cls.TYPE}: {name} is missing")
        return record(**cls.PROPERTIES)(properties, cls.TYPE)

    @classmethod
    def with_tags(cls, properties, stack_tags):
        """The properties with the stack's tags after the resource's own tags."""
        if not cls.TAGGABLE:
            return properties
        merged = {**stack_tags, **tags_of(properties)}
        return {**properties, "Tags": [{"Key": key, "Value": merged[key]} for key in merged]}

    @classmethod
    def is_replaced(cls, was, now):
        return changed(was, now, *cls.CREATE_ONLY)


def changed(was, now, *names):
    """Whether any of the properties differs."""
    return any(was.get(name) != now.get(name) for name in names)


def tags_of(properties):
    """The tags of a resource as a map."""
    return {tag["Key"]: tag["Value"] for tag in properties.get("Tags", [])}


def settle_tags(was, now, put, remove):
    """Calls `put` with new and changed tags, and `remove` with the keys of removed tags."""
    old, new = tags_of(was), tags_of(now)
    gone = [key for key in old if key not in new]
    put_tags = [{"Key": key, "Value": new[key]} for key in new if old.get(key) != new[key]]
    if gone:
        remove(gone)
    if put_tags:
        put(put_tags)


def settle_text(was, now, name, put, remove):
    """Calls `put` with the JSON of a changed property, or `remove` if it is removed."""
    if not changed(was, now, name):
        return
    if name in now:
        put(now[name])
    else:
        remove()


def given(properties, **parameters):
    """The given properties, as the parameters of a call."""
    return {
        parameter: properties[name] for parameter, name in parameters.items() if name in properties
    }


def camel(value):
    """Properties in the camelCase of the ECR API."""
    if isinstance(value, dict):
        return {key[:1].lower() + key[1:]: camel(item) for key, item in value.items()}
    if isinstance(value, list):
        return [camel(item) for item in value]
    return value
