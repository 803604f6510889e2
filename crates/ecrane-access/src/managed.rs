//! The AWS managed policies for private repositories.
//!
//! Source: Amazon ECR user guide, "AWS managed policies for Amazon Elastic Container Registry".
//! Statements about other services are left out.

use crate::statement::Statement;

const READ_ONLY: [&str; 12] = [
    "ecr:GetAuthorizationToken",
    "ecr:BatchCheckLayerAvailability",
    "ecr:GetDownloadUrlForLayer",
    "ecr:GetRepositoryPolicy",
    "ecr:DescribeRepositories",
    "ecr:ListImages",
    "ecr:DescribeImages",
    "ecr:BatchGetImage",
    "ecr:GetLifecyclePolicy",
    "ecr:GetLifecyclePolicyPreview",
    "ecr:ListTagsForResource",
    "ecr:DescribeImageScanFindings",
];
/// The actions that [`READ_ONLY`] lacks of `AmazonEC2ContainerRegistryPowerUser`.
const PUSH: [&str; 4] =
    ["ecr:InitiateLayerUpload", "ecr:UploadLayerPart", "ecr:CompleteLayerUpload", "ecr:PutImage"];
const PULL_ONLY: [&str; 4] = [
    "ecr:GetAuthorizationToken",
    "ecr:BatchGetImage",
    "ecr:GetDownloadUrlForLayer",
    "ecr:BatchImportUpstreamImage",
];

/// The statement of an AWS managed policy, if its text is known.
pub(crate) fn statement(arn: &str) -> Option<Statement> {
    let fields: Vec<&str> = arn.splitn(6, ':').collect();
    let ["arn", _, "iam", "", "aws", resource] = fields.as_slice() else { return None };
    let name = resource.strip_prefix("policy/")?;
    let actions = match name {
        "AmazonEC2ContainerRegistryReadOnly" => READ_ONLY.to_vec(),
        "AmazonEC2ContainerRegistryPowerUser" => [READ_ONLY.as_slice(), &PUSH].concat(),
        "AmazonEC2ContainerRegistryFullAccess" => vec!["ecr:*"],
        "AmazonEC2ContainerRegistryPullOnly" => PULL_ONLY.to_vec(),
        _ => return None,
    };
    Some(Statement::of_aws(name, &actions))
}
