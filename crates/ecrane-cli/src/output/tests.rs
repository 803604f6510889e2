//! The guarantees of the writer, on a real file system.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};

use ecrane_core::Explain;
use tempfile::TempDir;

use super::*;

impl Content for String {
    fn write(&self, text: &mut Vec<u8>) -> io::Result<()> {
        text.extend(self.as_bytes());
        Ok(())
    }
}

fn files(entries: &[(&str, &str)]) -> Files<'static> {
    entries
        .iter()
        .map(|(path, text)| {
            let content: Box<dyn Content> = Box::new((*text).to_owned());
            (RelativePath::try_from((*path).to_owned()).unwrap(), content)
        })
        .collect()
}

fn temp() -> TempDir {
    tempfile::tempdir().unwrap()
}

fn codes(result: Result<Written, Vec<OutputError>>) -> Vec<&'static str> {
    result.unwrap_err().iter().map(Explain::code).collect()
}

fn write_all(dir: &Path, entries: &[(&str, &str)]) -> Result<Written, Vec<OutputError>> {
    write_with(dir, entries, Existing { stale: Stale::Remove, foreign: Foreign::Refuse })
}

fn write_with(
    dir: &Path,
    entries: &[(&str, &str)],
    existing: Existing,
) -> Result<Written, Vec<OutputError>> {
    write(dir, "test", &files(entries), existing)
}

