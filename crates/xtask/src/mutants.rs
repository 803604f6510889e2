//! Deliberate faults in ecrane, each of which a check must detect.
//!
//! A check that has never failed proves little. Each fault is inserted into a copy of the sources,
//! which is built. The named check must fail with the fault and pass without it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::Failure;
use crate::report::{Tally, say};
use crate::tools;

/// A fault, and the check that must detect it.
struct Mutant {
    name: &'static str,
    file: &'static str,
    /// The source text, which must occur once, and its replacement.
    from: &'static str,
    to: &'static str,
    caught_by: &'static [Check],
}

/// A check, as cargo arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Check {
    /// The vectors of the AWS CDK.
    Vectors,
    /// The properties of both backends.
    Properties,
    /// The tests of `ecrane-diff`.
    Changes,
    /// The tests of `ecrane-access`.
    Access,
    /// The simulator of IAM.
    Simulator,
    /// The bounds on allocations.
    Allocations,
    /// A case on the emulated AWS.
    Aws(&'static str),
    /// A fuzz target.
    Fuzz(&'static str),
}

impl Check {
    fn command(self, sources: &Path, target: &Path) -> Command {
        let mut command = Command::new("cargo");
        match self {
            Self::Vectors => {
                command.args(["test", "--quiet", "-p", "ecrane-cloudformation", "--test", "cdk"])
            }
            Self::Properties => {
                command.args(["test", "--quiet", "-p", "ecrane", "--test", "properties"])
            }
            Self::Changes => command.args(["test", "--quiet", "-p", "ecrane-diff"]),
            Self::Access => command.args(["test", "--quiet", "-p", "ecrane-access"]),
            Self::Simulator => command.args(["xtask", "conformance", "access", "--count", "20"]),
            Self::Allocations => {
                command.args(["test", "--quiet", "-p", "ecrane", "--test", "allocations"])
            }
            Self::Aws(case) => {
                command.args(["xtask", "conformance", "aws", "--count", "0", "--updates", "0"]);
                command.args(["--only", case])
            }
            Self::Fuzz(fuzzed) => command.args(["xtask", "fuzz", fuzzed]),
        };
        command.current_dir(sources).env("CARGO_TARGET_DIR", target);
        command
    }
}

impl std::fmt::Display for Check {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Vectors => f.write_str("the vectors of the AWS CDK"),
            Self::Properties => f.write_str("the properties"),
            Self::Changes => f.write_str("the tests of changes"),
            Self::Access => f.write_str("the tests of access"),
            Self::Simulator => f.write_str("the simulator of IAM"),
            Self::Allocations => f.write_str("the bounds on allocations"),
            Self::Aws(case) => write!(f, "the emulated AWS ({case})"),
            Self::Fuzz(fuzzed) => write!(f, "the fuzz target {fuzzed}"),
        }
    }
}

