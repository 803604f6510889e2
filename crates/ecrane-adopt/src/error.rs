//! What is not adopted, and why.

use std::fmt;

use ecrane_diff::TextError;
use ecrane_document::{Explain, Position, Severity, SyntaxErrorKind};
use thiserror::Error;

/// Why a source cannot be adopted.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SourceError {
    /// The text is neither JSON nor YAML.
    #[error("`{name}` is neither JSON nor YAML: {kind} at {at}")]
    Syntax {
        /// The source.
        name: String,
        /// Where the text is wrong.
        at: Position,
        /// What is wrong.
        kind: SyntaxErrorKind,
    },
    /// A map of the text contains a key twice.
    #[error("`{name}` contains the key `{key}` twice in one map: at {first}, and at {at}")]
    DuplicateKey {
        /// The source.
        name: String,
        /// The key.
        key: String,
        /// Where it occurs first.
        first: Position,
        /// Where it occurs again.
        at: Position,
    },
    /// The content is not a known document.
    #[error(
        "`{name}` is neither a CloudFormation template, nor AWS CLI output about ECR or a stack, nor a Terraform module, state or plan in JSON"
    )]
    Unknown {
        /// The source.
        name: String,
    },
    /// A part of the document has the wrong form, or its version is unknown.
    #[error("`{name}` cannot be read: {reason}")]
    Malformed {
        /// The source.
        name: String,
        /// What is wrong.
        reason: String,
    },
    /// The document is one page of several.
    #[error("`{name}` is one page of several, and the last one is not among the sources")]
    NotWhole {
        /// The source.
        name: String,
    },
    /// The file has no content.
    #[error("`{name}` is empty")]
    Empty {
        /// The source.
        name: String,
    },
    /// A cloud assembly without the templates that it consists of.
    #[error(
        "`{name}` is a cloud assembly, and none of its templates is there, such as `{template}`"
    )]
    NoTemplate {
        /// The manifest.
        name: String,
        /// The file name of a template.
        template: String,
    },
    /// The output of `describe-stacks` does not contain the stack of a template.
    #[error(
        "`{name}` is named after none of the stacks in the output of `describe-stacks`: {}",
        .known.join(", ")
    )]
    NotDescribed {
        /// The template.
        name: String,
        /// The stacks that no template is of.
        known: Vec<String>,
    },
    /// A value is given for a parameter that no source has.
    #[error("no source has a parameter `{parameter}`")]
    NoParameter {
        /// The parameter.
        parameter: String,
        /// A parameter with a similar name.
        suggestion: Option<String>,
    },
    /// No source contains anything that a config describes.
    #[error("found nothing to adopt")]
    Nothing,
}

impl SourceError {
    /// Why a source, or a text in it, is no document.
    pub(crate) fn of_text(name: &str, error: TextError) -> Self {
        let name = name.to_owned();
        match error {
            TextError::DuplicateKey { key, at, first } => {
                Self::DuplicateKey { name, key, first, at }
            }
            TextError::Syntax { at, kind } => Self::Syntax { name, at, kind },
        }
    }
}

