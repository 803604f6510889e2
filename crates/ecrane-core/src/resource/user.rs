//! `AWS::IAM::User`

use ecrane_document::Place;

use super::{Deployed, PhysicalName};
use crate::bounds::{self, Findings};
use crate::names::Environment;

/// An IAM user.
#[derive(Debug, Clone, PartialEq)]
pub struct UserResource {
    /// The physical name. If omitted, one is generated at deployment.
    pub name: Option<String>,
    /// The path, such as `/people/`.
    pub path: Option<String>,
}

impl Deployed for UserResource {
    const NAME_KEY: Option<&'static str> = Some("userName");

    fn physical_name(&self) -> Option<PhysicalName<'_>> {
        let name = self.name.as_deref()?;
        Some(PhysicalName::of_iam("user name", name, &["user", "userName"]))
    }

    fn check(&self, place: &Place, _: &Environment, findings: &mut Findings) {
        let place = place.key("user").key("userName");
        bounds::iam_name(self.name.as_deref(), 64, &place, findings);
    }
}
