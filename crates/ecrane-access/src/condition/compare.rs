//! Comparing a value of a request with a value of a policy.

use std::net::IpAddr;

use jiff::Timestamp;

use super::operator::Test;
use crate::context::Known;
use crate::truth::Truth;
use crate::variables::{Expanded, Wildcards, expand};

/// Compares a value with one of a policy. `None` if one of them is not of the operator's type.
pub(super) fn compare(test: Test, wanted: &str, found: &str, known: &Known) -> Option<Truth> {
    let as_text = |wanted: &str, wildcards| match expand(wanted, wildcards, known) {
        Expanded::Pattern(glob) => glob.matches(found).into(),
        Expanded::Nothing => Truth::No,
        Expanded::Unknown => Truth::Unknown,
    };
    Some(match test {
        Test::StringEquals => as_text(wanted, Wildcards::No),
        Test::StringLike => as_text(wanted, Wildcards::Yes),
        Test::StringEqualsIgnoreCase => {
            // After the substitution, because the value of a variable keeps its case.
            match expand(wanted, Wildcards::No, known) {
                Expanded::Pattern(glob) => {
                    glob.to_lowercase().matches(&found.to_lowercase()).into()
                }
                Expanded::Nothing => Truth::No,
                Expanded::Unknown => Truth::Unknown,
            }
        }
        Test::Numeric(order) => order.holds(number(found)?.partial_cmp(&number(wanted)?)?).into(),
        Test::Date(order) => order.holds(date(found)?.cmp(&date(wanted)?)).into(),
        // A variable can stand for the boolean of the policy.
        Test::Bool => {
            let found = boolean(found)?.to_string();
            match expand(wanted, Wildcards::No, known) {
                Expanded::Pattern(glob) => glob.to_lowercase().matches(&found).into(),
                Expanded::Nothing => Truth::No,
                Expanded::Unknown => Truth::Unknown,
            }
        }
        Test::Binary => (wanted.trim_end_matches('=') == found.trim_end_matches('=')).into(),
        Test::IpAddress => is_in_network(wanted, found)?.into(),
        Test::Arn => arn(wanted, found, known)?,
        // The operator tests whether the key exists, not its values.
        Test::Null => return None,
    })
}

pub(super) fn boolean(text: &str) -> Option<bool> {
    if text.eq_ignore_ascii_case("true") {
        Some(true)
    } else if text.eq_ignore_ascii_case("false") {
        Some(false)
    } else {
        None
    }
}

/// An integer or a decimal: `10`, `-2.5`.
fn number(text: &str) -> Option<f64> {
    let (whole, fraction) = match text.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (text, None),
    };
    let whole = whole.strip_prefix(['-', '+']).unwrap_or(whole);
    (is_digits(whole) && fraction.is_none_or(is_digits)).then(|| text.parse().ok())?
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A time in seconds since 1970, or by one of the W3C's profiles of ISO 8601.
fn date(text: &str) -> Option<Timestamp> {
    if text.len() > 4 && is_digits(text) {
        return Timestamp::from_second(text.parse().ok()?).ok();
    }
    let whole = match text.len() {
        4 => format!("{text}-01-01T00:00:00Z"),
        7 => format!("{text}-01T00:00:00Z"),
        10 => format!("{text}T00:00:00Z"),
        // The profiles have neither another separator nor the name of a time zone.
        _ if text.as_bytes().get(10) == Some(&b'T') && !text.contains('[') => text.to_owned(),
        _ => return None,
    };
    whole.parse().ok()
}

/// Whether an address is in a network, `203.0.113.0/24`, or equal to an address.
fn is_in_network(network: &str, address: &str) -> Option<bool> {
    let address: IpAddr = address.parse().ok()?;
    let (network, length) = match network.split_once('/') {
        Some((network, length)) if is_digits(length) => {
            (network, Some(length.parse::<u32>().ok()?))
        }
        Some(_) => return None,
        None => (network, None),
    };
    let (network, address, bits): (u128, u128, u32) = match (network.parse().ok()?, address) {
        (IpAddr::V4(network), IpAddr::V4(address)) => {
            (network.to_bits().into(), address.to_bits().into(), 32)
        }
        (IpAddr::V6(network), IpAddr::V6(address)) => (network.to_bits(), address.to_bits(), 128),
        (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => return Some(false),
    };
    let length = length.unwrap_or(bits);
    let host = bits.checked_sub(length)?;
    Some(length == 0 || network >> host == address >> host)
}

/// Compares ARNs field by field, so that a wildcard does not match a colon.
fn arn(wanted: &str, found: &str, known: &Known) -> Option<Truth> {
    if wanted == "*" {
        return Some(Truth::Yes);
    }
    let found: Vec<&str> = found.splitn(6, ':').collect();
    let wanted = fields(wanted);
    if wanted.len() != 6 || found.len() != 6 {
        return None;
    }
    let mut truth = Truth::Yes;
    for (wanted, found) in wanted.iter().zip(found) {
        truth = truth.and(match expand(wanted, Wildcards::Yes, known) {
            Expanded::Pattern(glob) => glob.matches(found).into(),
            Expanded::Nothing => Truth::No,
            Expanded::Unknown => Truth::Unknown,
        });
    }
    Some(truth)
}

/// The six fields of an ARN with policy variables, whose colons are not separators.
fn fields(arn: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut is_variable = false;
    for c in arn.chars() {
        match c {
            '{' if fields.last().is_some_and(|field| field.ends_with('$')) => is_variable = true,
            '}' => is_variable = false,
            ':' if !is_variable && fields.len() < 6 => {
                fields.push(String::new());
                continue;
            }
            _ => {}
        }
        if let Some(field) = fields.last_mut() {
            field.push(c);
        }
    }
    fields
}