impl Explain for SourceError {
    fn code(&self) -> &'static str {
        match self {
            Self::Syntax { .. } => "adopt::syntax",
            Self::DuplicateKey { .. } => "adopt::duplicate_key",
            Self::Unknown { .. } => "adopt::unknown_source",
            Self::Malformed { .. } => "adopt::malformed_source",
            Self::NotWhole { .. } => "adopt::not_whole",
            Self::Empty { .. } => "adopt::empty_source",
            Self::NoTemplate { .. } => "adopt::no_template",
            Self::NotDescribed { .. } => "adopt::not_described",
            Self::NoParameter { .. } => "adopt::no_parameter",
            Self::Nothing => "adopt::nothing",
        }
    }

    fn help(&self) -> Option<String> {
        let text = match self {
            Self::Syntax { .. } => "correct the file at that place",
            Self::Malformed { .. } => return None,
            Self::DuplicateKey { .. } => {
                "remove one of the two, or give it a key of its own: readers disagree on which one counts"
            }
            Self::Unknown { .. } => {
                "pass a template, `cdk.out`, a Terraform module in JSON, `cdktf.out`, or the output of `aws cloudformation get-template`, `aws ecr describe-repositories`, `terraform show -json` or `terraform state pull`"
            }
            Self::NotWhole { .. } => {
                "pass all pages; without `--max-items` and `--no-paginate`, the AWS CLI reads them in one run"
            }
            Self::Empty { .. } => {
                "the command that writes it has failed: run it again, and read what it prints"
            }
            Self::NoTemplate { .. } => "pass the directory, such as `cdk.out`",
            Self::NotDescribed { .. } => {
                "name the file after its stack, such as `Shop.json`, or pass the output of `aws cloudformation describe-stacks --stack-name NAME` for this stack alone"
            }
            Self::NoParameter { .. } => {
                "name a parameter of a template, a variable of a module, or `AWS::AccountId`, `AWS::Region` or `AWS::StackName`"
            }
            Self::Nothing => {
                "pass a source that contains an ECR repository or another resource that `ecrane schema` lists"
            }
        };
        Some(text.to_owned())
    }

    fn suggestion(&self) -> Option<&str> {
        match self {
            Self::NoParameter { suggestion, .. } => suggestion.as_deref(),
            Self::Syntax { .. }
            | Self::DuplicateKey { .. }
            | Self::Unknown { .. }
            | Self::Malformed { .. }
            | Self::NotWhole { .. }
            | Self::Empty { .. }
            | Self::NoTemplate { .. }
            | Self::NotDescribed { .. }
            | Self::Nothing => None,
        }
    }
}

/// A resource of a source, or one of its properties.
///
/// ```
/// use ecrane_adopt::SourceAddress;
///
/// let repository = SourceAddress::from("module.ecr[\"a.b\"].aws_ecr_repository.this[0]");
/// assert_eq!(repository.property("name").resource(), repository.resource());
/// assert_eq!(SourceAddress::from("App").property("RepositoryName").to_string(), "App.RepositoryName");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceAddress {
    resource: String,
    property: Option<String>,
}

impl SourceAddress {
    /// The logical ID, Terraform address or ARN of the resource.
    pub fn resource(&self) -> &str {
        &self.resource
    }

    /// The address of a property, or of a part of the property.
    #[must_use]
    pub fn property(&self, name: &str) -> Self {
        let property = match &self.property {
            Some(outer) => format!("{outer}.{name}"),
            None => name.to_owned(),
        };
        Self { resource: self.resource.clone(), property: Some(property) }
    }
}

impl<S: Into<String>> From<S> for SourceAddress {
    fn from(resource: S) -> Self {
        Self { resource: resource.into(), property: None }
    }
}

impl fmt::Display for SourceAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.resource)?;
        match &self.property {
            Some(property) => write!(f, ".{property}"),
            None => Ok(()),
        }
    }
}

/// A part of a source that the config does not contain, or not in the same way.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum NotAdopted {
    /// A resource of a type that ecrane does not have.
    #[error("`{address}`: ecrane has no resource type `{kind}`")]
    Foreign {
        /// Where it is.
        address: SourceAddress,
        /// The resource type.
        kind: String,
    },
    /// The note of the AWS CDK about itself. It creates nothing, so nothing is lost without it.
    #[error("`{address}` is a note of the AWS CDK about itself, and no resource in the account")]
    CdkMetadata {
        /// Where it is.
        address: SourceAddress,
    },
    /// The value of the condition of a resource or output is unknown.
    #[error(
        "`{address}`: the condition `{condition}` decides whether it exists, and its value is unknown"
    )]
    Condition {
        /// Where it is.
        address: SourceAddress,
        /// The condition.
        condition: String,
        /// The parameters that the condition depends on and whose values are unknown.
        parameters: Vec<String>,
    },
    /// An output that a config does not have.
    #[error("`{address}`: its value is no attribute of a repository, principal or key: {value}")]
    Output {
        /// Where it is.
        address: SourceAddress,
        /// The value, as JSON.
        value: String,
    },
    /// A part that a config cannot express.
    #[error("`{address}`: {reason}")]
    Inexpressible {
        /// Where it is.
        address: SourceAddress,
        /// Why.
        reason: String,
    },
    /// The value of a parameter is unknown.
    #[error("`{address}`: the value of the parameter `{parameter}` is unknown")]
    Parameter {
        /// Where it is.
        address: SourceAddress,
        /// The parameter.
        parameter: String,
    },
    /// The config would change the resource.
    #[error("`{address}`: the config would {action} it{}", in_properties(.properties))]
    Differs {
        /// Where it is.
        address: SourceAddress,
        /// What deploying the config does to the resource.
        action: &'static str,
        /// The properties that change.
        properties: Vec<String>,
    },
}

