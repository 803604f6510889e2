//! Constants for generated configs.

pub(super) const ACCOUNTS: [&str; 4] =
    ["444455556666", "777788889999", "111122223333", "012345678901"];

pub(super) const REGIONS: [&str; 6] =
    ["eu-west-1", "us-east-1", "eu-west-1", "cn-north-1", "us-gov-west-1", "ap-southeast-3"];

/// The CDK feature flags that affect these templates.
pub(super) const FLAGS: [&str; 4] = [
    "@aws-cdk/aws-iam:minimizePolicies",
    "@aws-cdk/core:enablePartitionLiterals",
    "@aws-cdk/aws-iam:importedRoleStackSafeDefaultPolicyName",
    "@aws-cdk/core:explicitStackTags",
];

/// Parts of construct ids, some of which have a special meaning in logical ids.
pub(super) const IDS: [&str; 26] = [
    "App",
    "Worker",
    "api",
    "svc_one",
    "gate-way",
    "Front.End",
    "etl",
    "base",
    "tool",
    "Cache",
    "Model",
    "web",
    "Service",
    "Default",
    "Resource",
    "Ünï",
    "日本",
    "x1",
    "Policy",
    "Role",
    "Repository",
    "AppApp",
    "a.b.c",
    "with space",
    "Registry",
    "Key",
];

pub(super) const DESCRIPTIONS: [&str; 9] = [
    "Builds images",
    "keep releases",
    "line\nbreak",
    "tab\there </script>",
    "\"quoted\" and \\ back",
    "ümläut 日本",
    "not a ${Reference} nor a %{directive}",
    "a & <b>",
    "x",
];

/// IAM accepts printable ASCII and Latin-1, tabs and line breaks.
pub(super) const ROLE_DESCRIPTIONS: [&str; 5] = [
    "Builds images",
    "pulls, and pushes",
    "tab\there </script>",
    "ümläut, \"quoted\"",
    "not a ${Reference} nor a %{directive}",
];

/// Organizational units: with all accounts below one, with its direct accounts, and with the
/// accounts of the units below it.
pub(super) const UNITS: [&str; 3] = [
    "o-abcde12345/r-ab12/ou-ab12-11111111/*",
    "o-abcde12345/r-ab12/ou-ab12-11111111/ou-ab12-22222222/",
    "o-abcde12345/r-ab12/ou-ab12-11111111/ou-*",
];

pub(super) const SERVICES: [&str; 12] = [
    "ecs-tasks.amazonaws.com",
    "codebuild.amazonaws.com",
    "lambda.amazonaws.com",
    "states.amazonaws.com",
    "states.eu-west-1.amazonaws.com",
    "logs.amazonaws.com",
    "logs.us-east-1.amazonaws.com",
    "codedeploy.amazonaws.com",
    "ec2.amazonaws.com",
    "application-autoscaling.amazonaws.com",
    "elasticmapreduce.amazonaws.com",
    "sns.amazonaws.com",
];
/// Services with special rules in the AWS CDK whose names AWS does not know, or not in all regions.
pub(super) const ODD_SERVICES: [&str; 4] = [
    "codedeploy.cn-north-1.amazonaws.com.cn",
    "ec2.amazonaws.com.cn",
    "s3.amazonaws.com",
    "elasticmapreduce",
];

pub(super) const ACTIONS: [&str; 11] = [
    "ecr:BatchGetImage",
    "ecr:GetDownloadUrlForLayer",
    "ecr:BatchCheckLayerAvailability",
    "ecr:DescribeImages",
    "ecr:DescribeRepositories",
    "ecr:ListImages",
    "ecr:PutImage",
    "ecr:InitiateLayerUpload",
    "ecr:UploadLayerPart",
    "ecr:CompleteLayerUpload",
    "ecr:*",
];

pub(super) const TAG_PREFIXES: [&str; 7] = ["prod", "beta", "v", "rel-", "x", "staging_", "2"];
/// Prefixes that no tag can have; the AWS CDK does not check them.
pub(super) const ODD_TAG_PREFIXES: [&str; 2] = ["ü", "\"q\""];
pub(super) const TAG_PATTERNS: [&str; 6] = ["prod*", "*-dev", "v*.*.*", "*", "a*b*c*d*", "rel-1"];
pub(super) const EXCLUSION_FILTERS: [&str; 6] =
    ["dev-*", "latest", "*", "*-snapshot*", "a.b_c", "v-"];
pub(super) const AGES: [&str; 7] = ["1d", "30d", "2w", "P45D", "365d", "P30D", "4w"];
