"""The intrinsic functions that ecrane renders. Any other is an error."""

import dataclasses
import json
from collections.abc import Callable

from emulator.errors import TemplateError


@dataclasses.dataclass
class Scope:
    """The values that the functions of a template can refer to."""

    # The pseudo parameters by name; `AWS::NoValue` is not one of them.
    parameters: dict
    # The value of `Ref` for a logical id, or None.
    reference: Callable
    # The value of an attribute of a logical id.
    attribute: Callable
    # The value of an export.
    imported: Callable
    # The value of an output of another stack, by stack, region and output.
    stack_output: Callable


class _NoValue:
    """A placeholder for `AWS::NoValue` until it is removed."""


NO_VALUE = _NoValue()


def resolve(value, scope):
    """A value of a template with all functions resolved."""
    if isinstance(value, list):
        items = [resolve(item, scope) for item in value]
        return [item for item in items if item is not NO_VALUE]
    if not isinstance(value, dict):
        return value
    name = function_name(value)
    if name is None:
        entries = {key: resolve(item, scope) for key, item in value.items()}
        return {key: item for key, item in entries.items() if item is not NO_VALUE}
    if name not in FUNCTIONS:
        raise TemplateError(f"unknown function {name}")
    return FUNCTIONS[name](value[name], scope)


def function_name(value):
    """The name of the function that an object calls, if any."""
    names = [key for key in value if key == "Ref" or key.startswith("Fn::")]
    if not names:
        return None
    if len(value) != 1:
        raise TemplateError(f"{names[0]} has sibling keys: {json.dumps(value)}")
    return names[0]


def referenced(value):
    """The names that a part of a template refers to by `Ref` and `Fn::GetAtt`."""
    if isinstance(value, list):
        return {name for item in value for name in referenced(item)}
    if not isinstance(value, dict):
        return set()
    match function_name(value):
        case "Ref":
            return {_string("Ref", value["Ref"])}
        case "Fn::GetAtt":
            return {_logical_id_and_attribute(value["Fn::GetAtt"])[0]}
    return {name for item in value.values() for name in referenced(item)}


def _ref(name, scope):
    if name == "AWS::NoValue":
        return NO_VALUE
    if name in scope.parameters:
        return scope.parameters[name]
    return scope.reference(name)


def _get_att(argument, scope):
    return scope.attribute(*_logical_id_and_attribute(argument))


def _join(argument, scope):
    delimiter, items = _arguments("Fn::Join", argument, 2)
    items = _list("Fn::Join", resolve(items, scope))
    return _string("Fn::Join", delimiter).join(_string("Fn::Join", item) for item in items)


def _split(argument, scope):
    delimiter, source = _arguments("Fn::Split", argument, 2)
    source = _string("Fn::Split", resolve(source, scope))
    return source.split(_string("Fn::Split", delimiter))


def _select(argument, scope):
    index, items = _arguments("Fn::Select", argument, 2)
    items = _list("Fn::Select", resolve(items, scope))
    try:
        index = int(resolve(index, scope))
    except (TypeError, ValueError):
        raise _wrong("Fn::Select", "an index", index) from None
    if not 0 <= index < len(items):
        raise TemplateError(f"Fn::Select: there is no item {index} in {json.dumps(items)}")
    return items[index]


def _import_value(argument, scope):
    return scope.imported(_string("Fn::ImportValue", resolve(argument, scope)))


def _get_stack_output(argument, scope):
    if not isinstance(argument, dict):
        raise _wrong("Fn::GetStackOutput", "an object", argument)
    # RoleArn is for the output of another account, which ecrane does not refer to.
    unknown = argument.keys() - {"StackName", "Region", "OutputName"}
    if unknown or not {"StackName", "OutputName"} <= argument.keys():
        raise _wrong("Fn::GetStackOutput", "StackName, OutputName and perhaps Region", argument)
    given = {
        key: _string("Fn::GetStackOutput", resolve(value, scope)) for key, value in argument.items()
    }
    region = given.get("Region", scope.parameters["AWS::Region"])
    return scope.stack_output(given["StackName"], region, given["OutputName"])


FUNCTIONS = {
    "Ref": _ref,
    "Fn::GetAtt": _get_att,
    "Fn::GetStackOutput": _get_stack_output,
    "Fn::ImportValue": _import_value,
    "Fn::Join": _join,
    "Fn::Select": _select,
    "Fn::Split": _split,
}


def _logical_id_and_attribute(argument):
    if isinstance(argument, str):
        argument = argument.split(".", 1)
    logical_id, attribute = _arguments("Fn::GetAtt", argument, 2)
    return _string("Fn::GetAtt", logical_id), _string("Fn::GetAtt", attribute)


def _arguments(function, argument, count):
    if len(_list(function, argument)) != count:
        raise _wrong(function, f"{count} arguments", argument)
    return argument


def _list(function, value):
    if not isinstance(value, list):
        raise _wrong(function, "a list", value)
    return value


def _string(function, value):
    if not isinstance(value, str):
        raise _wrong(function, "a string", value)
    return value


def _wrong(function, expected, value):
    # A value that is not JSON must still be printable.
    return TemplateError(f"{function}: expected {expected}, not {json.dumps(value, default=repr)}")