impl NotAdopted {
    /// What it is about.
    pub fn address(&self) -> &SourceAddress {
        let (Self::Foreign { address, .. }
        | Self::CdkMetadata { address }
        | Self::Condition { address, .. }
        | Self::Output { address, .. }
        | Self::Inexpressible { address, .. }
        | Self::Parameter { address, .. }
        | Self::Differs { address, .. }) = self;
        address
    }

    /// An error, except for what does nothing.
    pub fn severity(&self) -> Severity {
        if matches!(self, Self::CdkMetadata { .. }) { Severity::Warning } else { Severity::Error }
    }
}

const LEFT_OUT: &str = "`--partial` writes the config without it; what leaves a stack or a state is deleted, unless it is retained";
const DESCRIBE_STACKS: &str = "the output of `aws cloudformation describe-stacks`";

fn in_properties(properties: &[String]) -> String {
    if properties.is_empty() { String::new() } else { format!(" ({})", properties.join(", ")) }
}

impl Explain for NotAdopted {
    fn code(&self) -> &'static str {
        match self {
            Self::Foreign { .. } => "adopt::foreign_resource",
            Self::CdkMetadata { .. } => "adopt::cdk_metadata",
            Self::Condition { .. } => "adopt::condition_unknown",
            Self::Output { .. } => "adopt::foreign_output",
            Self::Inexpressible { .. } => "adopt::inexpressible",
            Self::Parameter { .. } => "adopt::parameter_unknown",
            Self::Differs { .. } => "adopt::differs",
        }
    }

    fn help(&self) -> Option<String> {
        Some(match self {
            Self::Foreign { kind, .. } if kind.contains("::") => {
                "deployed over the stack, the config would delete it: give it `DeletionPolicy: Retain` and deploy that first. Then adopt with `--partial`, and import it into a stack of its own when the stack of the config has left it".to_owned()
            }
            Self::Foreign { .. } => {
                "applied to the state, the config would destroy it: move it to a state of its own first, with `terraform state mv -state-out=FILE`. Until then, `--partial` writes the config without it".to_owned()
            }
            Self::CdkMetadata { .. } => {
                "nothing is to be done: the config leaves it out, and nothing is deleted with it".to_owned()
            }
            Self::Condition { parameters, .. } if !parameters.is_empty() => {
                let flags: Vec<_> =
                    parameters.iter().map(|it| format!("`--parameter {it}=VALUE`")).collect();
                format!("pass {}, or {DESCRIBE_STACKS}", flags.join(", "))
            }
            Self::Output { .. } => {
                "write the value where it is read, before you deploy the config: another stack that imports the output would stop the deployment. `--partial` writes the config without it".to_owned()
            }
            Self::Condition { .. } => LEFT_OUT.to_owned(),
            Self::Inexpressible { address, .. } if address.property.is_none() => {
                LEFT_OUT.to_owned()
            }
            Self::Inexpressible { .. } => "`--partial` writes the config without it".to_owned(),
            Self::Parameter { parameter, .. } => {
                format!("pass `--parameter {parameter}=VALUE`, or {DESCRIBE_STACKS}")
            }
            Self::Differs { .. } => {
                "`--partial` writes the config anyway; review it with `ecrane diff` before you deploy it".to_owned()
            }
        })
    }
}