const MUTANTS: [Mutant; 31] = [
    Mutant {
        name: "a resource is cloned where it could be moved",
        file: "crates/ecrane-construct/src/build.rs",
        from: "            kind,\n            place: node.place,",
        to: "            kind: kind.clone(),\n            place: node.place,",
        caught_by: &[Check::Allocations],
    },
    Mutant {
        name: "Terraform: the first statement of a policy is dropped",
        file: "crates/ecrane-terraform/src/scope.rs",
        from: "        json.elements(&document.elements());",
        to: "        let statements = document.statements.iter().skip(1).cloned().collect();\n        json.elements(&PolicyDocument { statements, ..document.clone() }.elements());",
        caught_by: &[Check::Properties, Check::Aws("ci-role")],
    },
    Mutant {
        name: "Terraform: the conditions of a policy are dropped",
        file: "crates/ecrane-terraform/src/scope.rs",
        from: "        json.elements(&document.elements());",
        to: "        let mut document = document.clone();\n        document.statements.iter_mut().for_each(|it| it.conditions.clear());\n        json.elements(&document.elements());",
        caught_by: &[Check::Properties, Check::Aws("organization-sharing")],
    },
    Mutant {
        name: "Terraform: expressions in strings are not escaped",
        file: "crates/ecrane-terraform/src/expression.rs",
        from: "text.replace(\"${\", \"$${\").replace(\"%{\", \"%%{\")",
        to: "text.replace(\"%{\", \"%%{\")",
        caught_by: &[Check::Properties, Check::Aws("injection")],
    },
    Mutant {
        name: "Terraform: directives in strings are not escaped",
        file: "crates/ecrane-terraform/src/expression.rs",
        from: "text.replace(\"${\", \"$${\").replace(\"%{\", \"%%{\")",
        to: "text.replace(\"${\", \"$${\")",
        caught_by: &[Check::Properties, Check::Aws("injection")],
    },
    Mutant {
        name: "diff: another name of a repository is an update",
        file: "crates/ecrane-diff/src/cloudformation/properties.rs",
        from: "        replace: &[\"EncryptionConfiguration\", \"RepositoryName\"],",
        to: "        replace: &[\"EncryptionConfiguration\"],",
        caught_by: &[Check::Changes],
    },
    Mutant {
        name: "diff: the trust policies of a template are not read",
        file: "crates/ecrane-diff/src/access/cloudformation.rs",
        from: "    identity.trust = policy(scope, at, \"AssumeRolePolicyDocument\");",
        to: "    policy(scope, at, \"AssumeRolePolicyDocument\");",
        caught_by: &[Check::Changes],
    },
    Mutant {
        name: "diff: policies that Terraform attaches by their ARN are not read",
        file: "crates/ecrane-diff/src/access/terraform.rs",
        from: "            holder.managed_policies.push(arn);",
        to: "            drop(arn);",
        caught_by: &[Check::Changes],
    },
    Mutant {
        name: "access: the policy of a repository suffices for another account",
        file: "crates/ecrane-access/src/decision.rs",
        from: "(true, true) => (true, \"both accounts allow it\"),",
        to: "(_, true) => (true, \"both accounts allow it\"),",
        caught_by: &[Check::Access],
    },
    Mutant {
        name: "access: a statement that names an account names all of its roles",
        file: "crates/ecrane-access/src/statement.rs",
        from: "Some(if caller.is_root() { Naming::Direct } else { Naming::Account })",
        to: "Some(Naming::Direct)",
        caught_by: &[Check::Access, Check::Simulator],
    },
    Mutant {
        name: "access: a negated operator fails without its key",
        file: "crates/ecrane-access/src/condition/mod.rs",
        from: "SetOperator::None => is_negated.into(),",
        to: "SetOperator::None => Truth::No,",
        caught_by: &[Check::Access, Check::Simulator],
    },
    Mutant {
        name: "access: the matrix leaves out repositories that are open to everybody",
        file: "crates/ecrane-access/src/reach.rs",
        from: "                reach.open.push(index);\n",
        to: "",
        caught_by: &[Check::Access],
    },
    Mutant {
        name: "strings in JSON text are not escaped",
        file: "crates/ecrane-core/src/json_text.rs",
        from: "let quoted = serde_json::to_string(text).unwrap_or_default();",
        to: "let quoted = format!(\"\\\"{text}\\\"\");",
        caught_by: &[Check::Properties, Check::Aws("injection")],
    },
    Mutant {
        name: "Terraform: a repository has no tags",
        file: "crates/ecrane-terraform/src/resource/repository.rs",
        from: "tags: tags(&resource.tags),",
        to: "tags: tags([]),",
        caught_by: &[Check::Properties, Check::Aws("emptied")],
    },
    Mutant {
        name: "Terraform: the stack's tags are left out",
        file: "crates/ecrane-terraform/src/provider.rs",
        from: "(!tags.is_empty()).then_some([DefaultTags",
        to: "(tags.len() > 99).then_some([DefaultTags",
        caught_by: &[Check::Properties, Check::Aws("hardened")],
    },
    Mutant {
        name: "Terraform: a retained resource can be destroyed",
        file: "crates/ecrane-terraform/src/stack.rs",
        from: "let protected = resource.removal_policy == Some(RemovalPolicy::Retain);",
        to: "let protected = resource.removal_policy.is_none();",
        caught_by: &[Check::Aws("quickstart")],
    },
    Mutant {
        name: "Terraform: a retained resource that is removed from the config has no `removed` block",
        file: "crates/ecrane-terraform/src/render.rs",
        from: "removed: removed(&change.gone),",
        to: "removed: removed(&std::collections::BTreeMap::new()),",
        caught_by: &[Check::Aws("repository-removed"), Check::Aws("key-removed")],
    },
    Mutant {
        name: "Terraform: the policies of a retained repository that is removed from the config are forgotten",
        file: "crates/ecrane-terraform/src/ledger/change.rs",
        from: "    gone.extend(parts);",
        to: "    gone.extend(parts.into_iter().take(0));",
        caught_by: &[Check::Aws("repository-removed")],
    },
    Mutant {
        name: "Terraform: a resource with a changed address has no `moved` block",
        file: "crates/ecrane-terraform/src/render.rs",
        from: "moved: moved(&change.moved),",
        to: "moved: moved(&std::collections::BTreeMap::new()),",
        caught_by: &[Check::Aws("address-renamed"), Check::Aws("construct-renamed")],
    },
    Mutant {
        name: "Terraform: a stack that is removed from the config has no module",
        file: "crates/ecrane-terraform/src/departed.rs",
        from: "if change.gone.is_empty() {",
        to: "if change.gone.len() < 99 {",
        caught_by: &[Check::Aws("stack-removed")],
    },
    Mutant {
        name: "Terraform: a repository with images is not deleted",
        file: "crates/ecrane-terraform/src/resource/repository.rs",
        from: "force_delete: *empty_on_delete,",
        to: "force_delete: empty_on_delete.map(|_| false),",
        caught_by: &[Check::Aws("emptied")],
    },
    Mutant {
        name: "Terraform: a partial retry policy sends zero for the missing value",
        file: "crates/ecrane-terraform/src/resource/event_rule.rs",
        from: "Retry { maximum_event_age_in_seconds: 86_400, maximum_retry_attempts: 185 };",
        to: "Retry { maximum_event_age_in_seconds: 86_400, maximum_retry_attempts: 0 };",
        caught_by: &[Check::Aws("defaults")],
    },
    Mutant {
        name: "Terraform: a target's input is left out",
        file: "crates/ecrane-terraform/src/resource/event_rule.rs",
        from: "body.input = Some(Text::owned(json.to_string())),",
        to: "body.input = Some(Text::owned(json.to_string())).filter(|_| false),",
        caught_by: &[Check::Properties, Check::Aws("injection")],
    },
    Mutant {
        name: "Terraform: a data source is not declared",
        file: "crates/ecrane-terraform/src/data.rs",
        from: "(Part::Expression(expression), Some(source))",
        to: "(Part::Expression(expression), Some(source).filter(|s| *s != DataSource::Partition))",
        caught_by: &[Check::Properties],
    },
    Mutant {
        name: "CloudFormation: the first statement of a policy is dropped",
        file: "crates/ecrane-cloudformation/src/policy.rs",
        from: "for statement in statements {",
        to: "statements.drain(..1);\n                for statement in statements {",
        caught_by: &[Check::Vectors, Check::Properties, Check::Aws("ci-role")],
    },
    Mutant {
        name: "the principals of a policy are dropped",
        file: "crates/ecrane-core/src/policy_elements.rs",
        from: "(\"Principal\", principal)",
        to: "(\"Principal\", principal.filter(|_| false))",
        caught_by: &[Check::Vectors],
    },
    Mutant {
        name: "CloudFormation: a resource's tags are not sorted",
        file: "crates/ecrane-cloudformation/src/resource/mod.rs",
        from: "collator.compare(one.key, other.key)",
        to: "collator.compare(other.key, one.key)",
        caught_by: &[Check::Vectors],
    },
    Mutant {
        name: "YAML: a syntax error at the end of a text panics",
        file: "crates/ecrane-config/src/read/yaml.rs",
        from: "text.get(start..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8)",
        to: "text[start..].chars().next().unwrap().len_utf8()",
        caught_by: &[Check::Fuzz("yaml")],
    },
    Mutant {
        name: "a logical ID uses another hash",
        file: "crates/ecrane-core/src/construct_path.rs",
        from: "hash.update(if index > 0 { \"/\" } else { \"\" });",
        to: "hash.update(if index > 0 { \".\" } else { \"\" });",
        caught_by: &[Check::Vectors],
    },
    Mutant {
        name: "a lifecycle rule uses another unit",
        file: "crates/ecrane-lifecycle/src/policy.rs",
        from: "map.serialize_entry(\"countUnit\", \"days\")?;",
        to: "map.serialize_entry(\"countUnit\", \"hours\")?;",
        caught_by: &[Check::Vectors],
    },
    Mutant {
        name: "a pull grant allows push instead",
        file: "crates/ecrane-construct/src/grant.rs",
        from: "    Action::from_static(\"ecr:GetDownloadUrlForLayer\"),\n    Action::from_static(\"ecr:BatchGetImage\"),\n];",
        to: "    Action::from_static(\"ecr:GetDownloadUrlForLayer\"),\n    Action::from_static(\"ecr:PutImage\"),\n];",
        caught_by: &[Check::Vectors],
    },
];

