//! What the Terraform AWS provider does when an argument changes.
//!
//! The schema of the provider does not say which arguments replace a resource, so this is what
//! `terraform plan` of Terraform 1.11.4 does with provider hashicorp/aws 5.100.0, taken on
//! 2026-11-26: for each argument that ecrane writes, a state with one value and a module with
//! another, or without the argument. `cargo xtask conformance facts` plans all of it and compares.
//!
//! Not in that provider are `aws_ecr_pull_time_update_exclusion` (its API has no update),
//! `image_tag_mutability_exclusion_filter` (the API changes it in place), and
//! `awscc_ecr_signing_configuration` (which follows the CloudFormation schema).

/// A resource type and its arguments.
#[derive(Debug)]
pub(crate) struct Type {
    pub(crate) name: &'static str,
    /// Arguments whose change replaces the resource.
    pub(crate) replace: &'static [&'static str],
    /// Arguments whose change updates it in place.
    pub(crate) update: &'static [&'static str],
    /// Arguments that keep their value when they are omitted.
    pub(crate) keeps: &'static [&'static str],
    /// The values of omitted arguments, as JSON.
    pub(crate) defaults: &'static [(&'static str, &'static str)],
}

const fn row(
    name: &'static str,
    replace: &'static [&'static str],
    update: &'static [&'static str],
) -> Type {
    Type { name, replace, update, keeps: &[], defaults: &[] }
}

/// The types, by name.
#[rustfmt::skip]
pub(crate) const TABLE: &[Type] = &[
    Type { keeps: &["state"], defaults: &[("event_bus_name", "\"default\"")],
        ..row("aws_cloudwatch_event_rule", &["event_bus_name", "name"], &["description", "event_pattern", "state", "tags"]) },
    row("aws_cloudwatch_event_target", &["rule", "target_id"],
        &["arn", "dead_letter_config", "input", "input_path", "input_transformer", "retry_policy", "role_arn"]),
    row("aws_ecr_account_setting", &["name"], &["value"]),
    row("aws_ecr_lifecycle_policy", &["policy", "repository"], &[]),
    row("aws_ecr_pull_through_cache_rule",
        &["ecr_repository_prefix", "upstream_registry_url", "upstream_repository_prefix"],
        &["credential_arn", "custom_role_arn"]),
    row("aws_ecr_pull_time_update_exclusion", &["principal_arn"], &[]),
    row("aws_ecr_registry_policy", &[], &["policy"]),
    row("aws_ecr_registry_scanning_configuration", &[], &["rule", "scan_type"]),
    row("aws_ecr_replication_configuration", &[], &["replication_configuration"]),
    Type { defaults: &[
            ("encryption_configuration", "[{\"encryption_type\": \"AES256\"}]"),
            ("image_scanning_configuration", "[{\"scan_on_push\": false}]"),
            ("image_tag_mutability", "\"MUTABLE\""),
        ],
        ..row("aws_ecr_repository", &["encryption_configuration", "name"],
            &["force_delete", "image_scanning_configuration", "image_tag_mutability",
              "image_tag_mutability_exclusion_filter", "tags"]) },
    Type { defaults: &[("image_tag_mutability", "\"MUTABLE\"")],
        ..row("aws_ecr_repository_creation_template", &["prefix"],
            &["applied_for", "custom_role_arn", "description", "encryption_configuration",
              "image_tag_mutability", "image_tag_mutability_exclusion_filter", "lifecycle_policy", "repository_policy", "resource_tags"]) },
    row("aws_ecr_repository_policy", &["repository"], &["policy"]),
    row("aws_ecrpublic_repository", &["repository_name"], &["catalog_data", "tags"]),
    row("aws_ecrpublic_repository_policy", &["repository_name"], &["policy"]),
    Type { defaults: &[("path", "\"/\"")], ..row("aws_iam_group", &[], &["name", "path"]) },
    row("aws_iam_group_policy", &["group", "name"], &["policy"]),
    row("aws_iam_group_policy_attachment", &["group", "policy_arn"], &[]),
    Type { defaults: &[("path", "\"/\"")],
        ..row("aws_iam_policy", &["description", "name", "path"], &["policy", "tags"]) },
    Type { defaults: &[("max_session_duration", "3600"), ("path", "\"/\"")],
        ..row("aws_iam_role", &["name", "path"],
            &["assume_role_policy", "description", "max_session_duration", "permissions_boundary", "tags"]) },
    row("aws_iam_role_policy", &["name", "role"], &["policy"]),
    row("aws_iam_role_policy_attachment", &["policy_arn", "role"], &[]),
    Type { defaults: &[("path", "\"/\"")],
        ..row("aws_iam_user", &[], &["name", "path", "permissions_boundary", "tags"]) },
    row("aws_iam_user_group_membership", &["user"], &["groups"]),
    row("aws_iam_user_policy", &["name", "user"], &["policy"]),
    row("aws_iam_user_policy_attachment", &["policy_arn", "user"], &[]),
    row("aws_kms_alias", &["name"], &["target_key_id"]),
    Type { keeps: &["description", "policy"],
        ..row("aws_kms_key", &[], &["deletion_window_in_days", "description", "enable_key_rotation", "policy", "tags"]) },
    row("awscc_ecr_signing_configuration", &[], &["rules"]),
];

/// The row of a type.
pub(crate) fn of(name: &str) -> Option<&'static Type> {
    TABLE.iter().find(|it| it.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_its_defaults_are_json() {
        assert!(TABLE.is_sorted_by_key(|it| it.name));
        for (_, default) in TABLE.iter().flat_map(|it| it.defaults) {
            assert!(serde_json::from_str::<serde_json::Value>(default).is_ok(), "{default}");
        }
    }
}
