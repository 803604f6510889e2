//! Builds the book in `docs` with mdBook, and checks its links.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::Failure;
use crate::report::{Tally, say};
use crate::tools;

const VERSION: &str = "0.5.4";

pub(super) fn run() -> Result<Tally, Failure> {
    let mdbook = tools::cargo("mdbook", VERSION, "search")?;
    let to = tools::target().join("xtask/book");
    let mut command = Command::new(mdbook);
    command.arg("build").arg(tools::root().join("docs")).arg("--dest-dir").arg(&to);
    let output = tools::run(&mut command)?;
    let log = String::from_utf8_lossy(&output.stderr).into_owned();
    let mut tally = Tally::default();
    let warnings: Vec<_> =
        log.lines().filter(|line| line.contains(" WARN ") || line.contains("ERROR ")).collect();
    for warning in &warnings {
        say(warning)?;
    }
    tally.add(Tally::one(warnings.is_empty()));

    tally.add(Tally::one(has_search_index(&to)?));

    let mut pages = BTreeMap::new();
    read(&to, &mut pages)?;
    for (path, page) in &pages {
        let broken = broken_links(path, page, &pages);
        for link in &broken {
            say(format_args!("{}: {link} leads nowhere", path.display()))?;
        }
        tally.add(Tally::one(broken.is_empty()));
    }
    Ok(tally)
}

/// Whether the search of the book finds the keys of the config.
fn has_search_index(folder: &Path) -> Result<bool, Failure> {
    for entry in fs::read_dir(folder).map_err(Failure::file(folder))? {
        let path = entry.map_err(Failure::file(folder))?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with("searchindex") && name.ends_with(".js") {
            let index = fs::read_to_string(&path).map_err(Failure::file(&path))?;
            return Ok(index.contains("imageScanOnPush"));
        }
    }
    say("the book has no search index")?;
    Ok(false)
}

/// A page: its links, and the places that a link can name.
#[derive(Debug, Default)]
struct Page {
    links: BTreeSet<String>,
    anchors: BTreeSet<String>,
}

fn read(folder: &Path, pages: &mut BTreeMap<PathBuf, Page>) -> Result<(), Failure> {
    for entry in fs::read_dir(folder).map_err(Failure::file(folder))? {
        let path = entry.map_err(Failure::file(folder))?.path();
        let name = path.file_name().unwrap_or_default();
        if path.is_dir() {
            read(&path, pages)?;
        // These repeat the links of all pages, as if they stood elsewhere.
        } else if path.extension().is_some_and(|it| it == "html")
            && !["print.html", "toc.html", "404.html"].iter().any(|other| name == *other)
        {
            let text = fs::read_to_string(&path).map_err(Failure::file(&path))?;
            let page =
                Page { links: attributes(&text, " href=\""), anchors: attributes(&text, " id=\"") };
            pages.insert(path, page);
        }
    }
    Ok(())
}

fn attributes(html: &str, name: &str) -> BTreeSet<String> {
    let values = html.split(name).skip(1).filter_map(|rest| rest.split('"').next());
    values.map(|value| value.replace("&amp;", "&")).collect()
}

/// The links to files and headings that do not exist. Pages of other sites are not looked at.
fn broken_links<'p>(
    path: &Path,
    page: &'p Page,
    pages: &BTreeMap<PathBuf, Page>,
) -> Vec<&'p String> {
    let leads_somewhere = |link: &&String| {
        if link.contains("://") || link.starts_with("mailto:") {
            return true;
        }
        let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
        let target = if file.is_empty() { path.to_owned() } else { resolve(path, file) };
        match pages.get(&target) {
            Some(page) => anchor.is_empty() || page.anchors.contains(anchor),
            None => anchor.is_empty() && target.is_file(),
        }
    };
    page.links.iter().filter(|link| !leads_somewhere(link)).collect()
}

/// The file that a relative link of a page names.
fn resolve(page: &Path, link: &str) -> PathBuf {
    let mut path = page.to_owned();
    path.pop();
    for part in link.split('/') {
        match part {
            ".." => {
                path.pop();
            }
            "." | "" => {}
            name => path.push(name),
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_needs_its_page_and_its_heading() {
        let page = |html: &str| Page {
            links: attributes(html, " href=\""),
            anchors: attributes(html, " id=\""),
        };
        let pages: BTreeMap<_, _> = [
            ("/b/a.html", "<h1 id=\"a\"><a href=\"x/c.html#c\"><a href=\"x/c.html#d\"><a href=\"e.html\">"),
            ("/b/x/c.html", "<h1 id=\"c\"><a href=\"../a.html#a\"><a href=\"#c\"><a href=\"https://aws.amazon.com\">"),
        ]
        .into_iter()
        .map(|(path, html)| (PathBuf::from(path), page(html)))
        .collect();
        let broken = |path: &str| {
            let (path, page) = pages.get_key_value(Path::new(path)).unwrap();
            broken_links(path, page, &pages)
        };
        assert_eq!(broken("/b/a.html"), ["e.html", "x/c.html#d"]);
        assert!(broken("/b/x/c.html").is_empty());
    }
}
