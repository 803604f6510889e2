//! Roles, users, groups and keys.

use super::{Findings, Rule};
use crate::diagnostic::Place;
use crate::group::GroupResource;
use crate::key::{AliasResource, KeyResource};
use crate::role::RoleResource;
use crate::user::UserResource;

const NAME: Rule = Rule {
    code: "iam::name_malformed",
    what: "IAM name",
    help: "use letters, digits and `_+=,.@-` (AWS::IAM::Role, RoleName; so for users and groups)",
};
const NAME_LENGTH: Rule = Rule {
    code: "iam::name_length",
    what: "IAM name",
    help: "AWS::IAM::Role, RoleName; AWS::IAM::User, UserName; AWS::IAM::Group, GroupName",
};
const ROLE_DESCRIPTION: Rule = Rule {
    code: "role::description_malformed",
    what: "description of the role",
    help: "use the characters of Latin-1, line breaks and tabs (IAM API Reference, Role, Description)",
};
const KEY_DESCRIPTION: Rule = Rule {
    code: "key::description_length",
    what: "description of the key",
    help: "AWS::KMS::Key, Description",
};
const ALIAS: Rule = Rule {
    code: "key::alias_malformed",
    what: "alias",
    help: "use letters, digits and `:/_-`; names that begin with `aws/` are for AWS alone (AWS::KMS::Alias, AliasName)",
};
const ALIAS_LENGTH: Rule = Rule {
    code: "key::alias_length",
    what: "alias",
    help: "AWS::KMS::Alias, AliasName, `alias/` included",
};

pub(super) fn role(role: &RoleResource, place: &Place, findings: &mut Findings) {
    name(role.name.as_deref(), 64, &place.key("role").key("roleName"), findings);
    let is_latin = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='~' | '\u{a1}'..='\u{ff}');
    let place = place.key("role").key("description");
    findings.form(
        role.description.as_deref(),
        |text| text.chars().all(is_latin),
        &ROLE_DESCRIPTION,
        &place,
    );
}

pub(super) fn user(user: &UserResource, place: &Place, findings: &mut Findings) {
    name(user.name.as_deref(), 64, &place.key("user").key("userName"), findings);
}

pub(super) fn group(group: &GroupResource, place: &Place, findings: &mut Findings) {
    name(group.name.as_deref(), 128, &place.key("group").key("groupName"), findings);
}

fn name(name: Option<&str>, most: usize, place: &Place, findings: &mut Findings) {
    let is_letter = |c: char| c.is_ascii_alphanumeric() || "_+=,.@-".contains(c);
    findings.form(name, |name| name.chars().all(is_letter), &NAME, place);
    findings.length(name, (1, most), &NAME_LENGTH, place);
}

pub(super) fn key(key: &KeyResource, place: &Place, findings: &mut Findings) {
    let description = key.description.as_deref();
    findings.length(description, (0, 8192), &KEY_DESCRIPTION, &place.key("description"));
}

pub(super) fn alias(alias: &AliasResource, place: &Place, findings: &mut Findings) {
    let place = place.key("alias");
    let is_well_formed = |name: &str| {
        let name = name.strip_prefix("alias/").unwrap_or(name);
        let is_letter = |c: char| c.is_ascii_alphanumeric() || ":/_-".contains(c);
        !name.is_empty() && !name.starts_with("aws/") && name.chars().all(is_letter)
    };
    findings.form(Some(&alias.name), is_well_formed, &ALIAS, &place);
    findings.length(Some(&alias.name), (1, 256), &ALIAS_LENGTH, &place);
}
