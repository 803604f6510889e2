//! What an AWS account contains, read by the AWS SDK.
//!
//! [`Connection`] calls only operations that read: those in [`Operation::ALL`]. Its answers are those of
//! AWS's APIs, unchanged, as the AWS CLI prints them; `ecrane-adopt` and `ecrane-lifecycle` read both
//! in one way. What needs retries, paging, concurrency and credentials is here, and nothing about the
//! meaning of an answer, except [what it leaves out](LeftOut).

mod call;
mod connection;
mod error;
mod images;
mod inventory;
mod left_out;
mod operation;
mod public;

pub use connection::{Connection, Settings};
pub use error::AwsError;
pub use images::ImagesOf;
pub use inventory::{AwsAnswer, Inventory, Progress};
pub use left_out::{Creator, LeftOut};
pub use operation::Operation;
