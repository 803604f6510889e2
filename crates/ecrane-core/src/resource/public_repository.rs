//! `AWS::ECR::PublicRepository`

use ecrane_document::{Explain, Place};
use thiserror::Error;

use super::Deployed;
use crate::bounds::{self, Findings, Rule};
use crate::names::Environment;
use crate::policy::PolicyDocument;
use crate::value::Value;

/// A public repository as it is deployed.
#[derive(Debug, Clone, PartialEq)]
pub struct PublicRepositoryResource {
    /// The physical name. If omitted, one is generated at deployment.
    pub name: Option<String>,
    /// What the gallery shows of it.
    pub catalog_data: Option<CatalogData>,
    /// Who may push to it; nothing is rendered if it has no statements.
    pub policy: PolicyDocument,
}

/// What the gallery shows of a public repository.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CatalogData {
    /// A long text, Markdown.
    pub about_text: Option<String>,
    /// The architectures its images run on.
    pub architectures: Vec<String>,
    /// A short text.
    pub description: Option<String>,
    /// The operating systems its images run on.
    pub operating_systems: Vec<String>,
    /// How to use it, Markdown.
    pub usage_text: Option<String>,
}

const CATALOG_TEXT: Rule = Rule {
    code: "public_repository::text_length",
    what: "text for the gallery",
    help: "AWS::ECR::PublicRepository, RepositoryCatalogData",
};
const CATALOG_LIST: Rule = Rule {
    code: "public_repository::list_count",
    what: "architectures or operating systems",
    help: "AWS::ECR::PublicRepository, RepositoryCatalogData",
};

impl Deployed for PublicRepositoryResource {
    fn values<'r>(&'r self, visit: &mut dyn FnMut(&'r Value)) {
        let Self { name: _, catalog_data: _, policy } = self;
        policy.values(visit);
    }

    fn check(&self, place: &Place, env: &Environment, findings: &mut Findings) {
        bounds::resource_policy(&self.policy, place, findings);
        // What other partitions have is not published in one place; there nothing is refused.
        if let Some(region) = &env.region
            && matches!(region.partition(), "aws" | "aws-cn" | "aws-us-gov")
            && region.as_str() != "us-east-1"
        {
            let error = PublicRepositoryError::Region { region: region.to_string() };
            findings.error(place.clone().on_key(), error);
        }
        let Some(data) = &self.catalog_data else { return };
        let CatalogData { about_text, architectures, description, operating_systems, usage_text } =
            data;
        let place = place.key("catalogData");
        for (key, text, most) in [
            ("aboutText", about_text, 10_240),
            ("description", description, 1_024),
            ("usageText", usage_text, 10_240),
        ] {
            findings.length(text.as_deref(), (0, most), &CATALOG_TEXT, &place.key(key));
        }
        for (key, list) in
            [("architectures", architectures), ("operatingSystems", operating_systems)]
        {
            findings.count(list.len(), 50, &CATALOG_LIST, &place.key(key));
        }
    }
}

/// What AWS refuses of a public repository.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PublicRepositoryError {
    /// A region without the Public Gallery's API.
    #[error("a public repository in `{region}`")]
    Region {
        /// The region.
        region: String,
    },
}

impl Explain for PublicRepositoryError {
    fn code(&self) -> &'static str {
        match self {
            Self::Region { .. } => "public_repository::region",
        }
    }

    fn help(&self) -> Option<String> {
        Some(
            match self {
                Self::Region { .. } => {
                    "put it into a stack of us-east-1, the one region that has AWS::ECR::PublicRepository; images are pulled from everywhere all the same"
                }
            }
            .to_owned(),
        )
    }
}