/// Inserts each fault whose name contains `only`, and runs its check.
pub(crate) fn run(only: &str) -> Result<Tally, Failure> {
    let folder = tools::target().join("mutants");
    let (sources, target) = (folder.join("sources"), folder.join("target"));
    copy_sources(&sources)?;
    share_tools(&target)?;
    let mutants: Vec<_> = MUTANTS.iter().filter(|mutant| mutant.name.contains(only)).collect();
    let mut tally = Tally::default();
    // A check that fails without a fault proves nothing.
    let mut sound: Vec<Check> = Vec::new();
    for check in mutants.iter().flat_map(|mutant| mutant.caught_by) {
        if !sound.contains(check) {
            sound.push(*check);
            let output = tools::output(&mut check.command(&sources, &target))?;
            let passed = output.status.success();
            let verb = if passed { "passes" } else { "does NOT pass" };
            say(format_args!("{check}: {verb} without a fault"))?;
            if !passed {
                say(format_args!("{}", String::from_utf8_lossy(&output.stderr)))?;
            }
            tally.add(Tally::one(passed));
        }
    }
    for mutant in mutants {
        say(format_args!("{}", mutant.name))?;
        let path = sources.join(mutant.file);
        let text = fs::read_to_string(&path).map_err(Failure::file(&path))?;
        if text.matches(mutant.from).count() != 1 {
            say(format_args!("  the source text does not occur exactly once in {}", mutant.file))?;
            tally.failed += 1;
            continue;
        }
        let faulty = text.replacen(mutant.from, mutant.to, 1);
        fs::write(&path, faulty).map_err(Failure::file(&path))?;
        tally.add(caught(mutant, &sources, &target)?);
        fs::write(&path, text).map_err(Failure::file(&path))?;
    }
    Ok(tally)
}

