//! Names that AWS takes once.

/// The physical name of a resource, if the input specifies it.
#[derive(Debug)]
pub(crate) struct PhysicalName<'r> {
    /// What has the name, in messages.
    pub(crate) what: &'static str,
    /// The name.
    pub(crate) name: &'r str,
    /// The keys of the property, from the place of the resource.
    pub(crate) keys: &'static [&'static str],
    /// How far the name is unique.
    pub(crate) reach: Reach,
    /// Whether AWS compares names without regard to case.
    pub(crate) ignores_case: bool,
    /// Whether the CDK's default rules (E3019) compare it.
    pub(crate) has_default_rule: bool,
}

/// How far a name is unique.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// In a region of an account.
    Region,
    /// In an account: IAM, and the public registry.
    Account,
}

impl<'r> PhysicalName<'r> {
    /// A name that is unique in a region of an account.
    pub(crate) fn of_region(
        what: &'static str,
        name: &'r str,
        keys: &'static [&'static str],
    ) -> Self {
        let (reach, ignores_case, has_default_rule) = (Reach::Region, false, true);
        Self { what, name, keys, reach, ignores_case, has_default_rule }
    }

    /// A name in IAM, which compares names without regard to case: IAM user guide, "IAM and AWS STS
    /// quotas".
    pub(crate) fn of_iam(what: &'static str, name: &'r str, keys: &'static [&'static str]) -> Self {
        let (reach, ignores_case) = (Reach::Account, true);
        Self { reach, ignores_case, ..Self::of_region(what, name, keys) }
    }
}
