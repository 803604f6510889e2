//! The codes and the variants of diagnostics, as the sources of the crates name them.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, Group, Literal, TokenStream, TokenTree};

/// What the sources name.
#[derive(Default)]
pub(crate) struct Sources {
    /// Every string literal that reads like a code, outside of attributes, comments and tests.
    pub(crate) codes: BTreeSet<String>,
    /// The beginning and the end of codes that `concat!` makes of a macro's arguments.
    pub(crate) patterns: BTreeSet<(String, String)>,
    /// `Type::Variant`, or `Type` of a struct, of every type that implements `Explain`.
    pub(crate) variants: BTreeSet<String>,
}

/// Reads the sources of all crates.
pub(crate) fn read(crates: &Path) -> Sources {
    let mut sources = Sources::default();
    for entry in fs::read_dir(crates).unwrap() {
        let folder = entry.unwrap().path().join("src");
        if folder.is_dir() {
            for file in files(&folder) {
                let text = fs::read_to_string(&file).unwrap();
                let tokens = text.parse().unwrap_or_else(|e| panic!("{}: {e}", file.display()));
                sources.file(tokens);
            }
        }
    }
    sources
}

/// The Rust files of a folder, without those of test modules.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|it| it == "rs") && !path.ends_with("tests.rs") {
            found.push(path);
        }
    }
    found
}

/// Whether a text has the form of a code, in whatever spelling.
fn is_code(text: &str) -> bool {
    text.split_once("::").is_some_and(|(area, word)| {
        !area.is_empty()
            && area.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
            && word.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
    })
}

/// The text of a literal that is a string without escape sequences.
fn text(literal: &Literal) -> Option<String> {
    Some(literal.to_string().strip_prefix('"')?.strip_suffix('"')?.to_owned())
}

fn is_ident(token: Option<&TokenTree>, name: &str) -> bool {
    matches!(token, Some(TokenTree::Ident(ident)) if ident == name)
}

fn is_punct(token: Option<&TokenTree>, punct: char) -> bool {
    matches!(token, Some(TokenTree::Punct(it)) if it.as_char() == punct)
}

fn group(token: Option<&TokenTree>, delimiter: Delimiter) -> Option<&Group> {
    let Some(TokenTree::Group(group)) = token else { return None };
    (group.delimiter() == delimiter).then_some(group)
}

/// The tokens without attributes, without doc comments, which are attributes, too, and without
/// the items under `#[cfg(test)]`.
fn code(tokens: TokenStream) -> Vec<TokenTree> {
    let tokens: Vec<_> = tokens.into_iter().collect();
    let mut kept = Vec::new();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let is_inner = is_punct(tokens.get(at + 1), '!');
        let attribute = group(tokens.get(at + 1 + usize::from(is_inner)), Delimiter::Bracket);
        let Some(attribute) = attribute.filter(|_| is_punct(Some(token), '#')) else {
            kept.push(token.clone());
            at += 1;
            continue;
        };
        at += 2 + usize::from(is_inner);
        if attribute.stream().to_string().replace(' ', "") == "cfg(test)" {
            while let Some(token) = tokens.get(at) {
                at += 1;
                if is_punct(Some(token), ';') || group(Some(token), Delimiter::Brace).is_some() {
                    break;
                }
            }
        }
    }
    kept
}

impl Sources {
    fn file(&mut self, tokens: TokenStream) {
        let tokens = code(tokens);
        for at in 0..tokens.len() {
            let next = |n: usize| tokens.get(at + n);
            if is_ident(next(0), "impl") && is_ident(next(1), "Explain") && is_ident(next(2), "for")
            {
                let name = next(3).unwrap().to_string();
                self.variants.extend(variants(&tokens, &name));
            }
        }
        self.literals(&tokens);
    }

    fn literals(&mut self, tokens: &[TokenTree]) {
        for (at, token) in tokens.iter().enumerate() {
            match token {
                TokenTree::Literal(literal) => {
                    self.codes.extend(text(literal).filter(|text| is_code(text)));
                }
                TokenTree::Group(inner) if at > 1 && is_ident(tokens.get(at - 2), "concat") => {
                    self.pattern(inner);
                }
                TokenTree::Group(inner) => self.literals(&code(inner.stream())),
                TokenTree::Ident(_) | TokenTree::Punct(_) => {}
            }
        }
    }

    /// The arguments of `concat!`: a literal, perhaps a variable, and perhaps a literal.
    fn pattern(&mut self, arguments: &Group) {
        let arguments: Vec<_> = arguments.stream().into_iter().collect();
        let literal = |token: Option<&TokenTree>| {
            let Some(TokenTree::Literal(literal)) = token else { return None };
            text(literal)
        };
        let start = literal(arguments.first()).filter(|start| is_code(start));
        let end = literal(arguments.last()).unwrap_or_default();
        self.patterns.extend(start.map(|start| (start, end)));
    }
}

/// The variants of a type that is defined in the file.
fn variants(tokens: &[TokenTree], name: &str) -> Vec<String> {
    let definition = tokens.windows(3).find(|it| {
        (is_ident(it.first(), "enum") || is_ident(it.first(), "struct"))
            && is_ident(it.get(1), name)
    });
    let definition = definition.unwrap_or_else(|| panic!("`{name}` is in another file"));
    let Some(body) = group(definition.get(2), Delimiter::Brace) else {
        return vec![name.to_owned()];
    };
    if is_ident(definition.first(), "struct") {
        return vec![name.to_owned()];
    }
    let body = code(body.stream());
    body.split(|token| is_punct(Some(token), ','))
        .filter_map(|variant| Some(format!("{name}::{}", variant.first()?)))
        .collect()
}
