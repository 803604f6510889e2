//! Policy variables: `${aws:username}`, with a default in `${aws:username, 'somebody'}`.
//!
//! Source: IAM user guide, "IAM policy elements: Variables and tags". Variables stand in resources,
//! and in the values of string and ARN operators.

use ecrane_core::Glob;

use crate::context::{Known, Lookup};

/// A pattern in which variables are replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Expanded {
    Pattern(Glob),
    /// A variable has no value and no default: the pattern matches nothing.
    Nothing,
    /// The value of a variable is not known.
    Unknown,
}

/// Whether `*` and `?` in a pattern are wildcards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wildcards {
    Yes,
    No,
}

/// Replaces the variables of a pattern by their values.
pub(crate) fn expand(pattern: &str, wildcards: Wildcards, known: &Known) -> Expanded {
    let mut glob = Glob::default();
    let push = |glob: &mut Glob, text: &str| match wildcards {
        Wildcards::Yes => glob.push_pattern(text),
        Wildcards::No => glob.push_text(text),
    };
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once("${") {
        let Some((variable, after)) = after.split_once('}') else { break };
        push(&mut glob, before);
        rest = after;
        let (name, default) = match variable.split_once(',') {
            Some((name, default)) => (name.trim(), quoted(default.trim())),
            None => (variable.trim(), None),
        };
        match name {
            // How a wildcard or a dollar sign is written that is meant as itself.
            "*" | "?" | "$" => glob.push_text(name),
            name => match (known.lookup(name), default) {
                (Lookup::Values([value]), _) => glob.push_text(value),
                // A key with several values cannot be a variable.
                (Lookup::Values(_), _) | (Lookup::Absent, None) => return Expanded::Nothing,
                (Lookup::Absent, Some(default)) => glob.push_text(default),
                (Lookup::Unknown, _) => return Expanded::Unknown,
            },
        }
    }
    push(&mut glob, rest);
    Expanded::Pattern(glob)
}

fn quoted(text: &str) -> Option<&str> {
    text.strip_prefix('\'').and_then(|text| text.strip_suffix('\''))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::context::Context;

    fn known() -> Known {
        let mut keys = Context::default();
        keys.add("aws:username", "b*b");
        keys.add("aws:PrincipalOrgPaths", "a");
        keys.add("aws:PrincipalOrgPaths", "b");
        Known { keys, is_whole: true, absent: Vec::new() }
    }

    fn matches(pattern: &str, text: &str) -> bool {
        match expand(pattern, Wildcards::Yes, &known()) {
            Expanded::Pattern(glob) => glob.matches(text),
            Expanded::Nothing | Expanded::Unknown => false,
        }
    }

    #[test]
    fn a_value_is_text() {
        assert!(matches("home/${aws:username}/*", "home/b*b/x"));
        assert!(!matches("home/${aws:username}/*", "home/bob/x"));
        assert!(matches("home/${AWS:UserName}", "home/b*b"));
    }

    #[test]
    fn a_default_stands_for_an_absent_key() {
        assert!(matches("${aws:userid, 'nobody'}", "nobody"));
        assert!(matches("${aws:username, 'nobody'}", "b*b"));
        assert!(!matches("${aws:userid}", ""));
    }

    #[test]
    fn special_characters() {
        assert!(matches("a${*}b${?}c${$}", "a*b?c$"));
        assert!(!matches("a${*}", "abc"));
    }

    #[test]
    fn several_values_are_no_text() {
        assert_eq!(expand("${aws:PrincipalOrgPaths}", Wildcards::Yes, &known()), Expanded::Nothing);
    }

    #[test]
    fn an_open_context_does_not_tell() {
        let known = Known { is_whole: false, ..known() };
        assert_eq!(expand("${aws:userid}", Wildcards::Yes, &known), Expanded::Unknown);
    }
}
