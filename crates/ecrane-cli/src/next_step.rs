//! What to do with the output of a run.

use std::path::Path;

use ecrane_core::{StackNode, Targets};

use crate::args::BackendName;
use crate::diagnostics::escape;

/// The command that deploys the first stack of an output in the plain layout. Those of the other
/// stacks are alike.
pub(crate) fn next_step(
    backend: BackendName,
    imports: bool,
    folder: &Path,
    stacks: &[&StackNode],
) -> Option<String> {
    let first = stacks.first()?;
    let command = match backend {
        BackendName::Cloudformation => {
            let region = first.env.region.as_ref().map(|region| format!(" --region {region}"));
            let (region, name) = (region.unwrap_or_default(), &first.name);
            if let Some(targets) = &first.targets {
                return Some(stack_set(first, targets, folder, stacks.len()));
            }
            let file = |end: &str| word(&folder.join(format!("{}.{end}", first.output_name)));
            // The command for the other stacks is alike.
            let needed = stacks.iter().filter_map(|it| ecrane_cloudformation::capability(it)).max();
            let needed = needed.map(|it| format!(" --capabilities {it}")).unwrap_or_default();
            let deploy = format!(
                "`aws cloudformation deploy{region} --stack-name {name} --template-file {}{needed}`",
                file("template.json"),
            );
            if imports {
                format!(
                    "`aws cloudformation create-change-set{region} --stack-name {name} \
                     --change-set-name import --change-set-type IMPORT \
                     --template-body file://{} --resources-to-import file://{}{needed}`, then \
                     `aws cloudformation execute-change-set{region} --stack-name {name} \
                     --change-set-name import`, then {deploy}",
                    file("import-template.json"),
                    file("resources-to-import.json"),
                )
            } else {
                deploy
            }
        }
        BackendName::Terraform => {
            let mut module = folder.join(&first.output_name);
            let targets = first.targets.as_ref();
            let accounts = targets.and_then(|targets| targets.known_accounts());
            if let Some((accounts, targets)) = accounts.zip(targets) {
                module.extend(accounts.first().map(ecrane_core::AccountId::as_str));
                module.extend(targets.regions.first().map(ecrane_core::Region::as_str));
            }
            let module = word(&module);
            format!("`terraform -chdir={module} init`, then `terraform -chdir={module} apply`")
        }
    };
    let modules = |stack: &&StackNode| match &stack.targets {
        Some(it) if backend == BackendName::Terraform => {
            it.known_accounts().map_or(0, <[_]>::len) * it.regions.len()
        }
        Some(_) | None => 1,
    };
    let (count, what) = match stacks.iter().map(modules).sum() {
        count if count == stacks.len() => (count, "stacks"),
        count => (count, "root modules"),
    };
    Some(and_so_on(&command, count, what))
}

fn and_so_on(command: &str, count: usize, what: &str) -> String {
    match count {
        1 => format!("next: {command}"),
        count => format!("next: {command}, and so on for the {count} {what}"),
    }
}

/// The commands that deploy a stack set.
fn stack_set(stack: &StackNode, targets: &Targets, folder: &Path, count: usize) -> String {
    let upload = targets.template_url_prefix.as_ref().map(|url| {
        let templates = word(&folder.join("stack-set-templates"));
        format!("upload {templates} to {url}, then ")
    });
    let file = word(&folder.join(format!("{}.stack-set.json", stack.output_name)));
    let deploy = format!(
        "{}`aws cloudformation deploy --stack-name {} --template-file {file}`",
        upload.unwrap_or_default(),
        stack.name,
    );
    and_so_on(&deploy, count, "stacks")
}

/// A path as a word of a shell command.
fn word(path: &Path) -> String {
    let text = path.display().to_string();
    let is_plain = |c: char| c.is_alphanumeric() || "/._-+@%:,".contains(c);
    if text.chars().all(is_plain) {
        text
    } else {
        escape(&format!("'{}'", text.replace('\'', r"'\''")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_one_word() {
        for (path, expected) in [
            ("ecrane.out/Shop", "ecrane.out/Shop"),
            ("my out/Shop", "'my out/Shop'"),
            ("it's/Shop", r"'it'\''s/Shop'"),
            ("a\u{1b}/Shop", r"'a\u{1b}/Shop'"),
        ] {
            assert_eq!(word(Path::new(path)), expected);
        }
    }
}
