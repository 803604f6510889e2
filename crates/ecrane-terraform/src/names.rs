//! Names of resources, data sources and outputs in a module.

use ecrane_core::{ConstructPath, Resource};

use crate::TARGET;
use crate::options::Layout;

/// The path of the CDK's L2 construct around a resource.
pub(crate) fn construct(path: &ConstructPath) -> &str {
    path.as_str().strip_suffix("/Resource").unwrap_or(path.as_str())
}

/// The name of a resource in its address, which derives from the construct path.
///
/// ```
/// use ecrane_core::ConstructPath;
/// use ecrane_terraform::{Layout, resource_name};
///
/// let path = ConstructPath::try_from("Service/App/Resource")?;
/// assert_eq!(resource_name(&path, Layout::Plain), "service_app");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn resource_name(path: &ConstructPath, layout: Layout) -> String {
    match layout {
        Layout::Plain => snake_case(construct(path)),
        Layout::Cdktf => path.cdktf_id(),
    }
}

/// The name of a resource: the pinned one, otherwise the one for its path.
pub(crate) fn of(resource: &Resource, layout: Layout) -> String {
    pinned(resource).map_or_else(|| resource_name(&resource.path, layout), str::to_owned)
}

/// The pinned name of a resource, if it is valid.
pub(crate) fn pinned(resource: &Resource) -> Option<&str> {
    resource.addresses.pinned(TARGET).filter(|name| is_name(name))
}

/// The name of an additional Terraform resource of a construct. If the construct has at most one
/// (`is_single`), that has the construct's name in the plain layout, and a different type.
pub(crate) fn of_part(resource: &Resource, id: &str, is_single: bool, layout: Layout) -> String {
    let own = resource.addresses.pinned_part(TARGET, id).filter(|name| is_name(name));
    let path = || part(&resource.path, id);
    match (own, pinned(resource), is_single, layout) {
        (Some(own), ..) => own.to_owned(),
        (None, Some(pinned), true, _) => pinned.to_owned(),
        (None, Some(pinned), false, _) => format!("{pinned}_{}", snake_case(id)),
        (None, None, true, Layout::Plain) => resource_name(&resource.path, layout),
        (None, None, true, Layout::Cdktf) => path().cdktf_id(),
        (None, None, false, _) => resource_name(&path(), layout),
    }
}

/// The key in a config that pins a part of a construct: its ID, in lower camel case.
pub(crate) fn key_of(part: &str) -> String {
    let mut rest = part.chars();
    rest.next().map(|first| first.to_ascii_lowercase()).into_iter().chain(rest).collect()
}

/// The path of an additional Terraform resource of a construct, such as its policy.
pub(crate) fn part(path: &ConstructPath, part: &str) -> ConstructPath {
    // The path that is extended is a prefix of one that exists, so it is well-formed.
    ConstructPath::try_from(construct(path))
        .map_or_else(|_| path.child(part), |around| around.child(part))
}

/// Whether a name is valid in Terraform: a letter or `_`, then letters, digits, `_` and `-`.
pub(crate) fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}

/// Construct IDs in snake case, as a valid Terraform name.
pub(crate) fn snake_case(ids: &str) -> String {
    let name = words(ids, '_');
    if is_name(&name) { name } else { format!("_{name}") }
}

/// The words of IDs, in lowercase, with a separator between them: `HTTPServer-2` is `http`, `server`,
/// `2`.
pub(crate) fn words(ids: &str, separator: char) -> String {
    let mut words = String::with_capacity(ids.len() + 4);
    let mut before: Option<char> = None;
    let mut rest = ids.chars().peekable();
    while let Some(c) = rest.next() {
        if !c.is_ascii_alphanumeric() {
            before = None;
            continue;
        }
        let begins = before.is_none_or(|before| {
            c.is_ascii_uppercase()
                && (!before.is_ascii_uppercase()
                    || rest.peek().is_some_and(char::is_ascii_lowercase))
        });
        if begins && !words.is_empty() {
            words.push(separator);
        }
        words.push(c.to_ascii_lowercase());
        before = Some(c);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_snake_case() {
        let cases = [
            ("Service/App/Resource", "service_app"),
            ("CiRole/DefaultPolicy/Resource", "ci_role_default_policy"),
            ("HTTPServer2Go", "http_server2_go"),
            ("web/Model28/gate-way/Resource", "web_model28_gate_way"),
            ("Front.End", "front_end"),
            ("Resource", "resource"),
            ("1st", "_1st"),
            ("café", "caf"),
        ];
        for (path, expected) in cases {
            let path = ConstructPath::try_from(path).unwrap();
            assert_eq!(resource_name(&path, Layout::Plain), expected, "{path}");
        }
    }

    #[test]
    fn names_as_cdktf_does() {
        let cases = [("my-repo", "my-repo"), ("Repo/Resource", "Repo_02AC86CF"), ("1st", "1st")];
        for (path, expected) in cases {
            let path = ConstructPath::try_from(path).unwrap();
            assert_eq!(resource_name(&path, Layout::Cdktf), expected, "{path}");
        }
        assert!(is_name("my-repo") && is_name("_1") && !is_name("1st") && !is_name("-x"));
    }

    #[test]
    fn parts_stand_beside_the_resource() {
        let path = ConstructPath::try_from("Service/App/Resource").unwrap();
        assert_eq!(part(&path, "Policy").to_string(), "Service/App/Policy");
    }
}
