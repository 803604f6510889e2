//! IAM's rules for the names of roles, users and groups.

use ecrane_document::Place;

use super::{Findings, Rule};

const NAME: Rule = Rule {
    code: "iam::name_malformed",
    what: "IAM name",
    help: "use letters, digits and `_+=,.@-` (AWS::IAM::Role, RoleName; also users and groups)",
};
const NAME_LENGTH: Rule = Rule {
    code: "iam::name_length",
    what: "IAM name",
    help: "AWS::IAM::Role, RoleName; AWS::IAM::User, UserName; AWS::IAM::Group, GroupName",
};

pub(crate) fn name(name: Option<&str>, most: usize, place: &Place, findings: &mut Findings) {
    let is_letter = |c: char| c.is_ascii_alphanumeric() || "_+=,.@-".contains(c);
    findings.form(name, |name| name.chars().all(is_letter), &NAME, place);
    findings.length(name, (1, most), &NAME_LENGTH, place);
}
