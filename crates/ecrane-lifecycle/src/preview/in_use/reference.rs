//! References to images in Amazon ECR.

use std::fmt;

use super::{Digest, InUseError};

/// A repository of a private registry.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RegistryRepository {
    /// The AWS account.
    pub account: String,
    /// The AWS Region.
    pub region: String,
    /// The name of the repository.
    pub name: String,
}

/// A reference to an image in Amazon ECR.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Reference {
    /// By a tag: `latest` if the URI has none.
    Tag {
        /// The repository.
        repository: RegistryRepository,
        /// The tag.
        tag: String,
    },
    /// By a digest.
    Digest {
        /// The repository, or `None` if the response does not contain it.
        repository: Option<RegistryRepository>,
        /// The digest.
        digest: Digest,
    },
}

impl Reference {
    /// Parses an image URI. Returns `None` if it refers to another registry. A digest overrides a
    /// tag, as when an image is pulled.
    ///
    /// ```
    /// use ecrane_lifecycle::preview::Reference;
    ///
    /// let uri = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop/app:v1";
    /// assert_eq!(Reference::parse(uri)?.unwrap().to_string(), uri);
    /// assert_eq!(Reference::parse("public.ecr.aws/nginx/nginx:1.27")?, None);
    /// # Ok::<(), ecrane_lifecycle::preview::InUseError>(())
    /// ```
    ///
    /// # Errors
    /// When the text is not an image URI.
    pub fn parse(text: &str) -> Result<Option<Self>, InUseError> {
        let malformed = || InUseError::MalformedUri { text: text.to_owned() };
        // What container runtimes and people put before a URI.
        let uri = ["https://", "docker-pullable://", "docker://"]
            .into_iter()
            .find_map(|scheme| text.strip_prefix(scheme))
            .unwrap_or(text);
        if uri.is_empty() || uri.contains(|c: char| c.is_whitespace() || c.is_control()) {
            return Err(malformed());
        }
        let Some((host, path)) = uri.split_once('/') else { return Ok(None) };
        let Some((account, region)) = registry(host) else { return Ok(None) };
        let (path, digest) = match path.split_once('@') {
            Some((path, digest)) => (path, Some(digest)),
            None => (path, None),
        };
        let (name, tag) = match path.split_once(':') {
            Some((name, tag)) => (name, Some(tag)),
            None => (path, None),
        };
        if name.is_empty() || tag == Some("") {
            return Err(malformed());
        }
        let repository = RegistryRepository {
            account: account.to_owned(),
            region: region.to_owned(),
            name: name.to_owned(),
        };
        Ok(Some(match digest {
            Some(digest) => {
                let digest = digest
                    .parse()
                    .map_err(|source| InUseError::BadDigest { text: text.to_owned(), source })?;
                Self::Digest { repository: Some(repository), digest }
            }
            None => Self::Tag { repository, tag: tag.unwrap_or("latest").to_owned() },
        }))
    }
}

/// The account and Region of a private registry's host, also of its FIPS and dual-stack hosts and
/// in any partition. ECR user guide, "Amazon ECR private registry" and "Getting started with
/// making requests over IPv6".
fn registry(host: &str) -> Option<(&str, &str)> {
    let (account, rest) = host.split_once('.')?;
    if account.len() != 12 || !account.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let rest = ["dkr.ecr.", "dkr.ecr-fips.", "dkr-ecr.", "dkr-ecr-fips."]
        .into_iter()
        .find_map(|service| rest.strip_prefix(service))?;
    let (region, domain) = rest.split_once('.')?;
    (!region.is_empty() && !domain.is_empty()).then_some((account, region))
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let repository = match self {
            Self::Tag { repository, .. } => Some(repository),
            Self::Digest { repository, .. } => repository.as_ref(),
        };
        if let Some(RegistryRepository { account, region, name }) = repository {
            write!(f, "{account}.dkr.ecr.{region}.amazonaws.com/{name}")?;
        }
        match self {
            Self::Tag { tag, .. } => write!(f, ":{tag}"),
            Self::Digest { repository: Some(_), digest } => write!(f, "@{digest}"),
            Self::Digest { repository: None, digest } => write!(f, "{digest}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_uris() {
        let digest = format!("sha256:{}", "ab".repeat(32));
        let ecr = "111122223333.dkr.ecr.eu-west-1.amazonaws.com";
        let cases = [
            (format!("{ecr}/app"), Some(format!("{ecr}/app:latest"))),
            (format!("{ecr}/a/b:v1"), Some(format!("{ecr}/a/b:v1"))),
            (format!("{ecr}/a:v1@{digest}"), Some(format!("{ecr}/a@{digest}"))),
            (format!("docker-pullable://{ecr}/a@{digest}"), Some(format!("{ecr}/a@{digest}"))),
            (
                "111122223333.dkr.ecr-fips.us-gov-west-1.amazonaws.com/a:1".to_owned(),
                Some("111122223333.dkr.ecr.us-gov-west-1.amazonaws.com/a:1".to_owned()),
            ),
            ("111122223333.dkr-ecr.eu-west-1.on.aws/a:1".to_owned(), Some(format!("{ecr}/a:1"))),
            (
                "111122223333.dkr.ecr.cn-north-1.amazonaws.com.cn/a:1".to_owned(),
                Some("111122223333.dkr.ecr.cn-north-1.amazonaws.com/a:1".to_owned()),
            ),
            ("nginx".to_owned(), None),
            ("docker.io/library/nginx:1".to_owned(), None),
            ("localhost:5000/app:v1".to_owned(), None),
            ("11112222333.dkr.ecr.eu-west-1.amazonaws.com/a:1".to_owned(), None),
        ];
        for (uri, expected) in cases {
            let found = Reference::parse(&uri).unwrap().map(|found| found.to_string());
            assert_eq!(found, expected, "{uri}");
        }
        for text in
            ["", "a b", &format!("{ecr}/a:"), &format!("{ecr}/"), &format!("{ecr}/a@sha256:ab")]
        {
            assert!(Reference::parse(text).is_err(), "{text}");
        }
    }
}
