//! IAM roles.

use crate::policy::PolicyDocument;
use crate::value::Value;

/// A role as it is deployed.
#[derive(Debug, Clone)]
pub struct RoleResource {
    /// Its physical name; made on deployment when there is none.
    pub name: Option<String>,
    /// Who may assume it.
    pub trust_policy: PolicyDocument,
    /// What it is for.
    pub description: Option<String>,
    /// The ARNs of the managed policies attached to it.
    pub managed_policies: Vec<Value>,
    /// The longest session, in seconds.
    pub max_session_duration: Option<u32>,
    /// Its path, such as `/ci/`.
    pub path: Option<String>,
    /// The ARN of the policy that bounds its permissions.
    pub permissions_boundary: Option<Value>,
}
