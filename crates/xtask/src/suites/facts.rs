//! Compares the tables of facts in the sources with what AWS and Terraform publish.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::failure::Failure;
use crate::report::{Tally, missing, say};
use crate::terraform::{Source, isolate};
use crate::tools;

/// Prints what botocore, the AWS SDK for Python, and cfn-lint have.
const PUBLISHED: &str = r"
import json, pathlib, re, botocore.session, cfnlint
session = botocore.session.get_session()
partitions = session.get_data('partitions')['partitions']
model = session.get_data('ecr/2015-09-21/service-2')
rule = model['shapes']['CreatePullThroughCacheRuleRequest']['members']['upstreamRegistryUrl']
hosts = re.findall(r'<code>([^<]+)</code>\) \S+ <code>([^<]+)</code>', rule['documentation'])
policies = pathlib.Path(cfnlint.__file__).parent / 'data/AdditionalSpecs/Policies.json'
policies = json.loads(policies.read_text())
def actions(service, api):
    operations = session.get_data(api + '/service-2')
    shapes = operations['shapes']
    scopes = {name: 'repository' in action.get('Resources', []) for name, action in policies[service]['Actions'].items()}
    for name, operation in operations['operations'].items():
        scopes.setdefault(name.lower(), 'repositoryName' in shapes[operation['input']['shape']]['members'])
    word = {True: 'repository', False: 'registry'}
    return [f'{service}:{name.lower()}:{word[scope]}' for name, scope in scopes.items()]
print(json.dumps({
    'actions': actions('ecr', 'ecr/2015-09-21') + actions('ecr-public', 'ecr-public/2020-10-30'),
    'domains': [p['outputs']['dnsSuffix'] for p in partitions],
    'regions': [r for p in partitions for r in p['regions'] if not r.endswith('-global')],
    'names': model['shapes']['UpstreamRegistry']['enum'],
    'hosts': [host.replace('&lt;', '<').replace('&gt;', '>') for _, host in hosts],
}))
";

pub(crate) fn run() -> Result<Tally, Failure> {
    let mut tally = Tally::default();
    tally.add(published()?);
    tally.add(backends()?);
    tally.add(event_targets()?);
    tally.add(super::replacement::run()?);
    tally.add(super::typings::run()?);
    Ok(tally)
}

/// The texts in quotes in the table of a file.
fn table(file: &str) -> Result<BTreeSet<String>, Failure> {
    let path = tools::root().join("crates").join(file);
    let text = fs::read_to_string(&path).map_err(Failure::file(&path))?;
    let constants = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    let constants = constants.take_while(|line| !line.contains("fn ")).collect::<String>();
    Ok(constants.split('"').skip(1).step_by(2).map(str::to_owned).collect())
}

/// The actions in the table of a file, each with its service and what it is about, in lower case as
/// cfn-lint has them.
fn actions(file: &str) -> Result<BTreeSet<String>, Failure> {
    let path = tools::root().join("crates").join(file);
    let text = fs::read_to_string(&path).map_err(Failure::file(&path))?;
    let (mut service, mut scope) = ("", "");
    let mut actions = BTreeSet::new();
    for line in text.lines().map(str::trim) {
        if let Some(prefix) = line.strip_prefix("prefix: \"") {
            service = prefix.trim_end_matches("\",");
        } else if line.starts_with("on_repository:") {
            scope = "repository";
        } else if line.starts_with("on_registry:") {
            scope = "registry";
        } else if line == "];" || line == "};" {
            scope = "";
        } else if let Some(name) = line.strip_prefix('"').and_then(|it| it.strip_suffix("\","))
            && !scope.is_empty()
        {
            actions.insert(format!("{service}:{}:{scope}", name.to_ascii_lowercase()));
        }
    }
    Ok(actions)
}

/// Regions, upstream registries and domains, by botocore; actions, by cfn-lint and botocore.
fn published() -> Result<Tally, Failure> {
    if !tools::has("python3") {
        return missing("python3, which runs botocore");
    }
    let python = tools::pip("cfn-lint")?.join("python");
    let output = tools::run(Command::new(python).args(["-c", PUBLISHED]))?;
    let found: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
    let mut tally = Tally::default();
    for (key, file) in [
        ("regions", "ecrane-core/src/facts/regions.rs"),
        ("names", "ecrane-core/src/facts/upstreams.rs"),
        ("hosts", "ecrane-core/src/facts/upstreams.rs"),
        ("domains", "ecrane-core/src/facts/service_domains.rs"),
        ("actions", "ecrane-core/src/facts/actions.rs"),
    ] {
        let here = if key == "actions" { actions(file)? } else { table(file)? };
        let there = found.get(key).and_then(Value::as_array).into_iter().flatten();
        let there: BTreeSet<_> = there.filter_map(Value::as_str).map(str::to_owned).collect();
        let missing: Vec<_> = there.difference(&here).collect();
        if !missing.is_empty() || there.is_empty() {
            say(format_args!("{file} lacks the {key} {missing:?} of botocore"))?;
        }
        tally.add(Tally::one(missing.is_empty() && !there.is_empty()));
        // The partitions stand beside the regions.
        let gone = here.difference(&there).filter(|region| !region.starts_with("aws"));
        let gone: Vec<_> = gone.collect();
        if matches!(key, "regions" | "actions") && !gone.is_empty() {
            say(format_args!("{file} has the {key} {gone:?}, which botocore lacks"))?;
            tally.failed += 1;
        }
    }
    Ok(tally)
}

