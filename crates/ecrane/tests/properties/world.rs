//! An AWS in which the documents are read: what only a deployment knows has one fixed value here.
//!
//! Names that the documents leave to AWS are made up. CloudFormation makes up names itself, where a
//! module has them written out: so the n-th resource of a type in a template gets the name of the
//! n-th of the same type in the module. Outputs go by names that are paired likewise. A wrong pair
//! can only bring up a difference.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::json;

/// Where a stack is deployed to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Site {
    pub(crate) account: String,
    pub(crate) region: String,
    pub(crate) partition: &'static str,
    pub(crate) url_suffix: &'static str,
}

impl Site {
    /// What is given, and for the rest what no config says.
    pub(crate) fn new(account: Option<&str>, region: Option<&str>) -> Self {
        let (partition, url_suffix) = match region {
            None => ("aws-elsewhere", "elsewhere.example"),
            Some(region) if region.starts_with("cn-") => ("aws-cn", "amazonaws.com.cn"),
            Some(region) if region.starts_with("us-gov-") => ("aws-us-gov", "amazonaws.com"),
            Some(region) if region.starts_with("us-isob-") => ("aws-iso-b", "sc2s.sgov.gov"),
            Some(region) if region.starts_with("us-iso-") => ("aws-iso", "c2s.ic.gov"),
            Some(region) if region.starts_with("eusc-") => ("aws-eusc", "amazonaws.eu"),
            Some(_) => ("aws", "amazonaws.com"),
        };
        Self {
            account: account.unwrap_or("100000000001").to_owned(),
            region: region.unwrap_or("el-sewhere-1").to_owned(),
            partition,
            url_suffix,
        }
    }
}

/// A type of resource that others can refer to.
pub(crate) struct Kind {
    pub(crate) template: &'static str,
    pub(crate) module: &'static str,
    /// The property that holds the name in a template, where there is one.
    template_name: Option<&'static str>,
    /// The argument that holds the name in a module, where there is one.
    module_name: Option<&'static str>,
    arn: fn(&Site, path: &str, name: &str) -> String,
}

/// The types that both backends have one resource of for each construct, and that have names.
pub(crate) const KINDS: [Kind; 9] = [
    Kind {
        template: "AWS::ECR::Repository",
        module: "aws_ecr_repository",
        template_name: Some("RepositoryName"),
        module_name: Some("name"),
        arn: |Site { account, region, partition, .. }, _, name| {
            format!("arn:{partition}:ecr:{region}:{account}:repository/{name}")
        },
    },
    Kind {
        template: "AWS::ECR::PublicRepository",
        module: "aws_ecrpublic_repository",
        template_name: Some("RepositoryName"),
        module_name: Some("repository_name"),
        arn: |Site { account, partition, .. }, _, name| {
            format!("arn:{partition}:ecr-public::{account}:repository/{name}")
        },
    },
    Kind {
        template: "AWS::IAM::Role",
        module: "aws_iam_role",
        template_name: Some("RoleName"),
        module_name: Some("name"),
        arn: |site, path, name| iam(site, "role", path, name),
    },
    Kind {
        template: "AWS::IAM::User",
        module: "aws_iam_user",
        template_name: Some("UserName"),
        module_name: Some("name"),
        arn: |site, path, name| iam(site, "user", path, name),
    },
    Kind {
        template: "AWS::IAM::Group",
        module: "aws_iam_group",
        template_name: Some("GroupName"),
        module_name: Some("name"),
        arn: |site, path, name| iam(site, "group", path, name),
    },
    Kind {
        template: "AWS::IAM::ManagedPolicy",
        module: "aws_iam_policy",
        template_name: None,
        module_name: Some("name"),
        arn: |site, path, name| iam(site, "policy", path, name),
    },
    Kind {
        template: "AWS::KMS::Key",
        module: "aws_kms_key",
        template_name: None,
        module_name: None,
        arn: |Site { account, region, partition, .. }, _, id| {
            format!("arn:{partition}:kms:{region}:{account}:key/{id}")
        },
    },
    Kind {
        template: "AWS::KMS::Alias",
        module: "aws_kms_alias",
        template_name: Some("AliasName"),
        module_name: Some("name"),
        arn: |Site { account, region, partition, .. }, _, name| {
            format!("arn:{partition}:kms:{region}:{account}:{name}")
        },
    },
    Kind {
        template: "AWS::Events::Rule",
        module: "aws_cloudwatch_event_rule",
        template_name: Some("Name"),
        module_name: Some("name"),
        arn: |Site { account, region, partition, .. }, _, name| {
            format!("arn:{partition}:events:{region}:{account}:rule/{name}")
        },
    },
];

