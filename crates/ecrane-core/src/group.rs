//! IAM groups.

/// A group as it is deployed.
#[derive(Debug, Clone)]
pub struct GroupResource {
    /// Its physical name; made on deployment when there is none.
    pub name: Option<String>,
}
