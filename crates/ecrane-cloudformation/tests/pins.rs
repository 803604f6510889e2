//! Pinned logical ids.

#![expect(clippy::unwrap_used, reason = "tests")]

use ecrane_cloudformation::{Options, render};
use ecrane_construct::{App, Repository, RepositoryProps, Role, RoleProps, Stack, StackProps};
use ecrane_core::Addresses;
use ecrane_core::{File, Style};
use serde_json::{Value, json};

fn pinned(id: &str) -> Addresses {
    Addresses::pinned_to("cloudformation", id)
}

fn repository(id: &str) -> RepositoryProps {
    RepositoryProps { addresses: pinned(id), ..RepositoryProps::default() }
}

fn templates(app: &App) -> Vec<Value> {
    let graph = app.build().unwrap();
    let options = Options::default();
    let files = render(&graph, &options).unwrap().files;
    let json = |file: &File<'_>| serde_json::from_slice(&file.to_vec(Style::Compact).unwrap());
    files.iter().map(|file| json(file).unwrap()).collect()
}

#[test]
fn references_follow_a_pinned_id() {
    let app = App::default();
    let images = Stack::new(&app, "Images", StackProps::default());
    let builds = Stack::new(&app, "Builds", StackProps::default());
    let service = ecrane_construct::Principal::service("codebuild.amazonaws.com");
    let role = |stack: &Stack, id: &str| {
        let props = RoleProps { addresses: pinned(id), ..RoleProps::assumed_by(service.clone()) };
        Role::new(stack, "CiRole", props)
    };
    let app_repository = Repository::new(&images, "App", repository("LegacyApp"));
    app_repository.grant_pull(&role(&images, "LegacyRole"));
    app_repository.grant_pull(&role(&builds, "OtherRole"));
    let [images, builds] = templates(&app).try_into().unwrap();
    let resources = images["Resources"].as_object().unwrap();
    let ids: Vec<&String> = resources.keys().collect();
    // The policy keeps the id and the name that follow from its own path.
    assert_eq!(ids, ["LegacyApp", "LegacyRole", "CiRoleDefaultPolicy75A45C3F"]);
    let policy = &resources["CiRoleDefaultPolicy75A45C3F"]["Properties"];
    assert_eq!(policy["PolicyName"], "CiRoleDefaultPolicy75A45C3F");
    assert_eq!(policy["Roles"], json!([{ "Ref": "LegacyRole" }]));
    assert!(policy.to_string().contains(r#"{"Fn::GetAtt":["LegacyApp","Arn"]}"#), "{policy}");
    let (output, export) = images["Outputs"].as_object().unwrap().iter().next().unwrap();
    assert!(output.starts_with("ExportsOutputFnGetAttLegacyAppArn"), "{output}");
    let import = json!({ "Fn::ImportValue": export["Export"]["Name"] }).to_string();
    assert!(builds.to_string().contains(&import), "{builds}");
}

#[test]
fn ids_that_cannot_be_are_refused() {
    let app = App::default();
    let stack = Stack::new(&app, "Images", StackProps::default());
    for (id, pin) in [("A", "with-dash"), ("B", ""), ("C", "One"), ("D", "One"), ("E", "É")] {
        Repository::new(&stack, id, repository(pin));
    }
    let graph = app.build().unwrap();
    let problems = render(&graph, &Options::default()).unwrap_err();
    let told: Vec<String> =
        problems.iter().map(|p| format!("{} {}", p.fact.code(), p.place)).collect();
    let at = |id: &str| format!("/stacks/Images/repositories/{id}/logicalId");
    let malformed = "cloudformation::logical_id_pin_malformed";
    assert_eq!(
        told,
        [
            format!("{malformed} {}", at("A")),
            format!("{malformed} {}", at("B")),
            format!("cloudformation::logical_id_taken {}", at("D")),
            format!("{malformed} {}", at("E")),
        ]
    );
}
