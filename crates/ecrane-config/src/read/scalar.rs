//! Plain scalars of YAML 1.2 in the core schema.
//!
//! Source: the YAML specification, "10.3.2. Tag Resolution".

use std::borrow::Cow;

use serde_json::Number;

use ecrane_document::NodeKind;

/// Resolves a plain scalar. Returns the source text of a number that cannot be represented exactly.
pub(super) fn plain(text: Cow<'_, str>) -> Result<NodeKind, String> {
    Ok(match text.as_ref() {
        "" | "~" | "null" | "Null" | "NULL" => NodeKind::Null,
        "true" | "True" | "TRUE" => NodeKind::Bool(true),
        "false" | "False" | "FALSE" => NodeKind::Bool(false),
        word => match number(word) {
            Some(Some(number)) => NodeKind::Number(number),
            Some(None) => return Err(text.into_owned()),
            None => NodeKind::Text(text.into()),
        },
    })
}

/// Parses a number. The inner value is `None` if the number cannot be represented exactly.
#[expect(clippy::option_option, reason = "no number, and a number out of range, are two things")]
fn number(word: &str) -> Option<Option<Number>> {
    for (prefix, radix) in [("0x", 16), ("0o", 8)] {
        if let Some(digits) = word.strip_prefix(prefix) {
            let is_number = !digits.is_empty() && digits.chars().all(|c| c.is_digit(radix));
            return is_number.then(|| u64::from_str_radix(digits, radix).ok().map(Number::from));
        }
    }
    let unsigned = word.strip_prefix(['-', '+']).unwrap_or(word);
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") || matches!(word, ".nan" | ".NaN" | ".NAN") {
        return Some(None);
    }
    if is_digits(unsigned) {
        let digits = word.strip_prefix('+').unwrap_or(word);
        return Some(match digits.parse::<u64>() {
            Ok(number) => Some(number.into()),
            Err(_) => digits.parse::<i64>().ok().map(Number::from),
        });
    }
    is_float(unsigned).then(|| word.parse().ok().and_then(Number::from_f64))
}

/// `(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`
fn is_float(text: &str) -> bool {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let is_mantissa = match mantissa.split_once('.') {
        Some(("", fraction)) => is_digits(fraction),
        Some((whole, fraction)) => is_digits(whole) && (fraction.is_empty() || is_digits(fraction)),
        None => is_digits(mantissa),
    };
    is_mantissa && exponent.is_none_or(|e| is_digits(e.strip_prefix(['-', '+']).unwrap_or(e)))
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn resolves() {
        let cases = [
            ("null", json!(null)),
            ("~", json!(null)),
            ("True", json!(true)),
            ("yes", json!("yes")),
            ("on", json!("on")),
            ("12", json!(12)),
            ("+12", json!(12)),
            ("-12", json!(-12)),
            ("012345678901", json!(12_345_678_901_u64)),
            ("0x1F", json!(31)),
            ("0o17", json!(15)),
            ("0x", json!("0x")),
            ("1.10", json!(1.1)),
            (".5", json!(0.5)),
            ("5.", json!(5.0)),
            ("1e3", json!(1000.0)),
            (".", json!(".")),
            ("1e", json!("1e")),
            ("1.2.3", json!("1.2.3")),
            ("2012-10-17", json!("2012-10-17")),
            ("12:30", json!("12:30")),
            ("30d", json!("30d")),
            ("1_000", json!("1_000")),
            ("18446744073709551615", json!(u64::MAX)),
            ("-9223372036854775808", json!(i64::MIN)),
        ];
        for (text, expected) in cases {
            let kind = plain(text.into()).unwrap();
            let actual: Value =
                ecrane_document::Node { span: (0..0).into(), file: 0, kind }.to_json();
            assert_eq!(actual, expected, "{text}");
        }
        for text in
            ["18446744073709551616", "-9223372036854775809", "1e999", ".inf", "-.INF", ".nan"]
        {
            assert_eq!(plain(text.into()), Err(text.to_owned()));
        }
    }
}
