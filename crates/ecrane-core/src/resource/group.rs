//! `AWS::IAM::Group`

use ecrane_document::Place;

use super::{Deployed, PhysicalName};
use crate::bounds::{self, Findings};
use crate::names::Environment;

/// An IAM group.
#[derive(Debug, Clone, PartialEq)]
pub struct GroupResource {
    /// The physical name. If omitted, one is generated at deployment.
    pub name: Option<String>,
}

impl Deployed for GroupResource {
    const NAME_KEY: Option<&'static str> = Some("groupName");

    fn physical_name(&self) -> Option<PhysicalName<'_>> {
        let name = self.name.as_deref()?;
        Some(PhysicalName::of_iam("group name", name, &["group", "groupName"]))
    }

    fn check(&self, place: &Place, _: &Environment, findings: &mut Findings) {
        let place = place.key("group").key("groupName");
        bounds::iam_name(self.name.as_deref(), 128, &place, findings);
    }
}
