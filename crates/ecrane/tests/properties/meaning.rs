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

use serde_json::{Map, Value, json};

use crate::deployment::{
    Deployment, Stack, by_key, is_for_other_modules, is_for_other_templates, own_outputs,
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
        let plain = |grant: Grant| grant.of_holder();
        self.grants = self.grants.into_iter().map(plain).collect();
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

    /// Tells properties of one map by the names that the fact goes by.
    fn tell_all(&mut self, of: &str, map: &Value, names: &[(&str, &'static str)]) {
        for (key, what) in names {
            self.tell(of, what, &map[*key]);
        }
    }

    fn grant(&mut self, holder: &str, policy: &str, document: &Value) -> Result<(), String> {
        if document.is_null() {
            return Ok(());
        }
        grants(holder, policy, document, &mut self.grants)
    }

    fn add_template(&mut self, stack: &Stack, template: &Value) -> Result<(), String> {
        let Stack { id, site, tags, deployed, .. } = stack;
        let stack_of = format!("stack {id}");
        self.tell(&stack_of, "tags", tags);
        self.tell(&stack_of, "description", &template["Description"]);
        let mut names = own_outputs(&stack.module["output"], is_for_other_modules);
        for (_, output) in own_outputs(&template["Outputs"], is_for_other_templates) {
            let name = names.next().map_or("without a pair", |(name, _)| name.as_str());
            let of = format!("{stack_of} output {name}");
            self.tell_all(&of, output, &[("Value", "value"), ("Description", "description")]);
        }
        for (logical_id, resource) in json::entries(&template["Resources"]) {
            let properties = &resource["Properties"];
            let kind = json::text(&resource["Type"])?;
            let name = deployed.template.get(logical_id).map_or("", |physical| &physical.name);
            let of = format!("{id}: {kind} {name}");
            if deployed.template.contains_key(logical_id) {
                let retained = resource["DeletionPolicy"] == "Retain";
                self.tell(&of, "retained", &retained.then_some(true).into());
                self.tell(&of, "tags", &tags_of(&properties["Tags"]));
                self.tell_all(&of, properties, &[("Description", "description"), ("Path", "path")]);
            }
            match kind {
                "AWS::ECR::Repository" => {
                    self.template_of_repositories(&of, properties);
                    let scan = &properties["ImageScanningConfiguration"]["ScanOnPush"];
                    self.tell(&of, "scan on push", scan);
                    self.tell(&of, "empty on delete", &properties["EmptyOnDelete"]);
                    let lifecycle = &properties["LifecyclePolicy"]["LifecyclePolicyText"];
                    self.tell(&of, "lifecycle", &json_in(lifecycle)?);
                    self.grant(&of, "repository policy", &properties["RepositoryPolicyText"])?;
                }
                "AWS::ECR::PublicRepository" => {
                    let catalog = &properties["RepositoryCatalogData"];
                    self.tell_all(
                        &of,
                        catalog,
                        &[
                            ("AboutText", "about"),
                            ("Architectures", "architectures"),
                            ("OperatingSystems", "operating systems"),
                            ("RepositoryDescription", "description of the repository"),
                            ("UsageText", "usage"),
                        ],
                    );
                    self.grant(&of, "repository policy", &properties["RepositoryPolicyText"])?;
                }
                "AWS::IAM::Role" => {
                    self.tell_all(
                        &of,
                        properties,
                        &[
                            ("MaxSessionDuration", "session"),
                            ("PermissionsBoundary", "boundary"),
                        ],
                    );
                    for policy in json::items(&properties["ManagedPolicyArns"]) {
                        self.tell(&format!("role {name}"), "attached policy", policy);
                    }
                    self.grant(&of, "trust policy", &properties["AssumeRolePolicyDocument"])?;
                }
                "AWS::IAM::User" | "AWS::IAM::Group" => {}
                "AWS::IAM::Policy" => {
                    let policy = json::text(&properties["PolicyName"])?;
                    let mut holders = 0;
                    for (key, holder) in [("Roles", "role"), ("Users", "user"), ("Groups", "group")] {
                        for name in json::items(&properties[key]) {
                            let holder = format!("{holder} {}", json::text(name)?);
                            self.grant(&holder, policy, &properties["PolicyDocument"])?;
                            holders += 1;
                        }
                    }
                    if holders == 0 {
                        return Err(format!("policy {policy} of nobody"));
                    }
                }
                "AWS::IAM::ManagedPolicy" => {
                    for role in json::items(&properties["Roles"]) {
                        let holder = format!("role {}", json::text(role)?);
                        let policy = format!("managed policy {name}");
                        self.grant(&holder, &policy, &properties["PolicyDocument"])?;
                    }
                }
                "AWS::KMS::Key" => {
                    self.tell(&of, "rotation", &properties["EnableKeyRotation"]);
                    self.grant(&of, "key policy", &properties["KeyPolicy"])?;
                }
                "AWS::KMS::Alias" => self.tell(&of, "key", &properties["TargetKeyId"]),
                "AWS::Events::Rule" => {
                    self.tell(&of, "pattern", &properties["EventPattern"]);
                    self.tell(&of, "state", &properties["State"]);
                    self.template_of_targets(&of, &properties["Targets"])?;
                }
                "AWS::ECR::RegistryPolicy" => {
                    let of = format!("{id}: registry");
                    self.grant(&of, "registry policy", &properties["PolicyText"])?;
                }
                "AWS::ECR::ReplicationConfiguration" => {
                    let rules = &properties["ReplicationConfiguration"]["Rules"];
                    let rules = json::items(rules).iter().map(|rule| {
                        let destinations = json::items(&rule["Destinations"]).iter();
                        let destinations: Vec<_> =
                            destinations.map(|d| json!([d["Region"], d["RegistryId"]])).collect();
                        json!([destinations, template_filters(&rule["RepositoryFilters"])])
                    });
                    self.tell(&format!("{id}: registry"), "replication", &rules.collect());
                }
                "AWS::ECR::RegistryScanningConfiguration" => {
                    let rules = json::items(&properties["Rules"]).iter().map(|rule| {
                        let filters = template_filters(&rule["RepositoryFilters"]);
                        json!([rule["ScanFrequency"], filters])
                    });
                    let is = json!([properties["ScanType"], rules.collect::<Vec<_>>()]);
                    self.tell(&format!("{id}: registry"), "scanning", &is);
                }
                "AWS::ECR::SigningConfiguration" => {
                    let rules = json::items(&properties["Rules"]).iter().map(|rule| {
                        let filters = template_filters(&rule["RepositoryFilters"]);
                        json!([rule["SigningProfileArn"], filters])
                    });
                    self.tell(&format!("{id}: registry"), "signing", &rules.collect());
                }
                "AWS::ECR::PullThroughCacheRule" => {
                    let of = format!("{id}: cache {}", properties["EcrRepositoryPrefix"]);
                    self.tell_all(
                        &of,
                        properties,
                        &[
                            ("UpstreamRegistryUrl", "upstream"),
                            ("UpstreamRepositoryPrefix", "upstream prefix"),
                            ("CredentialArn", "credential"),
                            ("CustomRoleArn", "role"),
                        ],
                    );
                }
                "AWS::ECR::RepositoryCreationTemplate" => {
                    let of = format!("{id}: creation {}", properties["Prefix"]);
                    self.template_of_repositories(&of, properties);
                    let applied_for = properties["AppliedFor"].clone();
                    self.tell(&of, "applied for", &applied_for);
                    self.tell(&of, "description of the template", &properties["Description"]);
                    self.tell(&of, "role", &properties["CustomRoleArn"]);
                    self.tell(&of, "tags", &tags_of(&properties["ResourceTags"]));
                    self.tell(&of, "lifecycle", &json_in(&properties["LifecyclePolicy"])?);
                    let policy = json_in(&properties["RepositoryPolicy"])?;
                    self.grant(&of, "repository policy", &policy)?;
                }
                "AWS::ECR::PullTimeUpdateExclusion" => {
                    let of = format!("{id}: exclusion {}", properties["PrincipalArn"]);
                    self.tell(&of, "exists", &true.into());
                }
                other => return Err(format!("unknown type {other}")),
            }
        }
        self.tell(&stack_of, "account", &known(&site.account, "100000000001"));
        self.tell(&stack_of, "region", &known(&site.region, "el-sewhere-1"));
        Ok(())
    }

    /// What repositories and creation templates have in common.
    fn template_of_repositories(&mut self, of: &str, properties: &Value) {
        self.tell(of, "mutability", &properties["ImageTagMutability"]);
        let filters = json::items(&properties["ImageTagMutabilityExclusionFilters"]).iter();
        let part = |filter: &Value, part| {
            filter[format!("ImageTagMutabilityExclusionFilter{part}")].clone()
        };
        let filters = filters.map(|filter| json!([part(filter, "Type"), part(filter, "Value")]));
        self.tell(of, "mutability exclusions", &filters.collect());
        let encryption = &properties["EncryptionConfiguration"];
        self.tell_all(of, encryption, &[("EncryptionType", "encryption"), ("KmsKey", "key")]);
    }

    fn template_of_targets(&mut self, of: &str, targets: &Value) -> Result<(), String> {
        for target in json::items(targets) {
            let of = format!("{of} target {}", target["Id"]);
            self.tell_all(
                &of,
                target,
                &[("Arn", "arn"), ("RoleArn", "role"), ("InputPath", "input path")],
            );
            self.tell(&of, "input", &json_in(&target["Input"])?);
            let transformer = &target["InputTransformer"];
            self.tell_all(
                &of,
                transformer,
                &[("InputPathsMap", "input paths"), ("InputTemplate", "input template")],
            );
            self.tell(&of, "dead letters", &target["DeadLetterConfig"]["Arn"]);
            let retry = &target["RetryPolicy"];
            self.tell_all(
                &of,
                retry,
                &[("MaximumEventAgeInSeconds", "age"), ("MaximumRetryAttempts", "attempts")],
            );
        }
        Ok(())
    }

    fn add_module(&mut self, stack: &Stack, module: &Value) -> Result<(), String> {
        let Stack { id, deployed, .. } = stack;
        let stack_of = format!("stack {id}");
        let provider = &module["provider"]["aws"][0];
        self.tell(&stack_of, "tags", &provider["default_tags"][0]["tags"]);
        self.tell(&stack_of, "account", &provider["allowed_account_ids"][0]);
        self.tell(&stack_of, "region", &provider["region"]);
        // Comments are no part of what Terraform evaluates.
        let comment = &stack.module["//"];
        let description = if comment.is_object() { &comment["description"] } else { comment };
        self.tell(&stack_of, "description", description);
        for (name, output) in own_outputs(&module["output"], is_for_other_modules) {
            let of = format!("{stack_of} output {name}");
            self.tell_all(&of, output, &[("value", "value"), ("description", "description")]);
        }
        for (kind, blocks) in json::entries(&module["resource"]) {
            let template_kind = crate::world::KINDS.iter().find(|known| known.module == kind);
            let template_kind = template_kind.map_or("", |known| known.template);
            for (name, block) in json::entries(blocks) {
                let physical = deployed.module.get(&format!("{kind}.{name}"));
                let name = physical.map_or("", |physical| &physical.name);
                let of = format!("{id}: {template_kind} {name}");
                self.add_block(stack, kind, &of, block, module)?;
            }
        }
        Ok(())
    }

    fn add_block(
        &mut self,
        stack: &Stack,
        kind: &str,
        of: &str,
        block: &Value,
        module: &Value,
    ) -> Result<(), String> {
        let id = &stack.id;
        let named = |kind: &str, name: &Value| Ok::<_, String>(format!("{kind} {}", json::text(name)?));
        let main = crate::world::KINDS.iter().any(|known| known.module == kind);
        if main {
            let retained = block["lifecycle"]["prevent_destroy"] == true;
            self.tell(of, "retained", &retained.then_some(true).into());
            self.tell_all(of, block, &[("description", "description"), ("tags", "tags")]);
            // The path that a managed policy has without one.
            let path = if kind == "aws_iam_policy" { &json!("/") } else { &block["path"] };
            self.tell(of, "path", path);
        }
        match kind {
            "aws_ecr_repository" => {
                self.module_of_repositories(of, block);
                let scan = &block["image_scanning_configuration"][0]["scan_on_push"];
                self.tell(of, "scan on push", scan);
                self.tell(of, "empty on delete", &block["force_delete"]);
            }
            "aws_ecr_lifecycle_policy" => {
                let of = named(&format!("{id}: AWS::ECR::Repository"), &block["repository"])?;
                self.tell(&of, "lifecycle", &json::within(&block["policy"])?);
            }
            "aws_ecr_repository_policy" => {
                let of = named(&format!("{id}: AWS::ECR::Repository"), &block["repository"])?;
                self.grant(&of, "repository policy", &json::within(&block["policy"])?)?;
            }
            "aws_ecrpublic_repository" => {
                self.tell_all(
                    of,
                    &block["catalog_data"][0],
                    &[
                        ("about_text", "about"),
                        ("architectures", "architectures"),
                        ("operating_systems", "operating systems"),
                        ("description", "description of the repository"),
                        ("usage_text", "usage"),
                    ],
                );
            }
            "aws_ecrpublic_repository_policy" => {
                let name = &block["repository_name"];
                let of = named(&format!("{id}: AWS::ECR::PublicRepository"), name)?;
                self.grant(&of, "repository policy", &json::within(&block["policy"])?)?;
            }
            "aws_iam_role" => {
                self.tell_all(
                    of,
                    block,
                    &[("max_session_duration", "session"), ("permissions_boundary", "boundary")],
                );
                self.grant(of, "trust policy", &json::within(&block["assume_role_policy"])?)?;
            }
            "aws_iam_user" | "aws_iam_group" => {}
            "aws_iam_role_policy" | "aws_iam_user_policy" | "aws_iam_group_policy" => {
                let identity = kind.trim_start_matches("aws_iam_").trim_end_matches("_policy");
                let holder = named(identity, &block[identity])?;
                let policy = json::text(&block["name"])?;
                self.grant(&holder, policy, &json::within(&block["policy"])?)?;
            }
            "aws_iam_policy" => {
                let arn = stack.deployed.module.iter().find(|(address, physical)| {
                    address.starts_with("aws_iam_policy.") && block["name"] == physical.name.as_str()
                });
                let arn = arn.ok_or("a policy without an ARN")?.1.attribute("arn")?;
                let attachments = json::entries(&module["resource"]["aws_iam_role_policy_attachment"]);
                for (_, attachment) in attachments.filter(|(_, a)| a["policy_arn"] == arn) {
                    let holder = named("role", &attachment["role"])?;
                    let policy = named("managed policy", &block["name"])?;
                    self.grant(&holder, &policy, &json::within(&block["policy"])?)?;
                }
            }
            "aws_iam_role_policy_attachment" => {
                let own = |arn: &Value| {
                    let policies = stack.deployed.module.iter();
                    policies
                        .filter(|(address, _)| address.starts_with("aws_iam_policy."))
                        .any(|(_, physical)| physical.attribute("arn").is_ok_and(|a| arn == a))
                };
                if !own(&block["policy_arn"]) {
                    let of = named("role", &block["role"])?;
                    self.tell(&of, "attached policy", &block["policy_arn"]);
                }
            }
            "aws_kms_key" => {
                self.tell(of, "rotation", &block["enable_key_rotation"]);
                self.grant(of, "key policy", &json::within(&block["policy"])?)?;
            }
            "aws_kms_alias" => self.tell(of, "key", &block["target_key_id"]),
            "aws_cloudwatch_event_rule" => {
                self.tell(of, "pattern", &json::within(&block["event_pattern"])?);
                self.tell(of, "state", &block["state"]);
            }
            "aws_cloudwatch_event_target" => {
                let rule = named(&format!("{id}: AWS::Events::Rule"), &block["rule"])?;
                self.module_of_target(&format!("{rule} target {}", block["target_id"]), block)?;
            }
            "aws_ecr_registry_policy" => {
                let of = format!("{id}: registry");
                self.grant(&of, "registry policy", &json::within(&block["policy"])?)?;
            }
            "aws_ecr_replication_configuration" => {
                let rules = &block["replication_configuration"][0]["rule"];
                let rules = json::items(rules).iter().map(|rule| {
                    let destinations = json::items(&rule["destination"]).iter();
                    let destinations: Vec<_> =
                        destinations.map(|d| json!([d["region"], d["registry_id"]])).collect();
                    json!([destinations, module_filters(&rule["repository_filter"])])
                });
                self.tell(&format!("{id}: registry"), "replication", &rules.collect());
            }
            "aws_ecr_registry_scanning_configuration" => {
                let rules = json::items(&block["rule"]).iter().map(|rule| {
                    json!([rule["scan_frequency"], module_filters(&rule["repository_filter"])])
                });
                let is = json!([block["scan_type"], rules.collect::<Vec<_>>()]);
                self.tell(&format!("{id}: registry"), "scanning", &is);
            }
            "awscc_ecr_signing_configuration" => {
                let rules = json::items(&block["rules"]).iter().map(|rule| {
                    json!([rule["signing_profile_arn"], module_filters(&rule["repository_filters"])])
                });
                self.tell(&format!("{id}: registry"), "signing", &rules.collect());
            }
            "aws_ecr_pull_through_cache_rule" => {
                let of = format!("{id}: cache {}", block["ecr_repository_prefix"]);
                self.tell_all(
                    &of,
                    block,
                    &[
                        ("upstream_registry_url", "upstream"),
                        ("upstream_repository_prefix", "upstream prefix"),
                        ("credential_arn", "credential"),
                        ("custom_role_arn", "role"),
                    ],
                );
            }
            "aws_ecr_repository_creation_template" => {
                let of = format!("{id}: creation {}", block["prefix"]);
                self.module_of_repositories(&of, block);
                self.tell_all(
                    &of,
                    block,
                    &[
                        ("applied_for", "applied for"),
                        ("description", "description of the template"),
                        ("custom_role_arn", "role"),
                        ("resource_tags", "tags"),
                    ],
                );
                self.tell(&of, "lifecycle", &json_in(&block["lifecycle_policy"])?);
                self.grant(&of, "repository policy", &json_in(&block["repository_policy"])?)?;
            }
            "aws_ecr_pull_time_update_exclusion" => {
                let of = format!("{id}: exclusion {}", block["principal_arn"]);
                self.tell(&of, "exists", &true.into());
            }
            other => return Err(format!("unknown type {other}")),
        }
        Ok(())
    }

    fn module_of_repositories(&mut self, of: &str, block: &Value) {
        self.tell(of, "mutability", &block["image_tag_mutability"]);
        let filters = json::items(&block["image_tag_mutability_exclusion_filter"]).iter();
        let filters = filters.map(|filter| json!([filter["filter_type"], filter["filter"]]));
        self.tell(of, "mutability exclusions", &filters.collect());
        let encryption = &block["encryption_configuration"][0];
        self.tell_all(of, encryption, &[("encryption_type", "encryption"), ("kms_key", "key")]);
    }

    fn module_of_target(&mut self, of: &str, block: &Value) -> Result<(), String> {
        self.tell_all(
            of,
            block,
            &[("arn", "arn"), ("role_arn", "role"), ("input_path", "input path")],
        );
        self.tell(of, "input", &json_in(&block["input"])?);
        let transformer = &block["input_transformer"][0];
        self.tell_all(
            of,
            transformer,
            &[("input_paths", "input paths"), ("input_template", "input template")],
        );
        self.tell(of, "dead letters", &block["dead_letter_config"][0]["arn"]);
        let retry = &block["retry_policy"][0];
        self.tell_all(
            of,
            retry,
            &[("maximum_event_age_in_seconds", "age"), ("maximum_retry_attempts", "attempts")],
        );
        Ok(())
    }
}

/// JSON in a text, if there is a text.
fn json_in(text: &Value) -> Result<Value, String> {
    if text.is_null() { Ok(Value::Null) } else { json::within(text) }
}

/// A place that is given, in contrast to one that is made up.
fn known(place: &str, made_up: &str) -> Value {
    if place == made_up { Value::Null } else { place.into() }
}

/// The tags of a template as a map.
fn tags_of(tags: &Value) -> Value {
    let tags = by_key(tags, "Key").into_iter().map(|(key, tag)| (key, tag["Value"].clone()));
    Value::Object(tags.collect::<Map<_, _>>())
}

fn template_filters(filters: &Value) -> Value {
    json::items(filters).iter().map(|f| json!([f["FilterType"], f["Filter"]])).collect()
}

fn module_filters(filters: &Value) -> Value {
    json::items(filters).iter().map(|f| json!([f["filter_type"], f["filter"]])).collect()
}
