//! Terraform's string templates: the values of the expressions that ecrane writes.
//!
//! These are references (`aws_ecr_repository.app.name`, `data.aws_region.current.name`), quoted
//! texts, and `split(":", …)[n]`. Any other expression has no known value.

use std::borrow::Cow;

/// A piece of a string template.
enum Piece<'t> {
    Text(Cow<'t, str>),
    Expression(&'t str),
}

/// The pieces of a string template. `$${` and `%%{` stand for `${` and `%{`.
fn pieces(template: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = template;
    while let Some(at) = rest.find("${") {
        let (before, from) = rest.split_at(at);
        if let Some(before) = before.strip_suffix('$') {
            pieces.push(Piece::Text(unescape(before)));
            pieces.push(Piece::Text("${".into()));
            rest = from.get(2..).unwrap_or_default();
            continue;
        }
        let inner = from.get(2..).unwrap_or_default();
        let end = end(inner);
        pieces.push(Piece::Text(unescape(before)));
        pieces.push(Piece::Expression(inner.get(..end).unwrap_or_default().trim()));
        rest = inner.get(end + 1..).unwrap_or_default();
    }
    pieces.push(Piece::Text(unescape(rest)));
    pieces
}

fn unescape(text: &str) -> Cow<'_, str> {
    if text.contains("%%{") { text.replace("%%{", "%{").into() } else { text.into() }
}

/// The position of the closing brace of the expression at the beginning of a text.
fn end(text: &str) -> usize {
    let (mut depth, mut quoted, mut escaped) = (0_usize, Vec::new(), false);
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        if std::mem::take(&mut escaped) {
            continue;
        }
        match c {
            '\\' if !quoted.is_empty() => escaped = true,
            // Quotes can be nested in the expressions of a quoted template.
            '"' if quoted.last() == Some(&depth) => drop(quoted.pop()),
            '"' => quoted.push(depth),
            '{' if quoted.last() != Some(&depth) || before == '$' => depth += 1,
            '}' if quoted.last() == Some(&depth) => {}
            '}' if depth == 0 => return at,
            '}' => depth -= 1,
            _ => {}
        }
        before = c;
    }
    text.len()
}

/// The text of a template, if the value of each of its expressions is known.
pub(crate) fn resolve(template: &str, lookup: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    let mut text = String::new();
    for piece in pieces(template) {
        match piece {
            Piece::Text(piece) => text.push_str(&piece),
            Piece::Expression(expression) => text.push_str(&value(expression, lookup)?),
        }
    }
    Some(text)
}

/// The text of a template. `unknown` stands for what has no known value.
pub(crate) fn resolve_all(
    template: &str,
    lookup: &dyn Fn(&str) -> Option<String>,
    unknown: &mut dyn FnMut(&str) -> String,
) -> String {
    let mut text = String::new();
    for piece in pieces(template) {
        match piece {
            Piece::Text(piece) => text.push_str(&piece),
            Piece::Expression(expression) => {
                let known = value(expression, lookup);
                text.push_str(&known.unwrap_or_else(|| unknown(expression)));
            }
        }
    }
    text
}

fn value(expression: &str, lookup: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    if let Some(quoted) = quoted(expression) {
        return resolve(&quoted, lookup);
    }
    if let Some(split) = expression.strip_prefix("split(\":\", ") {
        let (operand, index) = split.rsplit_once(")[")?;
        let index: usize = index.strip_suffix(']')?.parse().ok()?;
        return value(operand, lookup)?.split(':').nth(index).map(str::to_owned);
    }
    if is_reference(expression) { lookup(expression) } else { None }
}

/// A quoted text without its quotes and escapes.
fn quoted(expression: &str) -> Option<String> {
    let inner = expression.strip_prefix('"')?.strip_suffix('"')?;
    let mut text = String::with_capacity(inner.len());
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => text.push(match chars.next()? {
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                other => other,
            }),
            // These quotes belong to another string: this is more than one.
            '"' if !text.contains("${") => return None,
            c => text.push(c),
        }
    }
    Some(text)
}

fn is_reference(expression: &str) -> bool {
    let is_name = |name: &str| {
        name.starts_with(|c: char| c.is_alphabetic() || c == '_')
            && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'))
    };
    expression.contains('.') && expression.split('.').all(is_name)
}

/// Visits the references of a template: `TYPE.NAME` with an attribute, without `data` sources.
pub(crate) fn references<'t>(template: &'t str, visit: &mut dyn FnMut(&'t str, &'t str)) {
    for piece in pieces(template) {
        let Piece::Expression(expression) = piece else { continue };
        let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
        for word in expression.split(|c| !is_part(c)).filter(|word| is_reference(word)) {
            if let Some((address, attribute)) = word.rsplit_once('.')
                && !word.starts_with("data.")
                && address.contains('.')
            {
                visit(address, attribute);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolved(template: &str) -> Option<String> {
        resolve(template, &|reference| {
            (reference == "aws_iam_role.ci.arn")
                .then(|| "arn:aws:iam::111122223333:role/ci".to_owned())
        })
    }

    #[test]
    fn resolves_what_ecrane_writes() {
        for (template, text) in [
            ("plain", Some("plain")),
            ("$${aws:username} %%{x}", Some("${aws:username} %{x}")),
            ("a${aws_iam_role.ci.arn}b", Some("aarn:aws:iam::111122223333:role/cib")),
            ("${split(\":\", aws_iam_role.ci.arn)[4]}", Some("111122223333")),
            ("${split(\":\", \"x:${aws_iam_role.ci.arn}\")[5]}", Some("111122223333")),
            ("${\"$\"}${aws_iam_role.ci.arn}", Some("$arn:aws:iam::111122223333:role/ci")),
            ("${\"a\\\"}b\"}", Some("a\"}b")),
            ("${aws_iam_role.other.arn}", None),
            ("${upper(aws_iam_role.ci.arn)}", None),
            ("${unclosed", None),
        ] {
            assert_eq!(resolved(template).as_deref(), text, "{template}");
        }
    }

    #[test]
    fn finds_references() {
        let mut found = Vec::new();
        let template = "${aws_iam_role.ci.arn} ${split(\":\", \"${data.aws_region.current.name}\
                        ${aws_kms_key.k.key_id}\")[0]} $${aws_x.y.z}";
        references(template, &mut |address, attribute| found.push((address, attribute)));
        assert_eq!(found, [("aws_iam_role.ci", "arn"), ("aws_kms_key.k", "key_id")]);
    }
}
