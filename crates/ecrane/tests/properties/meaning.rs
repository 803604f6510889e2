//! What documents mean: the grants that they make, and what else they say of each resource.
//!
//! This is the one place that says what counts.
//!
//! - A grant is one (holder, policy, sid, effect, principal, action, resource, condition). The order
//!   of statements, and of what is listed in one, counts for nothing, nor does saying a thing twice:
//!   IAM evaluates them as a set. So it is no matter how statements are merged
//!   (`@aws-cdk/aws-iam:minimizePolicies`) or grouped.
//! - Which of a holder's policies makes a grant counts between the backends. It does not between two
//!   orders of one config: the CDK moves to managed policies what does not fit into the inline one
//!   any more, and what that is follows from the order of the grants ([`Meaning::without_policies`]).
//! - Conditions, event patterns, lifecycle policies and inputs are JSON: the order of keys counts for
//!   nothing.
//! - Lists that AWS keeps as lists (destinations, filters, lifecycle rules, targets by their ids)
//!   count as they are.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::counterparts::{Property, RESOURCES, TARGET, ToldApart};
use crate::deployment::{
    Deployment, Stack, is_for_other_modules, is_for_other_templates, own_outputs,
};
use crate::json;
use crate::policy::{Grant, grants};

/// Grants, and facts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Meaning {
    grants: BTreeSet<Grant>,
    facts: BTreeSet<Fact>,
}

/// Something that is said of something.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Fact {
    of: String,
    what: &'static str,
    is: String,
}

impl Meaning {
    /// What the templates mean.
    pub(crate) fn of_templates(deployment: &Deployment) -> Result<Self, String> {
        let mut meaning = Self::default();
        for (stack, template) in deployment.stacks.iter().zip(deployment.templates()?) {
            meaning
                .add_template(stack, &template)
                .map_err(|fault| format!("template of {}: {fault}", stack.id))?;
        }
        Ok(meaning)
    }

    /// What the modules mean.
    pub(crate) fn of_modules(deployment: &Deployment) -> Result<Self, String> {
        let mut meaning = Self::default();
        for (stack, module) in deployment.stacks.iter().zip(deployment.modules()?) {
            meaning
                .add_module(stack, &module)
                .map_err(|fault| format!("module of {}: {fault}", stack.id))?;
        }
        Ok(meaning)
    }

    /// The meaning, no matter which of the holder's policies makes a grant.
    pub(crate) fn without_policies(mut self) -> Self {
        self.grants = self.grants.into_iter().map(Grant::of_holder).collect();
        self.facts.retain(|fact| !fact.of.contains("AWS::IAM::ManagedPolicy"));
        self
    }

    /// A fault that names all that one says and the other does not.
    pub(crate) fn same(&self, other: &Self, names: [&str; 2]) -> Result<(), String> {
        let mut found = Vec::new();
        for (has, lacks, name) in [(self, other, names[0]), (other, self, names[1])] {
            let grants = has.grants.difference(&lacks.grants).map(|grant| format!("{grant:?}"));
            let facts = has.facts.difference(&lacks.facts).map(|fact| format!("{fact:?}"));
            found.extend(grants.chain(facts).map(|it| format!("{name} only: {it}")));
        }
        if found.is_empty() { Ok(()) } else { Err(found.join("\n")) }
    }

    /// The holders of all that one of the two says and the other does not.
    pub(crate) fn differing(&self, other: &Self) -> BTreeSet<String> {
        let grants = self.grants.symmetric_difference(&other.grants);
        let facts = self.facts.symmetric_difference(&other.facts);
        grants.map(|g| g.holder.clone()).chain(facts.map(|f| f.of.clone())).collect()
    }

    fn tell(&mut self, of: &str, what: &'static str, is: &Value) {
        let nothing = match is {
            Value::Null => true,
            Value::Array(items) => items.is_empty(),
            Value::Object(entries) => entries.is_empty(),
            Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
        };
        if !nothing {
            let is = json::sorted(is).to_string();
            self.facts.insert(Fact { of: of.to_owned(), what, is });
        }
    }

    fn grant(&mut self, holder: &str, policy: &str, document: &Value) -> Result<(), String> {
        if document.is_null() {
            return Ok(());
        }
        grants(holder, policy, document, &mut self.grants)
    }

