//! The preview of a lifecycle policy: what it would do to the images of a repository, and why.
//!
//! [`Preview::new`] takes a policy, a listing of images, and an instant. It performs no I/O and
//! reads no clock. AWS documents the evaluation in the ECR user guide, "Automate the cleanup of
//! images by using lifecycle policies"; where the guide leaves a question open, the preview
//! evaluates every reading, and a verdict is [`Verdict::Uncertain`] where they differ.
//!
//! ```
//! use ecrane_lifecycle::LifecyclePolicy;
//! use ecrane_lifecycle::preview::{ImageListing, Preview};
//!
//! let (policy, _) = LifecyclePolicy::parse(r#"{"rules": [{
//!     "rulePriority": 1,
//!     "selection": {"tagStatus": "untagged", "countType": "sinceImagePushed", "countNumber": 7, "countUnit": "days"},
//!     "action": {"type": "expire"}
//! }]}"#)?;
//! let listing = ImageListing::parse(r#"{"imageDetails": [{
//!     "imageDigest": "sha256:559aead08264d5795d3909718cdd05abd49572e84fe55590eef31a88a08fdffd",
//!     "imagePushedAt": "2026-03-01T12:00:00+01:00"
//! }]}"#)?;
//! let preview = Preview::new(&policy, &listing, "2026-03-15T12:00:00Z".parse()?);
//! let why: Vec<_> = preview.outcomes().map(|outcome| outcome.to_string()).collect();
//! assert_eq!(
//!     why,
//!     ["expires: rule 1 selects it (untagged); pushed 14 days 1 hour ago, above the limit of 7 days"]
//! );
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod comparison;
mod count;
mod cut;
mod digest;
mod evaluate;
mod field;
mod finding;
mod image;
mod in_use;
mod input_error;
mod listing;
mod listing_parts;
mod manifests;
mod outcome;
mod policy_answer;
mod relations;
mod schedule;
mod sentence;
mod situation;
mod summary;
mod timestamp;
mod verdict;

pub use comparison::{Change, ChangeKind, Comparison};
pub use digest::{Digest, DigestError};
pub use finding::Finding;
pub use image::{Image, ImageListing, ImageStatus};
pub use in_use::{InUse, InUseError, Reference, RegistryRepository, User, Uses};
pub use input_error::{JsonError, ListingError, ManifestsError};
pub use manifests::Manifests;
pub use outcome::{Follows, Outcome, Preview, Strictness};
pub use policy_answer::lifecycle_policy_text;
pub use schedule::{Day, Departure, Schedule};
pub use summary::{Portion, RulePortion, Summary};
pub use timestamp::{Timestamp, TimestampError};
pub use verdict::{Clock, Doubt, Doubts, Kept, Mark, Verdict};
