//! The project directory, in which CDKTF stores local states: the working directory of the app.

use std::io;
use std::path::{Component, Path, PathBuf};

/// The project directory, as the modules of the layout `cdktf` in `out` refer to it. `start` is that
/// directory as seen from the current one, which the config may be above.
///
/// Terraform treats a different path as a different backend, and fails. If the CLI runs the app,
/// the path is therefore absolute, as in the output of a CDKTF app, and an existing project keeps
/// its states. Otherwise it is relative to the directory of a stack, if that is inside the project,
/// so that the output does not depend on the location of the project.
pub(crate) fn project_of(start: &Path, out: &Path, run_by_cli: bool) -> io::Result<String> {
    let project = std::env::current_dir()?.join(start).canonicalize()?;
    let above = if run_by_cli { None } else { depth_below(&project, &real(out)?) };
    Ok(match above {
        // Two levels deeper: `stacks`, and the directory of the stack.
        Some(depth) => vec![".."; depth + 2].join("/"),
        None => project.display().to_string(),
    })
}

fn depth_below(project: &Path, out: &Path) -> Option<usize> {
    Some(out.strip_prefix(project).ok()?.components().count())
}

/// Resolves symbolic links in the existing part of a path.
pub(crate) fn real(path: &Path) -> io::Result<PathBuf> {
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
