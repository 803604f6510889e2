//! What an AWS account contains.

use ecrane_adopt::Source;
use ecrane_aws::{Connection, Inventory, Settings};
use ecrane_core::{Region, Severity};

use crate::args::LiveRegistries;
use crate::diagnostics::Finding;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::preview::Progress;

/// Connects to AWS.
pub(crate) fn connect(
    region: Option<&Region>,
    profile: Option<&String>,
) -> Result<Connection, Failure> {
    let settings = Settings { region: region.cloned(), profile: profile.cloned() };
    Connection::open(&settings).map_err(|error| Failure::one(Exit::Io, &error))
}

/// An account as output of the AWS CLI would describe it.
#[derive(Debug)]
pub(crate) struct Account {
    pub(crate) sources: Vec<Source>,
    /// Warnings about repositories that something else creates, and about what regions do not have.
    pub(crate) noted: Vec<Finding>,
    /// Errors about what the credentials may not read.
    pub(crate) denied: Vec<Finding>,
}

impl Account {
    /// Reads the registries of an account.
    pub(crate) fn read(args: &LiveRegistries) -> Result<Self, Failure> {
        let progress = Progress::start();
        let aws = connect(args.regions.first(), args.profile.as_ref())?;
        let step = |step: &str, done, all| progress.done(step, done, all);
        let inventory = aws.inventory(&args.regions, &step);
        let Inventory { answers, left_out, denied, unavailable } =
            inventory.map_err(|error| Failure::one(Exit::Io, &error))?;
        let sources = answers.into_iter().map(|it| {
            let text = serde_json::Value::Object(it.document).to_string();
            Source { name: it.name, text }
        });
        Ok(Self {
            sources: sources.collect(),
            noted: left_out
                .iter()
                .map(|it| Finding::new(Severity::Warning, it))
                .chain(unavailable.iter().map(|it| Finding::new(Severity::Warning, it)))
                .collect(),
            denied: denied.iter().map(|it| Finding::new(Severity::Error, it)).collect(),
        })
    }
}
