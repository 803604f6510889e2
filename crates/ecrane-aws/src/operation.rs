//! The operations that this crate calls.

use std::fmt;

/// An operation of Amazon ECR or Amazon ECR Public that only reads. No other operation is called.
///
/// Source: the access levels List and Read in
/// <https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html>
/// and `list_amazonelasticcontainerregistrypublic.html`.
///
/// ```
/// use ecrane_aws::Operation;
///
/// let actions: Vec<String> = Operation::ALL.iter().map(ToString::to_string).collect();
/// assert!(actions.contains(&"ecr:DescribeRepositories".to_owned()));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Operation {
    service: &'static str,
    name: &'static str,
}

impl Operation {
    /// All of them.
    pub const ALL: &'static [Self] = &[
        DESCRIBE_REPOSITORIES,
        GET_LIFECYCLE_POLICY,
        GET_REPOSITORY_POLICY,
        LIST_TAGS,
        DESCRIBE_REGISTRY,
        GET_REGISTRY_POLICY,
        GET_SCANNING,
        DESCRIBE_CACHE_RULES,
        DESCRIBE_TEMPLATES,
        GET_SIGNING,
        LIST_EXCLUSIONS,
        GET_ACCOUNT_SETTING,
        DESCRIBE_IMAGES,
        DESCRIBE_PUBLIC_REPOSITORIES,
        GET_PUBLIC_POLICY,
        GET_CATALOG_DATA,
        LIST_PUBLIC_TAGS,
    ];

    /// The prefix of the IAM actions of the service: `ecr` or `ecr-public`.
    pub fn service(&self) -> &'static str {
        self.service
    }

    /// The name in AWS's API, such as `DescribeRepositories`.
    pub fn name(&self) -> &'static str {
        self.name
    }
}

impl fmt::Display for Operation {
    /// The IAM action that allows the operation.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.service, self.name)
    }
}

/// Operations that regions and partitions may lack, as they are younger than the service.
pub(crate) const NOT_EVERYWHERE: [Operation; 3] =
    [GET_SIGNING, LIST_EXCLUSIONS, GET_ACCOUNT_SETTING];

const fn ecr(name: &'static str) -> Operation {
    Operation { service: "ecr", name }
}

const fn public(name: &'static str) -> Operation {
    Operation { service: "ecr-public", name }
}

pub(crate) const DESCRIBE_REPOSITORIES: Operation = ecr("DescribeRepositories");
pub(crate) const GET_LIFECYCLE_POLICY: Operation = ecr("GetLifecyclePolicy");
pub(crate) const GET_REPOSITORY_POLICY: Operation = ecr("GetRepositoryPolicy");
pub(crate) const LIST_TAGS: Operation = ecr("ListTagsForResource");
pub(crate) const DESCRIBE_REGISTRY: Operation = ecr("DescribeRegistry");
pub(crate) const GET_REGISTRY_POLICY: Operation = ecr("GetRegistryPolicy");
pub(crate) const GET_SCANNING: Operation = ecr("GetRegistryScanningConfiguration");
pub(crate) const DESCRIBE_CACHE_RULES: Operation = ecr("DescribePullThroughCacheRules");
pub(crate) const DESCRIBE_TEMPLATES: Operation = ecr("DescribeRepositoryCreationTemplates");
pub(crate) const GET_SIGNING: Operation = ecr("GetSigningConfiguration");
pub(crate) const LIST_EXCLUSIONS: Operation = ecr("ListPullTimeUpdateExclusions");
pub(crate) const GET_ACCOUNT_SETTING: Operation = ecr("GetAccountSetting");
pub(crate) const DESCRIBE_IMAGES: Operation = ecr("DescribeImages");
pub(crate) const DESCRIBE_PUBLIC_REPOSITORIES: Operation = public("DescribeRepositories");
pub(crate) const GET_PUBLIC_POLICY: Operation = public("GetRepositoryPolicy");
pub(crate) const GET_CATALOG_DATA: Operation = public("GetRepositoryCatalogData");
pub(crate) const LIST_PUBLIC_TAGS: Operation = public("ListTagsForResource");

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    use super::*;

    /// The operation of a method of a client of the SDK: `describe_images` is `DescribeImages`.
    fn operation(method: &str) -> String {
        let words = method.split('_').map(|word| {
            let (first, rest) = word.split_at(1);
            first.to_uppercase() + rest
        });
        words.collect()
    }

    #[test]
    fn the_sources_call_these_operations_only() {
        let mut called = BTreeSet::new();
        for file in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).unwrap() {
            let text = fs::read_to_string(file.unwrap().path()).unwrap();
            let text = text.split("#[cfg(test)]").next().unwrap();
            let code = text.lines().map(str::trim).filter(|it| !it.starts_with("//"));
            let text: String = code.flat_map(str::split_whitespace).collect();
            // Clients of the SDK have these names only: its crates occur where they are made.
            for (client, service) in [("ecr.", "ecr"), ("public.", "ecr-public")] {
                for part in text.split(client).skip(1) {
                    let method = part.split('(').next().unwrap();
                    called.insert(format!("{service}:{}", operation(method)));
                }
            }
            let clients = text.matches("Client::new(").count();
            let named =
                ["letecr=aws_sdk_ecr::Client::new(", "letpublic=aws_sdk_ecrpublic::Client::new("];
            let named = named.iter().map(|it| text.matches(it).count()).sum::<usize>();
            assert_eq!(clients, named, "a client that this test does not know");
        }
        assert_eq!(called, Operation::ALL.iter().map(ToString::to_string).collect());
    }

    #[test]
    fn every_operation_is_of_the_access_level_list_or_read() {
        for operation in Operation::ALL {
            let reads = ["Describe", "Get", "List"].iter().any(|it| operation.name.starts_with(it));
            // `GetAuthorizationToken` is for pulling and pushing.
            assert!(reads && operation.name != "GetAuthorizationToken", "{operation}");
        }
    }
}
