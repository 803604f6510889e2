//! What to do with the output of a run.

use std::path::Path;

use ecrane_core::StackNode;

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
            let file = |end: &str| word(&folder.join(format!("{}.{end}", first.output_name)));
            let deploy = format!(
                "`aws cloudformation deploy{region} --stack-name {name} --template-file {} \
                 --capabilities CAPABILITY_NAMED_IAM`",
                file("template.json"),
            );
            if imports {
                format!(
                    "`aws cloudformation create-change-set{region} --stack-name {name} \
                     --change-set-name import --change-set-type IMPORT \
                     --template-body file://{} --resources-to-import file://{} \
                     --capabilities CAPABILITY_NAMED_IAM`, then \
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
            let module = word(&folder.join(&first.output_name));
            format!("`terraform -chdir={module} init`, then `terraform -chdir={module} apply`")
        }
    };
    Some(match stacks.len() {
        1 => format!("next: {command}"),
        count => format!("next: {command}, and so on for the {count} stacks"),
    })
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