    fn add_template(&mut self, stack: &Stack, template: &Value) -> Result<(), String> {
        let Stack { id, account, region, tags, .. } = stack;
        let of = format!("stack {id}");
        self.tell(&of, "account", &account.clone().into());
        self.tell(&of, "region", &region.clone().into());
        self.tell(&of, "tags", tags);
        self.tell(&of, "description", &template["Description"]);
        let mut names = own_outputs(&stack.module["output"], is_for_other_modules);
        for (_, output) in own_outputs(&template["Outputs"], is_for_other_templates) {
            let name = names.next().map_or("without a pair", |(name, _)| name.as_str());
            let of = format!("stack {id} output {name}");
            self.tell(&of, "value", &output["Value"]);
            self.tell(&of, "description", &output["Description"]);
        }
        for (logical_id, resource) in json::entries(&template["Resources"]) {
            let kind = json::text(&resource["Type"])?;
            let properties = &resource["Properties"];
            let name = stack.deployed.template.get(logical_id).map(|it| it.name.as_str());
            let mut holder = format!("{id}: {kind}");
            if let Some(known) = RESOURCES.iter().find(|known| known.template == kind) {
                holder = match known.told_apart {
                    ToldApart::Name => of_kind(id, kind, name.ok_or("no name")?),
                    ToldApart::Nothing => holder,
                    ToldApart::Property(pointer, _) => {
                        of_kind(id, kind, text_at(properties, pointer))
                    }
                };
                self.tell(&holder, "exists", &true.into());
                let retained = resource["DeletionPolicy"] == "Retain";
                self.tell(&holder, "retained", &retained.then_some(true).into());
                for property in known.properties {
                    self.tell(&holder, property.what, &property.in_template(properties)?);
                }
            }
            self.add_policies_of_template(kind, &holder, name.unwrap_or_default(), properties)?;
        }
        Ok(())
    }

    /// The grants of a resource of a template, and what is a resource of its own in a module.
    fn add_policies_of_template(
        &mut self,
        kind: &str,
        holder: &str,
        name: &str,
        properties: &Value,
    ) -> Result<(), String> {
        match kind {
            "AWS::ECR::Repository" => {
                let lifecycle = &properties["LifecyclePolicy"]["LifecyclePolicyText"];
                if !lifecycle.is_null() {
                    self.tell(holder, "lifecycle", &json::within(lifecycle)?);
                }
                self.grant(holder, "", &properties["RepositoryPolicyText"])
            }
            "AWS::ECR::PublicRepository" => {
                self.grant(holder, "", &properties["RepositoryPolicyText"])
            }
            "AWS::ECR::RegistryPolicy" => self.grant(holder, "", &properties["PolicyText"]),
            "AWS::ECR::RepositoryCreationTemplate" => match &properties["RepositoryPolicy"] {
                Value::Null => Ok(()),
                policy => self.grant(holder, "", &json::within(policy)?),
            },
            "AWS::KMS::Key" => self.grant(holder, "", &properties["KeyPolicy"]),
            "AWS::IAM::Role" => {
                for policy in json::items(&properties["ManagedPolicyArns"]) {
                    self.tell(&format!("role {name}"), "attached policy", policy);
                }
                self.grant(holder, "trust", &properties["AssumeRolePolicyDocument"])
            }
            "AWS::IAM::Policy" | "AWS::IAM::ManagedPolicy" => {
                let policy = properties["PolicyName"].as_str().unwrap_or(name);
                let kinds = [("Roles", "role"), ("Users", "user"), ("Groups", "group")];
                let holders: Vec<String> = kinds
                    .into_iter()
                    .flat_map(|(key, kind)| {
                        let names = json::items(&properties[key]).iter();
                        names.map(move |name| {
                            format!("{kind} {}", name.as_str().unwrap_or_default())
                        })
                    })
                    .collect();
                if holders.is_empty() {
                    return Err(format!("policy {policy} of nobody"));
                }
                holders.iter().try_for_each(|holder| {
                    self.grant(holder, policy, &properties["PolicyDocument"])
                })
            }
            "AWS::Events::Rule" => {
                for target in json::items(&properties["Targets"]) {
                    let of = format!("{holder} target {}", target["Id"]);
                    self.tell_target(&of, |property| property.in_template(target))?;
                }
                Ok(())
            }
            kind if RESOURCES.iter().any(|known| known.template == kind) => Ok(()),
            kind => Err(format!("unknown type {kind}")),
        }
    }

    fn tell_target(
        &mut self,
        of: &str,
        read: impl Fn(&Property) -> Result<Value, String>,
    ) -> Result<(), String> {
        for property in &TARGET {
            self.tell(of, property.what, &read(property)?);
        }
        Ok(())
    }