/// The targets of `aws-events-targets`, by file: the service in their ARN if they have a role, or
/// nothing if they have a policy of their own or take either.
const TARGETS: [(&str, Option<&str>); 18] = [
    ("api-destination", Some("events")),
    ("api-gateway", None),
    ("api-gatewayv2", None),
    ("appsync", Some("appsync")),
    ("aws-api", None),
    ("batch", Some("batch")),
    ("codebuild", Some("codebuild")),
    ("codepipeline", Some("codepipeline")),
    ("ecs-task", Some("ecs")),
    ("event-bus", Some("events")),
    ("firehose", Some("firehose")),
    ("kinesis-stream", Some("kinesis")),
    ("lambda", None),
    ("log-group", None),
    ("redshift-query", Some("redshift")),
    ("sns", None),
    ("sqs", None),
    ("state-machine", Some("states")),
];

/// The targets that need a role, by the AWS CDK.
fn event_targets() -> Result<Tally, Failure> {
    if !tools::has("npm") {
        return missing("npm, which installs the AWS CDK");
    }
    let file = "ecrane-core/src/facts/event_targets.rs";
    let folder = tools::npm("cdk")?.join("node_modules/aws-cdk-lib/aws-events-targets/lib");
    let here = table(file)?;
    let mut tally = Tally::default();
    for entry in fs::read_dir(&folder).map_err(Failure::file(&folder))? {
        let path = entry.map_err(Failure::file(&folder))?.path();
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let is_part = matches!(
            name.as_str(),
            "index" | "util" | "ecs-task-properties" | "log-group-resource-policy"
        );
        if is_part || path.extension().is_none_or(|extension| extension != "js") {
            continue;
        }
        let known = TARGETS.iter().find(|(target, _)| *target == name);
        let text = fs::read_to_string(&path).map_err(Failure::file(&path))?;
        let right = match known {
            Some((_, Some(service))) => {
                text.contains("singletonEventRole") && here.contains(*service)
            }
            Some((_, None)) => true,
            None => false,
        };
        if !right {
            say(format_args!("{file} does not agree with `{name}` of aws-events-targets"))?;
        }
        tally.add(Tally::one(right));
    }
    Ok(tally)
}

/// The types of backends, by Terraform.
fn backends() -> Result<Tally, Failure> {
    if !tools::has("terraform") {
        return missing("terraform, which knows its backends");
    }
    let folder = tools::target().join("xtask/facts");
    let mut tally = Tally::default();
    let kinds = table("ecrane-terraform/src/backend_kinds.rs")?;
    if knows(&folder, "none-of-them")? || kinds.is_empty() {
        say("terraform does not refuse an unknown backend")?;
        tally.failed += 1;
    }
    for kind in kinds {
        let known = knows(&folder, &kind)?;
        // `oci` is new in Terraform 1.12.
        if !known && kind != "oci" {
            say(format_args!("terraform has no backend `{kind}`"))?;
        }
        tally.add(Tally::one(known || kind == "oci"));
    }
    Ok(tally)
}

fn knows(folder: &Path, kind: &str) -> Result<bool, Failure> {
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(Failure::file(folder))?;
    }
    fs::create_dir_all(folder).map_err(Failure::file(folder))?;
    let settings = folder.join("terraformrc");
    fs::write(&settings, Source::find().settings()).map_err(Failure::file(&settings))?;
    let module = folder.join("main.tf.json");
    let text = serde_json::json!({ "terraform": { "backend": { kind: {} } } }).to_string();
    fs::write(&module, text).map_err(Failure::file(&module))?;
    let mut command = Command::new("terraform");
    isolate(&mut command).env("TF_CLI_CONFIG_FILE", &settings).current_dir(folder);
    let output = tools::output(command.args(["init", "-input=false", "-no-color"]))?;
    let said = [output.stdout, output.stderr].concat();
    Ok(!String::from_utf8_lossy(&said).contains("no backend type"))
}
