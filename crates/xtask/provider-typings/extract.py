"""Prints how the arguments of an `aws-VERSION.json` differ from those in the typings of the provider.

usage: extract.py PACKAGE FILE

PACKAGE is the unpacked npm package `@cdktn/provider-aws`, which its authors generate from the schema of
the provider. For each type in FILE, its code tells the kind and the type of each argument and which are
blocks; its declarations tell which are required, and of which blocks there is at most one.
"""

import json
import pathlib
import re
import sys

ATTRIBUTE = re.compile(
    r"^ +(\w+): \{\n +value: (.*?),\n +isBlock: (true|false),\n +type: \"(\w+)\",\n"
    r" +storageClassType: \"(\w+)\",\n",
    re.MULTILINE | re.DOTALL,
)
PROPERTY = re.compile(r"^    readonly (\w+)(\??): ([^;{]+|\{[^}]*\});", re.MULTILINE)
GETTER = re.compile(r"^    get (\w+)\(\)", re.MULTILINE)


class Typings:
    def __init__(self, folder):
        self.code = (folder / "index.js").read_text()
        declarations = (folder / "index.d.ts").read_text()
        self.declarations = re.sub(r"/\*.*?\*/", "", declarations, flags=re.DOTALL)

    def interface(self, name):
        """The properties of an interface: whether each is required, and its type."""
        body = between(self.declarations, rf"export interface {name}(?: extends [^{{]+)? \{{\n", "\n}")
        return {name: (not mark, kind) for name, mark, kind in PROPERTY.findall(body)}

    def computed(self, name):
        """The properties of a class that cannot be set."""
        body = between(self.declarations, rf"export declare class {name} extends [^{{]+ \{{\n", "\n}")
        getters = set(GETTER.findall(body))
        inputs = {it.removesuffix("Input") for it in getters if it.endswith("Input")}
        ours = {"internalValue", "fqn", *inputs, *(f"{it}Input" for it in inputs)}
        return getters - ours

    def resource(self, name):
        code = between(self.code, r"    synthesizeHclAttributes\(\) \{\n", "\n    }")
        return self.block(f"{name}Config", name, code, "this._")

    def nested(self, name):
        function = name[0].lower() + name[1:] + "ToHclTerraform"
        code = between(self.code, rf"function {function}\(struct\) \{{\n", "\n}")
        return self.block(name, f"{name}OutputReference", code, "struct.")

    def block(self, interface, of_class, code, prefix):
        properties = self.interface(interface)
        attributes, blocks = {}, {}
        for name, value, is_block, kind, stored in ATTRIBUTE.findall(code):
            key = re.search(re.escape(prefix) + r"(\w+)", value).group(1)
            required, written = properties[key]
            nested = re.match(r"(\w+?)(\[\])?( \||$)", written)
            if nested and f"export interface {nested.group(1)} " in self.declarations:
                many = nested.group(2) is not None
                block = self.nested(nested.group(1))
                bound = None if many else 1
                blocks[name] = (required, bound, kind, is_block == "true", block)
            else:
                attributes[name] = (required, kind, stored)
        for key in self.computed(of_class):
            attributes[snake(key)] = (False, "computed", None)
        return attributes, blocks


def between(text, start, end):
    found = re.search(start, text)
    if found is None:
        return ""
    return text[found.end() : text.index(end, found.end()) + 1]


def snake(key):
    return re.sub(r"([A-Z])", lambda it: "_" + it.group(1).lower(), key)


def known(block):
    attributes = {
        name: (it["required"], it["kind"], it["type"]) for name, it in block["attributes"].items()
    }
    blocks = {
        name: (it["required"], it["max"], it["nesting"], it["is_block"], known(it["block"]))
        for name, it in block["blocks"].items()
    }
    return attributes, blocks


def differences(place, ours, theirs):
    for one, other in zip(ours, theirs):
        for name in sorted(one.keys() | other.keys()):
            mine, its = one.get(name), other.get(name)
            if mine is not None and its is not None and len(mine) == 5:
                yield from differences(f"{place}.{name}", mine[4], its[4])
                mine, its = mine[:4], its[:4]
            if mine != its:
                yield f"{place}.{name}: {mine} in the file, {its} in the typings"


package, file = map(pathlib.Path, sys.argv[1:])
count = 0


def total(block):
    nested = (total(it["block"]) for it in block["blocks"].values())
    return len(block["attributes"]) + len(block["blocks"]) + sum(nested)


for section, kinds in json.loads(file.read_text()).items():
    for kind, block in kinds.items():
        words = kind.removeprefix("aws_")
        folder = {"data": f"data-aws-{words}", "provider": "provider", "resource": words}[section]
        typings = Typings(package / "lib" / folder.replace("_", "-"))
        name = re.search(r"export declare class (\w+) extends cdktn\.Terraform\w+ \{", typings.declarations)
        ours, theirs = known(block), typings.resource(name.group(1))
        if section == "provider":
            # The file has only those of its arguments that ecrane writes or names.
            theirs = [{name: it[name] for name in mine if name in it} for mine, it in zip(ours, theirs)]
        for difference in differences(kind, ours, theirs):
            print(difference)
        count += total(block)
print(f"{count} arguments", file=sys.stderr)
