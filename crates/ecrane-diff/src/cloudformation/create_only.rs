//! The properties whose change replaces a resource of CloudFormation.
//!
//! From the resource schemas that AWS publishes for us-east-1, `createOnlyProperties` and
//! `conditionalCreateOnlyProperties`, as cfn-lint 1.51.0 bundles them, taken on 2026-11-26. Only
//! types that ecrane renders are listed; a type without such properties has an empty row.

/// A resource type, the properties whose change replaces a resource, and those whose change may.
pub(crate) type Row = (&'static str, &'static [&'static str], &'static [&'static str]);

/// The rows, by type.
pub(crate) const TABLE: [Row; 17] = [
    ("AWS::ECR::PublicRepository", &["RepositoryName"], &[]),
    (
        "AWS::ECR::PullThroughCacheRule",
        &[
            "CredentialArn",
            "CustomRoleArn",
            "EcrRepositoryPrefix",
            "UpstreamRegistry",
            "UpstreamRegistryUrl",
            "UpstreamRepositoryPrefix",
        ],
        &[],
    ),
    ("AWS::ECR::PullTimeUpdateExclusion", &["PrincipalArn"], &[]),
    ("AWS::ECR::RegistryPolicy", &[], &[]),
    ("AWS::ECR::RegistryScanningConfiguration", &[], &[]),
    ("AWS::ECR::ReplicationConfiguration", &[], &[]),
    ("AWS::ECR::Repository", &["EncryptionConfiguration", "RepositoryName"], &[]),
    ("AWS::ECR::RepositoryCreationTemplate", &["Prefix"], &[]),
    ("AWS::ECR::SigningConfiguration", &[], &[]),
    ("AWS::Events::Rule", &["Name"], &["EventBusName"]),
    ("AWS::IAM::Group", &["GroupName"], &[]),
    ("AWS::IAM::ManagedPolicy", &["Description", "ManagedPolicyName", "Path"], &[]),
    ("AWS::IAM::Policy", &[], &[]),
    ("AWS::IAM::Role", &["Path", "RoleName"], &[]),
    ("AWS::IAM::User", &["UserName"], &[]),
    ("AWS::KMS::Alias", &["AliasName"], &[]),
    ("AWS::KMS::Key", &[], &[]),
];
