//! The access that policies give.

use std::collections::BTreeSet;
use std::fmt;

/// Whether a principal is allowed to do something, and on which conditions.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Access {
    /// Denied: no policy of the graph allows it, or a statement denies it.
    #[default]
    No,
    /// Allowed if all of these conditions hold, in words: "the caller is in organization
    /// o-abcde12345".
    If(BTreeSet<String>),
    /// Allowed unconditionally.
    Yes,
}

impl Access {
    /// Allowed if this condition holds.
    pub(crate) fn only_if(requirement: impl Into<String>) -> Self {
        Self::If(BTreeSet::from([requirement.into()]))
    }

    /// Allowed if all of these conditions hold.
    pub(crate) fn only_if_all(requirements: BTreeSet<String>) -> Self {
        if requirements.is_empty() { Self::Yes } else { Self::If(requirements) }
    }

    /// Whether it is allowed under some circumstances.
    pub fn is_possible(&self) -> bool {
        *self != Self::No
    }

    /// `yes`, `no` or `if`.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::No => "no",
            Self::If(_) => "if",
            Self::Yes => "yes",
        }
    }

    /// The conditions. Empty if it is allowed unconditionally, or denied.
    pub fn conditions(&self) -> impl Iterator<Item = &str> {
        let conditions = if let Self::If(conditions) = self { Some(conditions) } else { None };
        conditions.into_iter().flatten().map(String::as_str)
    }

    /// Allowed if both allow it.
    #[must_use]
    pub(crate) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::No, _) | (_, Self::No) => Self::No,
            (Self::Yes, access) | (access, Self::Yes) => access,
            (Self::If(mut one), Self::If(other)) => {
                one.extend(other);
                Self::If(one)
            }
        }
    }

    /// Allowed if either allows it.
    #[must_use]
    pub(crate) fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Yes, _) | (_, Self::Yes) => Self::Yes,
            (Self::No, access) | (access, Self::No) => access,
            (Self::If(one), Self::If(other)) if one.is_subset(&other) => Self::If(one),
            (Self::If(one), Self::If(other)) if other.is_subset(&one) => Self::If(other),
            (Self::If(one), Self::If(other)) => {
                // What both need stays apart, so that it is read once.
                let mut both: BTreeSet<String> = one.intersection(&other).cloned().collect();
                let rest = |all: &BTreeSet<String>| {
                    let rest: Vec<_> =
                        all.iter().filter(|it| !both.contains(*it)).cloned().collect();
                    rest.join(" and ")
                };
                let mut alternatives = BTreeSet::new();
                for rest in [rest(&one), rest(&other)] {
                    alternatives.extend(rest.split(OR).map(str::to_owned));
                }
                both.insert(Vec::from_iter(alternatives).join(OR));
                Self::If(both)
            }
        }
    }
}

/// Stands between alternatives.
const OR: &str = ", or ";

/// `yes`, `no`, or `if` with the conditions.
impl fmt::Display for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())?;
        for (index, condition) in self.conditions().enumerate() {
            f.write_str(if index == 0 { " " } else { " and " })?;
            f.write_str(condition)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn combines() {
        let (a, b) = (Access::only_if("a"), Access::only_if("b"));
        assert_eq!(a.clone().and(b.clone()).to_string(), "if a and b");
        assert_eq!(a.clone().or(b.clone()).to_string(), "if a, or b");
        assert_eq!(a.clone().or(b.clone()).or(a.clone()).to_string(), "if a, or b");
        assert_eq!(a.clone().and(b.clone()).or(a.clone()), a);
        assert_eq!(Access::No.or(a.clone()), a);
        assert_eq!(Access::Yes.and(b.clone()), b);
        assert_eq!(Access::No.and(b), Access::No);
        assert_eq!(Access::Yes.or(a), Access::Yes);
    }
}