    fn add_module(&mut self, stack: &Stack, module: &Value) -> Result<(), String> {
        let id = &stack.id;
        let of = format!("stack {id}");
        let provider = &module["provider"]["aws"][0];
        self.tell(&of, "tags", &provider["default_tags"][0]["tags"]);
        self.tell(&of, "account", &provider["allowed_account_ids"][0]);
        self.tell(&of, "region", &provider["region"]);
        // Comments are no part of what Terraform evaluates.
        let comment = &stack.module["//"];
        let description = if comment.is_object() { &comment["description"] } else { comment };
        self.tell(&of, "description", description);
        for (name, output) in own_outputs(&module["output"], is_for_other_modules) {
            let of = format!("stack {id} output {name}");
            self.tell(&of, "value", &output["value"]);
            self.tell(&of, "description", &output["description"]);
        }
        for (kind, blocks) in json::entries(&module["resource"]) {
            let known = RESOURCES.iter().find(|known| known.module == kind);
            for (name, block) in json::entries(blocks) {
                let name = stack.deployed.module.get(&format!("{kind}.{name}"));
                let name = name.map(|physical| physical.name.as_str());
                let mut holder = format!("{id}: {kind}");
                if let Some(known) = known {
                    holder = match known.told_apart {
                        ToldApart::Name => of_kind(id, known.template, name.ok_or("no name")?),
                        ToldApart::Nothing => format!("{id}: {}", known.template),
                        ToldApart::Property(_, pointer) => {
                            of_kind(id, known.template, text_at(block, pointer))
                        }
                    };
                    self.tell(&holder, "exists", &true.into());
                    let retained = block["lifecycle"]["prevent_destroy"] == true;
                    self.tell(&holder, "retained", &retained.then_some(true).into());
                    for property in known.properties {
                        self.tell(&holder, property.what, &property.in_module(block)?);
                    }
                }
                self.add_policies_of_module(stack, kind, &holder, block, module)?;
            }
        }
        Ok(())
    }

    /// The grants of a resource of a module, and what is part of another resource in a template.
    fn add_policies_of_module(
        &mut self,
        stack: &Stack,
        kind: &str,
        holder: &str,
        block: &Value,
        module: &Value,
    ) -> Result<(), String> {
        let id = &stack.id;
        let document = |argument: &str| json::within(&block[argument]);
        match kind {
            "aws_ecr_lifecycle_policy" => {
                let of = of_kind(id, "AWS::ECR::Repository", text_at(block, "/repository"));
                self.tell(&of, "lifecycle", &document("policy")?);
                Ok(())
            }
            "aws_ecr_repository_policy" => {
                let of = of_kind(id, "AWS::ECR::Repository", text_at(block, "/repository"));
                self.grant(&of, "", &document("policy")?)
            }
            "aws_ecrpublic_repository_policy" => {
                let name = text_at(block, "/repository_name");
                self.grant(
                    &of_kind(id, "AWS::ECR::PublicRepository", name),
                    "",
                    &document("policy")?,
                )
            }
            "aws_ecr_registry_policy" => {
                self.grant(&format!("{id}: AWS::ECR::RegistryPolicy"), "", &document("policy")?)
            }
            "aws_ecr_repository_creation_template" => match &block["repository_policy"] {
                Value::Null => Ok(()),
                policy => self.grant(holder, "", &json::within(policy)?),
            },
            "aws_kms_key" => self.grant(holder, "", &document("policy")?),
            "aws_iam_role" => self.grant(holder, "trust", &document("assume_role_policy")?),
            "aws_iam_role_policy" | "aws_iam_user_policy" | "aws_iam_group_policy" => {
                let identity = kind.trim_start_matches("aws_iam_").trim_end_matches("_policy");
                let holder = format!("{identity} {}", json::text(&block[identity])?);
                self.grant(&holder, json::text(&block["name"])?, &document("policy")?)
            }
            "aws_iam_policy" => {
                let name = json::text(&block["name"])?;
                let own = own_policies(stack).find(|(own, _)| *own == name);
                let (_, arn) = own.ok_or("a policy without an ARN")?;
                let attachments =
                    json::entries(&module["resource"]["aws_iam_role_policy_attachment"]);
                for (_, attachment) in attachments.filter(|(_, it)| it["policy_arn"] == arn) {
                    let holder = format!("role {}", json::text(&attachment["role"])?);
                    self.grant(&holder, name, &document("policy")?)?;
                }
                Ok(())
            }
            "aws_iam_role_policy_attachment" => {
                let of = format!("role {}", json::text(&block["role"])?);
                if !own_policies(stack).any(|(_, arn)| block["policy_arn"] == arn) {
                    self.tell(&of, "attached policy", &block["policy_arn"]);
                }
                Ok(())
            }
            "aws_cloudwatch_event_target" => {
                let rule = of_kind(id, "AWS::Events::Rule", text_at(block, "/rule"));
                let of = format!("{rule} target {}", block["target_id"]);
                self.tell_target(&of, |property| property.in_module(block))
            }
            kind if RESOURCES.iter().any(|known| known.module == kind) => Ok(()),
            kind => Err(format!("unknown type {kind}")),
        }
    }
}

/// What a resource is called in facts and grants.
fn of_kind(stack: &str, kind: &str, name: &str) -> String {
    format!("{stack}: {kind} {name}")
}

/// The text at a pointer; nothing where it is not there.
fn text_at<'v>(value: &'v Value, pointer: &str) -> &'v str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

/// The managed policies of a module, by name and ARN.
fn own_policies(stack: &Stack) -> impl Iterator<Item = (&str, &str)> {
    let policies = stack.deployed.module.values().filter(|it| it.kind == "aws_iam_policy");
    policies.filter_map(|policy| Some((policy.name.as_str(), policy.attribute("arn").ok()?)))
}
