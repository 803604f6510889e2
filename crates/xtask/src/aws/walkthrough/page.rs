//! What a page has its reader do, in order.

use std::path::Path;

/// Languages of blocks that a reader only reads, or that another test runs: those in Rust and TOML are
/// documentation of the library.
const READ_ONLY: [&str; 3] = ["rust", "text", "toml"];

/// What a reader does.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Writes a file.
    File { name: String, text: String },
    /// Runs a command, which succeeds or fails, and prints what the page shows.
    Command { line: String, fails: bool, shown: String },
    /// Runs a script, some of whose commands may fail.
    Script { text: String },
    /// There is no way to tell.
    Unknown { block: String },
}

/// The steps of a page, in its order. Files that readers do not see come first.
///
/// | in the page | |
/// |---|---|
/// | `<!-- file NAME` | a file that the reader has already |
/// | `<!-- before` | commands for what there is already, or that nobody types: a role, a deployed stack |
/// | a block of `console` | commands after `$ `, and what they print; with the word `fails`, the last one fails |
/// | a block of `sh` | a script |
/// | a block in YAML whose first line is the comment `# NAME`, or another one with a name after the language | a file |
pub(super) fn steps(page: &str) -> Vec<Step> {
    let (mut files, mut steps) = (Vec::new(), Vec::new());
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        let line = line.trim_start();
        if let Some(name) = line.strip_prefix("<!-- file ") {
            let text = unindented(lines.by_ref().take_while(|line| line.trim_start() != "-->"));
            files.push(Step::File { name: name.to_owned(), text });
        } else if line == "<!-- before" {
            let text = unindented(lines.by_ref().take_while(|line| line.trim_start() != "-->"));
            steps.extend(commands(&text, ""));
        } else if let Some(info) = line.strip_prefix("```") {
            let text = unindented(lines.by_ref().take_while(|line| line.trim_start() != "```"));
            steps.extend(block(info, text));
        }
    }
    files.append(&mut steps);
    files
}

/// The steps of a fenced block.
fn block(info: &str, text: String) -> Vec<Step> {
    let (language, word) = info.split_once(' ').unwrap_or((info, ""));
    let file = |name: &str| match Path::new(name).extension() {
        Some(_) if !name.contains(' ') => {
            vec![Step::File { name: name.to_owned(), text: text.clone() }]
        }
        _ => Vec::new(),
    };
    match language {
        "console" if ["", "fails"].contains(&word) => commands(&text, word),
        "sh" => vec![Step::Script { text }],
        "json" | "typescript" | "hcl" => file(word),
        "yaml" => file(text.lines().next().and_then(|it| it.strip_prefix("# ")).unwrap_or("")),
        other if READ_ONLY.contains(&other) => Vec::new(),
        _ => vec![Step::Unknown { block: format!("```{info}") }],
    }
}

/// The commands of a block.
fn commands(text: &str, word: &str) -> Vec<Step> {
    let (mut found, mut goes_on) = (Vec::<(String, String)>::new(), false);
    for line in text.lines() {
        match (line.strip_prefix("$ "), found.last_mut()) {
            (Some(line), _) => found.push((line.to_owned(), String::new())),
            (None, Some((last, _))) if goes_on => {
                last.push('\n');
                last.push_str(line);
            }
            (None, Some((_, shown))) => {
                shown.push_str(line);
                shown.push('\n');
                continue;
            }
            (None, None) => return vec![Step::Unknown { block: text.to_owned() }],
        }
        goes_on = line.ends_with('\\');
    }
    let last = found.len().saturating_sub(1);
    let steps = found.into_iter().enumerate().map(|(index, (line, shown))| {
        let fails = word == "fails" && index == last;
        Step::Command { line, fails, shown: shown.trim_end().to_owned() }
    });
    steps.collect()
}

/// Lines without the indentation of the first one.
fn unindented<'l>(lines: impl Iterator<Item = &'l str>) -> String {
    let lines: Vec<&str> = lines.collect();
    let indent = lines.first().map_or(0, |it| it.len() - it.trim_start_matches(' ').len());
    let lines = lines.iter().map(|line| line.get(indent..).unwrap_or_default());
    lines.flat_map(|line| [line, "\n"]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_a_reader_does() {
        let page = "<!-- before\n$ aws a\n-->\n\n<!-- file a.json\n{}\n-->\n\n1. x\n\n   ```yaml\n   # \
                    b.yaml\n   k: 1\n   ```\n\n   ```console fails\n   $ one \\\n       two\n   said\n\n   more\n   $ \
                    three\n   ```\n\n```sh\nx\n```\n```typescript c.ts\ny\n```\n```json\n{}\n```\n```brainfuck\n```\n";
        let file = |name: &str, text: &str| Step::File { name: name.into(), text: text.into() };
        let command = |line: &str, fails, shown: &str| Step::Command {
            line: line.into(),
            fails,
            shown: shown.into(),
        };
        assert_eq!(
            steps(page),
            [
                file("a.json", "{}\n"),
                command("aws a", false, ""),
                file("b.yaml", "# b.yaml\nk: 1\n"),
                command("one \\\n    two", false, "said\n\nmore"),
                command("three", true, ""),
                Step::Script { text: "x\n".into() },
                file("c.ts", "y\n"),
                Step::Unknown { block: "```brainfuck".into() },
            ]
        );
    }
}
