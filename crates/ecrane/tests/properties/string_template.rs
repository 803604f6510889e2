//! Terraform's string templates, as far as ecrane writes them; anything else is a fault.
//!
//! Every string of a module in JSON is a template. It is text, in which `$${` and `%%{` stand for
//! `${` and `%{`, and expressions between `${` and `}`:
//!
//! - a reference, `aws_iam_role.ci.arn` or `data.aws_region.current.name`
//! - a field of an ARN, `split(":", X)[4]`, where X is a reference or a quoted template
//! - dollars, `"$"`, where they would escape the expression behind them

/// A piece of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Part {
    Text(String),
    Expression(Expression),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Expression {
    /// The steps between the dots.
    Reference(Vec<String>),
    ArnField(Vec<Part>, usize),
    Dollars(String),
}

/// The pieces of a template.
pub(crate) fn parse(template: &str) -> Result<Vec<Part>, String> {
    let mut parser = Parser { rest: template };
    let parts = parser.template(false).map_err(|fault| format!("{fault} in {template:?}"))?;
    if parser.rest.is_empty() { Ok(parts) } else { Err(format!("no end of {template:?}")) }
}

/// What a template comes to, where `resolve` knows what a reference stands for.
pub(crate) fn evaluate(
    parts: &[Part],
    resolve: &dyn Fn(&[String]) -> Result<String, String>,
) -> Result<String, String> {
    let mut text = String::new();
    for part in parts {
        match part {
            Part::Text(known) | Part::Expression(Expression::Dollars(known)) => text += known,
            Part::Expression(Expression::Reference(steps)) => text += &resolve(steps)?,
            Part::Expression(Expression::ArnField(arn, index)) => {
                let arn = evaluate(arn, resolve)?;
                let field = arn.split(':').nth(*index);
                text += field.ok_or_else(|| format!("`{arn}` has no field {index}"))?;
            }
        }
    }
    Ok(text)
}

struct Parser<'t> {
    rest: &'t str,
}

impl Parser<'_> {
    /// Whether a token comes next, which is taken then.
    fn takes(&mut self, token: &str) -> bool {
        let rest = self.rest.strip_prefix(token);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn expects(&mut self, token: &str) -> Result<(), String> {
        if self.takes(token) { Ok(()) } else { Err(format!("no `{token}` at {:?}", self.rest)) }
    }

    /// A template up to its end, or up to the quote that closes it.
    fn template(&mut self, quoted: bool) -> Result<Vec<Part>, String> {
        let mut parts = Vec::new();
        let mut text = String::new();
        loop {
            if quoted && self.rest.starts_with('"') {
                break;
            }
            if self.takes("$${") {
                text += "${";
            } else if self.takes("%%{") {
                text += "%{";
            } else if self.takes("%{") {
                return Err("a directive".to_owned());
            } else if self.takes("${") {
                if !text.is_empty() {
                    parts.push(Part::Text(std::mem::take(&mut text)));
                }
                parts.push(Part::Expression(self.expression()?));
                self.expects("}")?;
            } else if quoted && self.takes("\\") {
                let escapes = [("\\", '\\'), ("\"", '"'), ("n", '\n'), ("r", '\r'), ("t", '\t')];
                let escape = escapes.into_iter().find(|(letter, _)| self.takes(letter));
                text.push(escape.ok_or("an unknown escape")?.1);
            } else {
                let mut letters = self.rest.chars();
                let Some(letter) = letters.next() else { break };
                if quoted && letter == '\n' {
                    return Err("a line break in a quoted template".to_owned());
                }
                text.push(letter);
                self.rest = letters.as_str();
            }
        }
        if !text.is_empty() {
            parts.push(Part::Text(text));
        }
        Ok(parts)
    }

    fn quoted(&mut self) -> Result<Vec<Part>, String> {
        self.expects("\"")?;
        let parts = self.template(true)?;
        self.expects("\"")?;
        Ok(parts)
    }

    fn expression(&mut self) -> Result<Expression, String> {
        if self.rest.starts_with('"') {
            let parts = self.quoted()?;
            return match parts.as_slice() {
                [Part::Text(text)] if text.bytes().all(|b| b == b'$') => {
                    Ok(Expression::Dollars(text.clone()))
                }
                other => Err(format!("a quoted {other:?}")),
            };
        }
        if !self.takes("split(") {
            return Ok(Expression::Reference(self.reference()?));
        }
        self.expects("\":\", ")?;
        let arn = if self.rest.starts_with('"') {
            self.quoted()?
        } else {
            vec![Part::Expression(Expression::Reference(self.reference()?))]
        };
        self.expects(")[")?;
        let digits =
            self.rest.len() - self.rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (index, rest) = self.rest.split_at(digits);
        let index = index.parse().map_err(|_| "no index".to_owned())?;
        self.rest = rest;
        self.expects("]")?;
        Ok(Expression::ArnField(arn, index))
    }

    fn reference(&mut self) -> Result<Vec<String>, String> {
        let mut steps = vec![self.identifier()?];
        while self.takes(".") {
            steps.push(self.identifier()?);
        }
        if steps.len() > 1 { Ok(steps) } else { Err(format!("no reference: `{}`", steps[0])) }
    }

    fn identifier(&mut self) -> Result<String, String> {
        let is_letter = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        let end = self.rest.find(|c| !is_letter(c)).unwrap_or(self.rest.len());
        let (name, rest) = self.rest.split_at(end);
        if !name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
            return Err(format!("no name at {:?}", self.rest));
        }
        self.rest = rest;
        Ok(name.to_owned())
    }
}

#[test]
fn reads_what_terraform_reads() {
    let text = |text: &str| Part::Text(text.to_owned());
    let reference = |steps: &str| {
        Part::Expression(Expression::Reference(steps.split('.').map(str::to_owned).collect()))
    };
    let cases = [
        ("", vec![]),
        ("a$b%c $", vec![text("a$b%c $")]),
        // What Terraform 1.11 makes of it.
        ("$$${x}", vec![text("$${x}")]),
        ("%%{if}", vec![text("%{if}")]),
        ("x-${a.b.c}/", vec![text("x-"), reference("a.b.c"), text("/")]),
        (
            "${\"$\"}${a.b}",
            vec![Part::Expression(Expression::Dollars("$".to_owned())), reference("a.b")],
        ),
        (
            "${split(\":\", a.b-c.arn)[4]}",
            vec![Part::Expression(Expression::ArnField(vec![reference("a.b-c.arn")], 4))],
        ),
        (
            "${split(\":\", \"\\\"${a.b}$${\")[0]}",
            vec![Part::Expression(Expression::ArnField(
                vec![text("\""), reference("a.b"), text("${")],
                0,
            ))],
        ),
    ];
    for (template, expected) in cases {
        assert_eq!(parse(template).unwrap(), expected, "{template}");
    }
    for fault in
        ["${", "${}", "%{if x}", "${a}", "${a.b", "${file(\"x\")}", "${\"x\"}", "${a.b[0]}"]
    {
        assert!(parse(fault).is_err(), "{fault}");
    }
}
