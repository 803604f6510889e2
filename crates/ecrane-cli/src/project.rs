//! The folder in which CDKTF keeps local states: that in which its app runs.

use std::io;
use std::path::{Component, Path, PathBuf};

/// The project folder as a stack of the layout `cdktf` in `out` finds it.
///
/// Terraform takes another text for another backend, and stops. So where the CLI runs the app it is
/// what an app of CDKTF writes, an absolute path, and a project of CDKTF goes on with its states.
/// Otherwise the output is to be the same wherever the project is, and the path leads up from the
/// folder of a stack, while that is below the project.
pub(crate) fn project_of(out: &Path, run_by_cli: bool) -> io::Result<String> {
    let project = std::env::current_dir()?.canonicalize()?;
    let above = if run_by_cli { None } else { depth_below(&project, &real(out)?) };
    Ok(match above {
        // Two folders more: `stacks`, and that of the stack.
        Some(depth) => vec![".."; depth + 2].join("/"),
        None => project.display().to_string(),
    })
}

fn depth_below(project: &Path, out: &Path) -> Option<usize> {
    Some(out.strip_prefix(project).ok()?.components().count())
}

/// The path without links, as far as it exists.
fn real(path: &Path) -> io::Result<PathBuf> {
    let path = std::path::absolute(path)?;
    let mut real = PathBuf::new();
    for component in path.components() {
        if component == Component::ParentDir {
            real.pop();
        } else {
            real.push(component);
        }
        if let Ok(found) = real.canonicalize() {
            real = found;
        }
    }
    Ok(real)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_the_folders_in_between() {
        let project = Path::new("/a/project");
        for (out, depth) in [
            ("/a/project", Some(0)),
            ("/a/project/cdktf.out", Some(1)),
            ("/a/project/build/out", Some(2)),
            ("/a/projects/out", None),
            ("/elsewhere", None),
        ] {
            assert_eq!(depth_below(project, Path::new(out)), depth, "{out}");
        }
    }
}