/// Whether the check fails. A fault that does not compile does not count.
fn caught(mutant: &Mutant, sources: &Path, target: &Path) -> Result<Tally, Failure> {
    let mut build = Command::new("cargo");
    build.args(["build", "--quiet", "-p", "ecrane-cli", "-p", "ecrane", "-p", "xtask"]);
    let output = tools::output(build.current_dir(sources).env("CARGO_TARGET_DIR", target))?;
    if !output.status.success() {
        say(format_args!("  cannot be built: {}", String::from_utf8_lossy(&output.stderr)))?;
        return Ok(Tally::one(false));
    }
    let mut tally = Tally::default();
    for check in mutant.caught_by {
        let passed = tools::output(&mut check.command(sources, target))?.status.success();
        let verb = if passed { "is NOT caught by" } else { "is caught by" };
        say(format_args!("  {verb} {check}"))?;
        tally.add(Tally::one(!passed));
    }
    Ok(tally)
}

/// Copies all files that git lists, so that nobody edits faulty sources by mistake.
fn copy_sources(to: &Path) -> Result<(), Failure> {
    if to.exists() {
        fs::remove_dir_all(to).map_err(Failure::file(to))?;
    }
    let files = tools::run(
        Command::new("git")
            .args(["ls-files", "--cached", "--others", "--exclude-standard", "-z"])
            .current_dir(tools::root()),
    )?;
    let names = String::from_utf8_lossy(&files.stdout).into_owned();
    for name in names.split_terminator('\0') {
        let (from, to) = (tools::root().join(name), to.join(name));
        if let Some(folder) = to.parent() {
            fs::create_dir_all(folder).map_err(Failure::file(folder))?;
        }
        // git lists a deleted file until the deletion is committed.
        if from.exists() {
            fs::copy(&from, &to).map_err(Failure::file(&from))?;
        }
    }
    Ok(())
}

/// Shares the installed tools. If none is installed yet, the first check installs them here.
fn share_tools(target: &Path) -> Result<(), Failure> {
    let (installed, link): (PathBuf, PathBuf) =
        (tools::target().join("tools"), target.join("tools"));
    for folder in [target, &installed] {
        fs::create_dir_all(folder).map_err(Failure::file(folder))?;
    }
    if !link.exists() {
        std::os::unix::fs::symlink(&installed, &link).map_err(Failure::file(&link))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_fault_can_be_put_in() {
        for Mutant { name, file, from, to, caught_by } in &MUTANTS {
            let text = fs::read_to_string(tools::root().join(file)).unwrap();
            assert_eq!(text.matches(from).count(), 1, "{name}");
            assert!(from != to && !caught_by.is_empty(), "{name}");
        }
    }
}
