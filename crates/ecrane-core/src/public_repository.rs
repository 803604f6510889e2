//! Repositories of the Amazon ECR Public Gallery.

use crate::policy::PolicyDocument;

/// A public repository as it is deployed.
#[derive(Debug, Clone)]
pub struct PublicRepository {
    /// Its physical name; made on deployment when there is none.
    pub name: Option<String>,
    /// What the gallery shows of it.
    pub catalog_data: Option<CatalogData>,
    /// Who may push to it; nothing is rendered when it has no statements.
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
