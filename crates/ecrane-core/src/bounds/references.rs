//! References of CloudFormation and Terraform in strings, which are literal text here.

use ecrane_document::Explain;
use thiserror::Error;

/// A reference that is not evaluated.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ReferenceWarning {
    /// A pseudo parameter of CloudFormation.
    #[error("`{written}` is literal text here: a config has no pseudo parameters")]
    Pseudo {
        /// As it is written.
        written: String,
        /// Its name, without `AWS::`.
        parameter: String,
    },
    /// A reference to a resource, data source or variable.
    #[error(
        "`{written}` is literal text here: a config has no references of CloudFormation or Terraform"
    )]
    Other {
        /// As it is written.
        written: String,
    },
}

impl ReferenceWarning {
    /// The first reference in a text.
    ///
    /// ```
    /// use ecrane_core::ReferenceWarning;
    ///
    /// assert!(ReferenceWarning::of("arn:aws:iam::${AWS::AccountId}:root").is_some());
    /// // A policy variable of IAM.
    /// assert!(ReferenceWarning::of("user/${aws:username}").is_none());
    /// ```
    pub fn of(text: &str) -> Option<Self> {
        text.match_indices("${").find_map(|(start, _)| {
            let rest = text.get(start + 2..)?;
            // Up to the next brace, so that each character is read once.
            let (name, after) = rest.split_at_checked(rest.find(['{', '}'])?)?;
            if !after.starts_with('}') {
                return None;
            }
            let written = || format!("${{{name}}}");
            if let Some(parameter) = name.strip_prefix("AWS::") {
                let parameter = parameter.to_owned();
                return Some(Self::Pseudo { written: written(), parameter });
            }
            if name.starts_with("Token[") {
                return Some(Self::Other { written: written() });
            }
            // The policy variables of IAM, such as `${aws:username}`, have a single colon, `${*}`,
            // `${?}` and `${$}` no name.
            let is_part = |part: &str| {
                let (name, index) = part.split_once('[').unwrap_or((part, "]"));
                index.ends_with(']')
                    && name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
                    && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
            };
            let is_reference =
                name.split('.').all(is_part) && (name.contains('.') || text.starts_with("arn:"));
            is_reference.then(|| Self::Other { written: written() })
        })
    }
}

impl Explain for ReferenceWarning {
    fn code(&self) -> &'static str {
        match self {
            Self::Pseudo { .. } => "config::pseudo_parameter",
            Self::Other { .. } => "config::reference",
        }
    }

    fn help(&self) -> Option<String> {
        Some(
            match self {
                Self::Pseudo { parameter, .. } => match parameter.as_str() {
                    "AccountId" => {
                        "write the account itself, as in `arn:aws:iam::111122223333:root`, or `{ account: \"111122223333\" }` for a principal"
                    }
                    "Region" => "write the region itself, such as `eu-west-1`",
                    "Partition" => "write the partition itself, such as `aws`",
                    "StackName" => "write the name of the stack itself",
                    "URLSuffix" => "write the domain itself, such as `amazonaws.com`",
                    _ => "write the value itself",
                },
                Self::Other { .. } => {
                    "write the value itself; refer to a role, user, group or key of this config by its ID, as in `to: CiRole`; or set the property under `cloudformation` or `terraform`, where references are kept"
                }
            }
            .to_owned(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_recognized() {
        for (text, code) in [
            ("arn:aws:iam::${AWS::AccountId}:root", Some("config::pseudo_parameter")),
            ("${AWS::StackName}-x", Some("config::pseudo_parameter")),
            ("${data.aws_iam_role.x.arn}", Some("config::reference")),
            ("${aws_ecr_repository.app[0].arn}", Some("config::reference")),
            ("x-${var.stage}", Some("config::reference")),
            ("${Repository.Arn}", Some("config::reference")),
            ("${Token[TOKEN.42]}", Some("config::reference")),
            ("arn:aws:iam::${Account}:role/x", Some("config::reference")),
            // Policy variables of IAM.
            ("arn:aws:ecr:*:*:repository/${aws:username}", None),
            ("${aws:PrincipalTag/team}", None),
            ("${aws:PrincipalTag/team.x}", None),
            ("${*}", None),
            ("${$}", None),
            // Text.
            ("not a ${Reference} nor a %{directive}", None),
            ("$AWS::AccountId", None),
            ("${", None),
            ("${}", None),
            ("${a b.c}", None),
            ("costs ${5.00}", None),
        ] {
            assert_eq!(ReferenceWarning::of(text).map(|warning| warning.code()), code, "{text}");
        }
    }
}
