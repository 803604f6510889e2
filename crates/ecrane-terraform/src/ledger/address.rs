//! Addresses of resources.

use std::fmt;
use std::sync::Arc;

use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use thiserror::Error;

use crate::names;

/// The address of a resource: `aws_ecr_repository.app`. ecrane writes resources into root modules and
/// without `count` or `for_each`, but a resource can come from another address, such as
/// `module.ecr["app"].aws_ecr_repository.this[0]`.
///
/// It is written into a module as an expression, so no other text is accepted.
///
/// ```
/// use ecrane_terraform::Address;
///
/// let address = |text: &str| Address::try_from(text.to_owned());
/// assert!(address(r#"module.ecr["app"].aws_ecr_repository.this[0]"#).is_ok());
/// assert!(address(r#"aws_ecr_repository.this["${file("x")}"]"#).is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address(Arc<str>);

/// The parts of an address.
struct Parts<'a> {
    /// The calls of modules, each with its key.
    modules: Vec<(&'a str, &'a str)>,
    kind: &'a str,
    name: &'a str,
    /// The key of `count` or `for_each`, in its brackets.
    key: &'a str,
}

impl Address {
    /// Creates an address in the root module from a resource type and a name, if both are valid
    /// identifiers.
    pub(crate) fn new(kind: &str, name: &str) -> Option<Self> {
        let fits = names::is_name(kind) && names::is_name(name);
        fits.then(|| Self([kind, ".", name].concat().into()))
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
        parts(&self.0).map_or("", |parts| parts.kind)
    }

    /// The name, if the resource is in a root module and has no key.
    pub fn plain_name(&self) -> Option<&str> {
        let parts = parts(&self.0)?;
        (parts.modules.is_empty() && parts.key.is_empty()).then_some(parts.name)
    }

    /// The address of all instances of the resource: `removed` blocks accept no keys.
    pub(crate) fn without_keys(&self) -> Self {
        let Some(Parts { modules, kind, name, key: _ }) = parts(&self.0) else {
            return self.clone();
        };
        let modules = modules.iter().flat_map(|(name, _)| ["module.", name, "."]);
        Self(modules.chain([kind, ".", name]).collect::<String>().into())
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

fn parts(text: &str) -> Option<Parts<'_>> {
    let mut modules = Vec::new();
    let mut rest = text;
    while let Some(call) = rest.strip_prefix("module.") {
        let end = call.find(['.', '['])?;
        let (name, after) = call.split_at_checked(end)?;
        let (key, after) = key(after)?;
        if !names::is_name(name) {
            return None;
        }
        modules.push((name, key));
        rest = after.strip_prefix('.')?;
    }
    let (kind, rest) = rest.split_once('.')?;
    let (name, rest) = rest.split_at_checked(rest.find('[').unwrap_or(rest.len()))?;
    let (key, rest) = key(rest)?;
    let fits = names::is_name(kind) && names::is_name(name) && rest.is_empty();
    fits.then_some(Parts { modules, kind, name, key })
}

/// The key at the beginning of a text, if there is one, and what follows: a number, or a quoted text
/// without an expression.
fn key(text: &str) -> Option<(&str, &str)> {
    let Some(inner) = text.strip_prefix('[') else { return Some(("", text)) };
    let end = match inner.strip_prefix('"') {
        None => {
            let digits = inner.find(|c: char| !c.is_ascii_digit())?;
            (digits > 0).then_some(digits)?
        }
        Some(quoted) => 1 + end_of_quoted(quoted)?,
    };
    let (key, rest) = text.split_at_checked(end + 2)?;
    key.ends_with(']').then_some((key, rest))
}

/// The position after the closing quote.
fn end_of_quoted(text: &str) -> Option<usize> {
    let mut rest = text.char_indices();
    let mut dollars = 0_usize;
    let mut sign = ' ';
    while let Some((at, c)) = rest.next() {
        // `${` and `%{` begin an expression, and `$${` and `%%{` do not.
        if c == '{' && dollars == 1 {
            return None;
        }
        dollars = match c {
            '$' | '%' if c == sign => dollars + 1,
            '$' | '%' => 1,
            _ => 0,
        };
        sign = c;
        match c {
            '"' => return Some(at + 1),
            '\\' => {
                rest.next()
                    .filter(|(_, c)| matches!(c, '"' | '\\' | 'n' | 'r' | 't' | 'u' | 'U'))?;
            }
            c if c.is_control() => return None,
            _ => {}
        }
    }
    None
}

impl TryFrom<&str> for Address {
    type Error = AddressError;

    fn try_from(text: &str) -> Result<Self, AddressError> {
        match parts(text) {
            Some(_) => Ok(Self(text.into())),
            None => Err(AddressError { text: text.to_owned() }),
        }
    }
}

impl TryFrom<String> for Address {
    type Error = AddressError;

    fn try_from(text: String) -> Result<Self, AddressError> {
        Self::try_from(text.as_str())
    }
}

impl<'de> Deserialize<'de> for Address {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;

        impl Visitor<'_> for Text {
            type Value = Address;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the address of a resource")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Address, E> {
                Address::try_from(text).map_err(E::custom)
            }
        }

        deserializer.deserialize_str(Text)
    }
}

impl Serialize for Address {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
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

    fn address(text: &str) -> Option<Address> {
        Address::try_from(text.to_owned()).ok()
    }

    #[test]
    fn takes_addresses_only() {
        for text in [
            "aws_ecr_repository.app",
            "aws_ecr_repository.app[12]",
            r#"aws_ecr_repository.app["a.b[0]"]"#,
            r#"aws_ecr_repository.app["a\"]$${x}"]"#,
            r#"module.a["x/y"].module.b[0].aws_ecr_repository.this"#,
        ] {
            assert!(address(text).is_some(), "{text}");
        }
        for text in [
            "aws_ecr_repository",
            "aws_ecr_repository.app.arn",
            "aws_ecr_repository.app[]",
            "aws_ecr_repository.app[each.key]",
            r#"aws_ecr_repository.app["a"#,
            r#"aws_ecr_repository.app["${x}"]"#,
            r#"aws_ecr_repository.app["%{if x}"]"#,
            r#"aws_ecr_repository.app["a"].arn"#,
            "module.a.b",
            "module.a[0]",
        ] {
            assert!(address(text).is_none(), "{text}");
        }
    }

    #[test]
    fn knows_the_parts() {
        let instance = address(r#"module.ecr["a"].aws_ecr_repository.this[0]"#).unwrap();
        assert_eq!(instance.kind(), "aws_ecr_repository");
        assert_eq!(instance.plain_name(), None);
        assert_eq!(instance.without_keys().to_string(), "module.ecr.aws_ecr_repository.this");
        assert_eq!(address("aws_ecr_repository.app").unwrap().plain_name(), Some("app"));
    }

    #[test]
    fn keys_of_a_state_are_escaped() {
        for (key, expected) in
            [("m/a", r#"["m/a"]"#), ("${x}", r#"["$${x}"]"#), ("a\"b\\c\n", r#"["a\"b\\c\n"]"#)]
        {
            let address = Address::in_state(Some("module.m"), "a", "b", Some(&key.into()));
            assert_eq!(*address.unwrap().0, format!("module.m.a.b{expected}"));
        }
    }
}
