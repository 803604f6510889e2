//! `AWS::ECR::PublicRepository`

use ecrane_document::{Explain, Place};
use thiserror::Error;

use super::{Deployed, PhysicalName, Reach};
use crate::bounds::{self, Findings, PolicyOf, Rule};
use crate::names::{Environment, has_single_separators};
use crate::policy::PolicyDocument;
use crate::value::Value;

/// A public repository.
#[derive(Debug, Clone, PartialEq)]
pub struct PublicRepositoryResource {
    /// The physical name. If omitted, one is generated at deployment.
    pub name: Option<String>,
    /// The catalog data in the Amazon ECR Public Gallery.
    pub catalog_data: Option<CatalogData>,
    /// The repository policy. Omitted from the output if it has no statements.
    pub policy: PolicyDocument,
}

/// The catalog data of a public repository in the Amazon ECR Public Gallery.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CatalogData {
    /// The long description, in Markdown.
    pub about_text: Option<String>,
    /// The architectures that the images support.
    pub architectures: Vec<String>,
    /// The short description.
    pub description: Option<String>,
    /// The operating systems that the images support.
    pub operating_systems: Vec<String>,
    /// Usage instructions, in Markdown.
    pub usage_text: Option<String>,
}

/// ECR Public API reference, `CreateRepository`, `repositoryName`:
/// `(?:[a-z0-9]+(?:[._-][a-z0-9]+)*/)*[a-z0-9]+(?:[._-][a-z0-9]+)*`
const NAME: Rule = Rule {
    code: "public_repository::name_malformed",
    what: "name of the public repository",
    help: "use lowercase letters and digits, with single `.`, `_`, `-` or `/` between them (ECR Public API reference, CreateRepository, repositoryName)",
};
const NAME_LENGTH: Rule = Rule {
    code: "public_repository::name_length",
    what: "name of the public repository",
    help: "use a name of 2 to 205 characters (ECR Public API reference, CreateRepository, repositoryName)",
};
const CATALOG_TEXT: Rule = Rule {
    code: "public_repository::text_length",
    what: "catalog data text",
    help: "AWS::ECR::PublicRepository, RepositoryCatalogData",
};
const CATALOG_LIST: Rule = Rule {
    code: "public_repository::list_count",
    what: "architectures or operating systems",
    help: "AWS::ECR::PublicRepository, RepositoryCatalogData",
};

impl Deployed for PublicRepositoryResource {
    const NAME_KEY: Option<&'static str> = Some("repositoryName");

    fn physical_name(&self) -> Option<PhysicalName<'_>> {
        let name = self.name.as_deref()?;
        let named = PhysicalName::of_region("public repository name", name, &["repositoryName"]);
        Some(PhysicalName { reach: Reach::Account, ..named })
    }

    fn values<'r>(&'r self, visit: &mut dyn FnMut(&'r Value)) {
        let Self { name: _, catalog_data: _, policy } = self;
        policy.values(visit);
    }

    fn check(&self, place: &Place, env: &Environment, findings: &mut Findings) {
        let at_name = place.key("repositoryName");
        let name = self.name.as_deref();
        findings.form(name, has_single_separators, &NAME, &at_name);
        findings.length(name, (2, 205), &NAME_LENGTH, &at_name);
        bounds::resource_policy(&self.policy, PolicyOf::PublicRepository, place, env, findings);
        // The availability in other partitions is not published in one place, so nothing is
        // rejected there.
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

/// A public repository that AWS rejects.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PublicRepositoryError {
    /// The region does not support public repositories.
    #[error("public repositories are not supported in region `{region}`")]
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
                    "move it to a stack in us-east-1, the only region that supports AWS::ECR::PublicRepository; images can be pulled from every region"
                }
            }
            .to_owned(),
        )
    }
}