fn iam(site: &Site, resource: &str, path: &str, name: &str) -> String {
    let Site { account, partition, .. } = site;
    let path = if path.is_empty() { "/" } else { path };
    format!("arn:{partition}:iam::{account}:{resource}{path}{name}")
}

/// A resource as it is deployed.
#[derive(Debug, Clone)]
pub(crate) struct Physical {
    pub(crate) kind: &'static str,
    pub(crate) name: String,
    /// What `Ref` of a template gives.
    reference: String,
    /// What its attributes are; only those that both AWS and ecrane know.
    attributes: BTreeMap<&'static str, String>,
}

impl Physical {
    pub(crate) fn reference(&self) -> &str {
        &self.reference
    }

    pub(crate) fn attribute(&self, name: &str) -> Result<&str, String> {
        let value = self.attributes.get(name).map(String::as_str);
        value.ok_or_else(|| format!("a {} has no `{name}`", self.kind))
    }
}

/// The resources of a template by logical id, and those of its module by `type.name`.
pub(crate) struct Deployed {
    pub(crate) template: BTreeMap<String, Physical>,
    pub(crate) module: BTreeMap<String, Physical>,
}

impl Deployed {
    pub(crate) fn new(
        stack: &str,
        site: &Site,
        template: &Value,
        module: &Value,
    ) -> Result<Self, String> {
        let mut deployed = Self { template: BTreeMap::new(), module: BTreeMap::new() };
        for kind in &KINDS {
            let ours = json::entries(&template["Resources"]);
            let ours: Vec<_> = ours.filter(|(_, r)| r["Type"] == kind.template).collect();
            let theirs: Vec<_> = json::entries(&module["resource"][kind.module]).collect();
            if ours.len() != theirs.len() {
                let (ours, theirs) = (ours.len(), theirs.len());
                return Err(format!(
                    "{stack}: {ours} {} and {theirs} {}",
                    kind.template, kind.module
                ));
            }
            for ((id, resource), (name, block)) in ours.into_iter().zip(theirs) {
                let in_module = match kind.module_name {
                    Some(key) => literal(&block[key])?,
                    None => format!("invented-{stack}-{name}"),
                };
                let properties = &resource["Properties"];
                let in_template = match kind.template_name.map(|key| &properties[key]) {
                    None | Some(Value::Null) => in_module.clone(),
                    Some(name) => json::text(name)?.to_owned(),
                };
                let path = |path: &Value| path.as_str().unwrap_or_default().to_owned();
                deployed.template.insert(
                    id.clone(),
                    kind.in_template(site, &path(&properties["Path"]), &in_template),
                );
                deployed.module.insert(
                    format!("{}.{name}", kind.module),
                    kind.in_module(site, &path(&block["path"]), &in_module),
                );
            }
        }
        Ok(deployed)
    }
}

/// A template without references, as what it comes to.
fn literal(template: &Value) -> Result<String, String> {
    use crate::string_template::{evaluate, parse};
    let unknown = |steps: &[String]| Err(format!("`{}` in a name", steps.join(".")));
    evaluate(&parse(json::text(template)?)?, &unknown)
}

impl Kind {
    fn in_template(&self, site: &Site, path: &str, name: &str) -> Physical {
        let arn = (self.arn)(site, path, name);
        let mut reference = name.to_owned();
        // AWS CloudFormation template reference, "Return values" of each type.
        let attributes = match self.template {
            "AWS::KMS::Key" => vec![("Arn", arn), ("KeyId", name.to_owned())],
            "AWS::IAM::ManagedPolicy" => {
                reference.clone_from(&arn);
                vec![("PolicyArn", arn)]
            }
            "AWS::KMS::Alias" => Vec::new(),
            _ => vec![("Arn", arn)],
        };
        let attributes = attributes.into_iter().collect();
        Physical { kind: self.template, name: name.to_owned(), reference, attributes }
    }

    fn in_module(&self, site: &Site, path: &str, name: &str) -> Physical {
        let arn = ("arn", (self.arn)(site, path, name));
        let text = || name.to_owned();
        // Documentation of the AWS provider, "Attribute Reference" of each resource.
        let attributes = match self.module {
            "aws_kms_key" => vec![arn, ("key_id", text()), ("id", text())],
            "aws_ecrpublic_repository" => vec![arn, ("repository_name", text()), ("id", text())],
            _ => vec![arn, ("name", text())],
        };
        let attributes = attributes.into_iter().collect();
        Physical { kind: self.module, name: name.to_owned(), reference: text(), attributes }
    }
}
