//! Addresses of resources.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use thiserror::Error;

use crate::names;

/// The address of a resource: `aws_ecr_repository.app`, or that of an instance in a child module, as in
/// a state: `module.ecr["shop/app"].aws_ecr_repository.this[0]`.
///
/// It is written into a module as an expression, so no other text is accepted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Address(String);

impl Address {
    /// Creates an address in the root module from a resource type and a name, if both are valid
    /// identifiers.
    pub(crate) fn new(kind: &str, name: &str) -> Option<Self> {
        let fits = names::is_name(kind) && names::is_name(name);
        fits.then(|| Self(format!("{kind}.{name}")))
    }

    /// The address of an instance in a state file.
    pub(crate) fn in_state(
        module: Option<&str>,
        kind: &str,
        name: &str,
        key: Option<&Value>,
    ) -> Option<Self> {
        let module = module.map(|module| format!("{module}.")).unwrap_or_default();
        let key = match key {
            None => String::new(),
            Some(Value::String(key)) => format!("[\"{}\"]", escaped(key)),
            Some(key) => format!("[{key}]"),
        };
        Self::try_from(format!("{module}{kind}.{name}{key}")).ok()
    }

    /// The resource's type.
    pub(crate) fn kind(&self) -> &str {
        parse(&self.0).map_or("", |parsed| parsed.kind)
    }

    /// The address without the keys of instances: that of the block in the configuration.
    pub(crate) fn resource(&self) -> Self {
        parse(&self.0).map_or_else(|| self.clone(), |parsed| Self(parsed.resource))
    }
}

/// A key in quotes, by the syntax of Terraform's strings.
fn escaped(key: &str) -> String {
    let mut escaped = String::with_capacity(key.len());
    for c in key.chars() {
        match c {
            '"' | '\\' => escaped.extend(['\\', c]),
            '\n' => escaped.push_str("\\n"),
            '\r' => escaped.push_str("\\r"),
            '\t' => escaped.push_str("\\t"),
            _ => escaped.push(c),
        }
    }
    escaped.replace("${", "$${").replace("%{", "%%{")
}

/// The parts of an address.
struct Parsed<'a> {
    kind: &'a str,
    resource: String,
}

/// Parses an address: modules, the type and the name, each module and the name with a key or without.
fn parse(text: &str) -> Option<Parsed<'_>> {
    let mut rest = text;
    let mut modules = String::new();
    while let Some(call) = rest.strip_prefix("module.") {
        let (name, after) = name(call)?;
        modules.push_str("module.");
        modules.push_str(name);
        modules.push('.');
        rest = after_key(after)?.strip_prefix('.')?;
    }
    let (kind, after) = name(rest)?;
    let (name, after) = name(after.strip_prefix('.')?)?;
    after_key(after)?
        .is_empty()
        .then(|| Parsed { kind, resource: format!("{modules}{kind}.{name}") })
}

/// An identifier, and what follows it.
fn name(text: &str) -> Option<(&str, &str)> {
    let (name, rest) = text.split_at_checked(text.find(['.', '[']).unwrap_or(text.len()))?;
    names::is_name(name).then_some((name, rest))
}

/// What follows the key of an instance, if there is one: a number, or a string without interpolation.
fn after_key(text: &str) -> Option<&str> {
    let Some(key) = text.strip_prefix('[') else { return Some(text) };
    let Some(quoted) = key.strip_prefix('"') else {
        let (number, rest) = key.split_once(']')?;
        let is_number = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
        return is_number.then_some(rest);
    };
    let mut chars = quoted.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return quoted.get(at + 1..)?.strip_prefix(']'),
            '\\' => {
                chars.next().filter(|(_, c)| matches!(c, 'n' | 'r' | 't' | '"' | '\\'))?;
            }
            '$' | '%' => {
                let (here, after) =
                    (quoted.get(at..)?, |text: &str| quoted.get(at..)?.strip_prefix(text));
                let escape: String = [c, c, '{'].iter().collect();
                if after(&escape).is_some() {
                    chars.next();
                    chars.next();
                } else if here.get(1..)?.starts_with('{') {
                    return None;
                }
            }
            c if c.is_control() => return None,
            _ => {}
        }
    }
    None
}

impl TryFrom<String> for Address {
    type Error = AddressError;

    fn try_from(text: String) -> Result<Self, AddressError> {
        if parse(&text).is_some() { Ok(Self(text)) } else { Err(AddressError { text }) }
    }
}

impl From<Address> for String {
    fn from(address: Address) -> Self {
        address.0
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The text is not the address of a resource.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{text}` is not the address of a resource")]
pub struct AddressError {
    text: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_an_address() {
        let cases = [
            ("aws_ecr_repository.app", Some(("aws_ecr_repository", "aws_ecr_repository.app"))),
            ("a.b[0]", Some(("a", "a.b"))),
            (r#"module.m["x.y[0]"].module.n[12].a.b["k"]"#, Some(("a", "module.m.module.n.a.b"))),
            (r#"a.b["$${x}%%{y}$ % \" \\ $"]"#, Some(("a", "a.b"))),
            (r#"a.b["${file(1)}"]"#, None),
            (r#"a.b["%{if true}"]"#, None),
            (r#"a.b["$$${x}"]"#, Some(("a", "a.b"))),
            ("a", None),
            ("a.b.c", None),
            ("a.b[", None),
            ("a.b[-1]", None),
            (r#"a.b["x"#, None),
            (r#"a.b["x"].c"#, None),
            ("module.m.a", None),
            ("data.a.b", None),
            ("1a.b", None),
            ("a.b\n", None),
        ];
        for (text, expected) in cases {
            let address = Address::try_from(text.to_owned()).ok();
            let found = address.as_ref().map(|address| (address.kind(), address.resource().0));
            let expected = expected.map(|(kind, resource)| (kind, resource.to_owned()));
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn keys_of_a_state_are_escaped() {
        for (key, expected) in
            [("m/a", r#"["m/a"]"#), ("${x}", r#"["$${x}"]"#), ("a\"b\\c\n", r#"["a\"b\\c\n"]"#)]
        {
            let address = Address::in_state(Some("module.m"), "a", "b", Some(&key.into()));
            assert_eq!(address.unwrap().0, format!("module.m.a.b{expected}"));
        }
    }
}
