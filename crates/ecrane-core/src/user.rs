//! IAM users.

/// A user as it is deployed.
#[derive(Debug, Clone)]
pub struct UserResource {
    /// Its physical name; made on deployment when there is none.
    pub name: Option<String>,
    /// Its path, such as `/people/`.
    pub path: Option<String>,
}