/// Every file below a folder with its content, and every link with its target.
pub(super) fn contents(dir: &Path) -> Vec<(String, String)> {
    fn visit(top: &Path, dir: &Path, found: &mut Vec<(String, String)>) {
        for entry in fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(top).unwrap().display().to_string();
            if path.is_symlink() {
                found.push((name, format!("-> {}", fs::read_link(&path).unwrap().display())));
            } else if path.is_dir() {
                found.push((name + "/", String::new()));
                visit(top, &path, found);
            } else {
                found.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    let mut found = Vec::new();
    visit(dir, dir, &mut found);
    found.sort();
    found
}

fn names(dir: &Path) -> Vec<String> {
    contents(dir).into_iter().map(|(name, _)| name).collect()
}

#[test]
fn writes_into_a_new_folder() {
    let temp = temp();
    let dir = temp.path().join("a/b");
    let written = write_all(&dir, &[("x.json", "1"), ("s/main.tf.json", "2")]).unwrap();
    assert_eq!(written, Written { changed: 2, ..Written::default() });
    assert_eq!(names(&dir), [".ecrane.json", "s/", "s/main.tf.json", "x.json"]);
    // As any other program writes files.
    let probe = temp.path().join("probe");
    fs::write(&probe, "").unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode();
    assert_eq!(mode(&dir.join("x.json")), mode(&probe));
}

#[test]
fn leaves_alone_what_is_as_it_should_be() {
    let temp = temp();
    write_all(temp.path(), &[("x", "1"), ("y", "1")]).unwrap();
    let inode = |name: &str| fs::metadata(temp.path().join(name)).unwrap().ino();
    let (x, record) = (inode("x"), inode(RECORD));
    let written = write_all(temp.path(), &[("x", "1"), ("y", "2")]).unwrap();
    assert_eq!(written, Written { changed: 1, unchanged: 1, ..Written::default() });
    assert_eq!(inode("x"), x);
    assert_ne!(inode(RECORD), record);
    let record = inode(RECORD);
    write_all(temp.path(), &[("x", "1"), ("y", "2")]).unwrap();
    assert_eq!(inode(RECORD), record);
}

#[test]
fn refuses_every_file_of_somebody_else_and_changes_nothing() {
    let temp = temp();
    let dir = temp.path();
    write_all(dir, &[("x", "1"), ("y", "1")]).unwrap();
    fs::write(dir.join("y"), "by hand").unwrap();
    fs::write(dir.join("z"), "not ours").unwrap();
    fs::create_dir(dir.join("folder")).unwrap();
    let before = contents(dir);
    let wanted =
        [("x", "2"), ("y", "2"), ("z", "2"), ("folder", "2"), ("z/below", "2"), ("new", "2")];
    assert_eq!(
        codes(write_all(dir, &wanted)),
        ["output::not_ours", "output::edited", "output::not_ours", "output::not_ours"]
    );
    assert_eq!(contents(dir), before);
}

#[test]
fn removes_stale_files_of_its_own_only() {
    let temp = temp();
    let dir = temp.path();
    write_all(dir, &[("a/main.tf.json", "1"), ("b/main.tf.json", "1"), ("c", "1"), ("d", "1")])
        .unwrap();
    let existing = Existing { stale: Stale::Remove, foreign: Foreign::Refuse };
    write(dir, "other", &files(&[("e", "1")]), existing).unwrap();
    fs::write(dir.join("a/terraform.tfstate"), "state").unwrap();
    fs::write(dir.join("c"), "by hand").unwrap();
    let written = write_all(dir, &[("d", "1")]).unwrap();
    assert_eq!(
        written,
        Written { unchanged: 1, removed: 2, kept: vec![dir.join("c")], ..Written::default() }
    );
    assert_eq!(names(dir), [".ecrane.json", "a/", "a/terraform.tfstate", "c", "d", "e"]);
    // From now on, the file does not belong to ecrane.
    assert_eq!(codes(write_all(dir, &[("c", "2"), ("d", "1")])), ["output::not_ours"]);
}

#[test]
fn keeps_what_a_partial_run_does_not_write() {
    let temp = temp();
    write_all(temp.path(), &[("a", "1"), ("b", "1")]).unwrap();
    let existing = Existing { stale: Stale::Keep, foreign: Foreign::Refuse };
    let written = write_with(temp.path(), &[("a", "2")], existing).unwrap();
    assert_eq!(written, Written { changed: 1, ..Written::default() });
    assert_eq!(names(temp.path()), [".ecrane.json", "a", "b"]);
    // The next complete run still knows that the file belongs to ecrane.
    assert_eq!(write_all(temp.path(), &[("a", "2")]).unwrap().removed, 1);
}

#[test]
fn replaces_files_of_others_where_the_folder_belongs_to_the_app() {
    let temp = temp();
    let dir = temp.path();
    write_all(dir, &[("edited", "1"), ("gone/main", "1")]).unwrap();
    for (path, text) in [("edited", "by hand"), ("foreign", "1"), ("beside", "1")] {
        fs::write(dir.join(path), text).unwrap();
    }
    fs::create_dir(dir.join("folder")).unwrap();
    let existing = Existing { stale: Stale::Leave, foreign: Foreign::Replace };
    let before = contents(dir);
    // A directory is not a file that an app wrote.
    let wanted = [("edited", "2"), ("foreign", "2"), ("folder", "2")];
    assert_eq!(codes(write_with(dir, &wanted, existing)), ["output::not_ours"]);
    assert_eq!(contents(dir), before);

    let written = write_with(dir, &[("edited", "2"), ("foreign", "2")], existing).unwrap();
    assert_eq!(written, Written { changed: 2, ..Written::default() });
    let after = contents(dir);
    for (path, text) in [("edited", "2"), ("foreign", "2"), ("beside", "1"), ("gone/main", "1")] {
        assert!(after.contains(&(path.to_owned(), text.to_owned())), "{path}: {after:?}");
    }
    // The remaining files no longer belong to ecrane, and no later run removes them.
    assert_eq!(write_all(dir, &[("edited", "2"), ("foreign", "2")]).unwrap().removed, 0);
    assert!(dir.join("gone/main").exists());
}

#[test]
fn never_follows_a_link_out_of_the_folder() {
    let temp = temp();
    let (dir, outside) = (temp.path().join("out"), temp.path().join("outside"));
    fs::create_dir(&dir).unwrap();
    fs::create_dir(&outside).unwrap();
    fs::write(outside.join("f"), "theirs").unwrap();
    symlink(&outside, dir.join("folder")).unwrap();
    symlink("nowhere", dir.join("dangling")).unwrap();
    symlink(outside.join("f"), dir.join("file")).unwrap();
    let before = contents(temp.path());
    for (path, code) in [
        ("folder/f", "output::leads_outside"),
        ("folder/new", "output::leads_outside"),
        ("dangling/new", "output::leads_outside"),
        ("file", "output::not_ours"),
        ("dangling", "output::not_ours"),
    ] {
        assert_eq!(codes(write_all(&dir, &[(path, "1")])), [code], "{path}");
        assert_eq!(contents(temp.path()), before, "{path}");
    }
    for name in [RECORD, ".ecrane.staging"] {
        symlink(&outside, dir.join(name)).unwrap();
        assert_eq!(codes(write_all(&dir, &[("x", "1")])), ["output::not_ours"], "{name}");
        fs::remove_file(dir.join(name)).unwrap();
    }
    assert_eq!(contents(temp.path()), before);
}

#[test]
fn a_link_as_the_folder_itself_is_followed() {
    let temp = temp();
    fs::create_dir(temp.path().join("real")).unwrap();
    symlink("real", temp.path().join("link")).unwrap();
    write_all(&temp.path().join("link"), &[("x", "1")]).unwrap();
    assert_eq!(names(&temp.path().join("real")), [".ecrane.json", "x"]);
}

#[test]
fn a_record_cannot_point_outside() {
    let temp = temp();
    let dir = temp.path().join("out");
    fs::write(temp.path().join("victim"), "1").unwrap();
    write_all(&dir, &[("x", "1")]).unwrap();
    let record = fs::read_to_string(dir.join(RECORD)).unwrap();
    fs::write(dir.join(RECORD), record.replace("\"x\"", "\"../victim\"")).unwrap();
    assert_eq!(codes(write_all(&dir, &[("y", "1")])), ["output::record_malformed"]);
    assert_eq!(names(temp.path()), ["out/", "out/.ecrane.json", "out/x", "victim"]);
}

#[test]
fn a_folder_that_is_a_file() {
    let temp = temp();
    let dir = temp.path().join("out");
    fs::write(&dir, "a file").unwrap();
    assert_eq!(codes(write_all(&dir, &[("x", "1")])), ["output::not_a_folder"]);
    assert_eq!(codes(write_all(&dir.join("below"), &[("x", "1")])), ["output::io"]);
    assert_eq!(fs::read_to_string(&dir).unwrap(), "a file");
}

#[test]
fn a_refused_run_leaves_no_new_folder() {
    let temp = temp();
    fs::write(temp.path().join("file"), "").unwrap();
    let long = "x".repeat(300);
    assert_eq!(
        codes(write_all(&temp.path().join("a/b"), &[(&long, "1")])),
        ["output::io"],
        "a name that no file system takes"
    );
    assert_eq!(names(temp.path()), ["file"]);
}

/// The identity of the directory, by which an exchange is seen.
fn identity(dir: &Path) -> (u64, u32) {
    let found = fs::metadata(dir).unwrap();
    (found.ino(), found.permissions().mode())
}

#[test]
#[cfg(any(target_os = "linux", target_os = "macos"))]
fn a_folder_of_our_files_is_exchanged_as_a_whole() {
    let temp = temp();
    let dir = temp.path().join("out");
    let old = [("a/main", "1"), ("b/c/main", "1"), ("same/main", "1"), ("x", "1")];
    write_all(&dir, &old).unwrap();
    fs::set_permissions(&dir, fs::Permissions::from_mode(0o750)).unwrap();
    let (before, same) = (identity(&dir), identity(&dir.join("same/main")));
    let new = [("a/main", "2"), ("d", "2"), ("same/main", "1"), ("x", "2")];
    let written = write_all(&dir, &new).unwrap();
    assert_eq!(written, Written { changed: 3, unchanged: 1, removed: 1, ..Written::default() });
    let after = identity(&dir);
    assert!(after.0 != before.0 && after.1 == before.1, "{before:?}, {after:?}");
    assert_eq!(identity(&dir.join("same/main")), same);
    assert_eq!(names(&dir), [".ecrane.json", "a/", "a/main", "d", "same/", "same/main", "x"]);
    assert_eq!(names(temp.path()).len(), 8, "nothing is left beside it");
    assert_eq!(write_all(&dir, &new).unwrap().unchanged, 4);
}

#[test]
fn a_folder_with_other_things_is_not_exchanged() {
    for thing in ["a/terraform.tfstate", "empty/", "link"] {
        let temp = temp();
        let dir = temp.path().join("out");
        write_all(&dir, &[("a/main", "1"), ("b", "1")]).unwrap();
        match thing {
            "empty/" => fs::create_dir(dir.join(thing)).unwrap(),
            "link" => symlink("b", dir.join(thing)).unwrap(),
            _ => fs::write(dir.join(thing), "").unwrap(),
        }
        let before = identity(&dir);
        write_all(&dir, &[("a/main", "2"), ("b", "2")]).unwrap();
        assert_eq!(identity(&dir), before, "{thing}");
        assert!(names(&dir).contains(&thing.to_owned()), "{thing}");
    }
}

#[test]
fn what_a_dead_exchange_has_left_is_removed() {
    let temp = temp();
    let dir = temp.path().join("out");
    write_all(&dir, &[("a", "1")]).unwrap();
    let left = temp.path().join(".out.ecrane.staging");
    fs::create_dir_all(left.join("b")).unwrap();
    fs::write(left.join("b/main"), "2").unwrap();
    write_all(&dir, &[("a", "2")]).unwrap();
    assert_eq!(names(temp.path()), ["out/", "out/.ecrane.json", "out/a"]);
    symlink(&dir, &left).unwrap();
    assert_eq!(codes(write_all(&dir, &[("a", "3")])), ["output::not_ours"]);
    assert_eq!(contents(&dir).last().unwrap().1, "2");
}
