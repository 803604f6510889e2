//! The address ledger: which Terraform addresses earlier runs have written.
//!
//! Terraform destroys what a state holds and the module no longer declares; `prevent_destroy` goes
//! with the block that holds it. What is retained therefore needs a `removed` block for as long as
//! any state may still hold it, and what changes its address a `moved` block. Neither follows from
//! the graph, which knows only what is there now. The ledger is what has to be remembered.

mod address;
mod change;
mod format;
mod module;
mod state;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use ecrane_core::Explain;
use serde::{Deserialize, Serialize};
use thiserror::Error;

pub use address::{Address, AddressError};
pub(crate) use change::{Change, Conflict, compare};
pub use state::StateError;

use crate::options::Layout;

/// The version of the format, which a ledger begins with.
const VERSION: u32 = 1;

type Arguments = serde_json::Map<String, serde_json::Value>;

/// The Terraform addresses that runs have written, by layout and stack.
///
/// The layouts name things differently, so each has addresses of its own. A ledger without any
/// for a layout says nothing about earlier runs; one with addresses says all.
///
/// ```
/// use ecrane_terraform::Ledger;
///
/// let text = r#"{"version":1,"plain":{"Shop":{"folder":"Shop","addresses":{
///     "aws_ecr_repository.app":{"path":"App/Resource","name":"shop/app","retained":true}
/// }}}}"#;
/// let ledger = Ledger::parse(text.as_bytes())?;
/// assert_eq!(Ledger::parse(&ledger.to_json()?)?, ledger);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ledger {
    version: Version,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    plain: Option<Stacks>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cdktf: Option<Stacks>,
}

/// Stacks by construct id.
type Stacks = BTreeMap<String, StackLedger>;

/// The only version there is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
struct Version;

impl TryFrom<u32> for Version {
    type Error = String;

    fn try_from(number: u32) -> Result<Self, String> {
        if number == VERSION { Ok(Self) } else { Err(format!("version {number} is not known")) }
    }
}

impl From<Version> for u32 {
    fn from(_: Version) -> Self {
        VERSION
    }
}

/// What runs have written for one stack.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StackLedger {
    /// The folder of its module below the output folder.
    pub(crate) folder: String,
    /// The module's `terraform` block, without what the ledger itself demands of Terraform.
    #[serde(default, skip_serializing_if = "Arguments::is_empty")]
    pub(crate) terraform: Arguments,
    /// The module's `provider` blocks, so that its states can be applied when the stack is gone.
    #[serde(default, skip_serializing_if = "Arguments::is_empty")]
    pub(crate) provider: Arguments,
    /// What the module declares.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) addresses: BTreeMap<Address, Entry>,
    /// What an earlier module declared and is retained: it has a `removed` block.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) gone: BTreeMap<Address, Entry>,
    /// Former addresses of what is declared, each with the one that came next: `moved` blocks.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) moved: BTreeMap<Address, Address>,
}

impl StackLedger {
    /// Where the module says that its state is kept, if that is not a local file.
    pub(crate) fn backend(&self) -> Option<serde_json::Value> {
        let backend = self.terraform.get("backend")?;
        backend.get("local").is_none().then(|| backend.clone())
    }
}

/// What is known about an address.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Entry {
    /// The construct path below the stack.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) path: Option<String>,
    /// The physical name, where it has one of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<String>,
    /// Whether it stays in the account when it leaves its stack.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) retained: bool,
    /// The resource that it is a part of in CloudFormation, and stays with: a repository's policies
    /// are properties of the repository there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) of: Option<Address>,
}

impl Ledger {
    /// Reads a ledger.
    ///
    /// # Errors
    /// When the text is not a ledger, or one of a later version.
    pub fn parse(text: &[u8]) -> Result<Self, LedgerError> {
        serde_json::from_slice(text).map_err(|source| LedgerError { source })
    }

    /// The ledger as a file: sorted, an address a line, so that a diff shows what changed.
    ///
    /// # Errors
    /// When an argument of a provider or backend has no form in JSON.
    pub fn to_json(&self) -> serde_json::Result<Vec<u8>> {
        format::to_json(self)
    }

    /// Whether the ledger knows what earlier runs wrote in a layout.
    pub fn knows(&self, layout: Layout) -> bool {
        self.stacks(layout).is_some()
    }

    /// Takes over what a module says that an earlier run wrote, where the ledger knows nothing
    /// about its stack. A text that is no module says nothing.
    ///
    /// `folder` is where the module lies below the output folder; `stack` the id of its stack.
    pub fn learn_module(&mut self, layout: Layout, stack: &str, folder: &str, module: &[u8]) {
        if let Some(learnt) = module::stack_ledger(stack, folder, module) {
            self.stacks_mut(layout).entry(stack.to_owned()).or_insert(learnt);
        }
    }

    /// Takes over the resources of a Terraform state (the file, version 4, or what `terraform show
    /// -json` prints of it), as far as the ledger does not know their addresses.
    ///
    /// A state does not say what is retained: repositories and KMS keys are taken as retained,
    /// except a repository with `force_delete`, which cannot be.
    ///
    /// # Errors
    /// When the text is no state.
    pub fn learn_state(
        &mut self,
        layout: Layout,
        stack: &str,
        state: &[u8],
    ) -> Result<(), StateError> {
        let learnt = state::addresses(state)?;
        let entry = self.stacks_mut(layout).entry(stack.to_owned()).or_default();
        for (address, learnt) in learnt {
            let known = entry.gone.contains_key(&address) || entry.moved.contains_key(&address);
            if !known {
                entry.addresses.entry(address).or_insert(learnt);
            }
        }
        Ok(())
    }

    /// Replaces what is said about some stacks of a layout by what another ledger says about them,
    /// and leaves the others as they are.
    pub fn take(&mut self, other: &Self, layout: Layout, is_taken: impl Fn(&str) -> bool) {
        let stacks = self.stacks_mut(layout);
        stacks.retain(|id, _| !is_taken(id));
        let taken = other.stacks(layout).into_iter().flatten().filter(|(id, _)| is_taken(id));
        stacks.extend(taken.map(|(id, stack)| (id.clone(), stack.clone())));
    }

    pub(crate) fn stacks(&self, layout: Layout) -> Option<&Stacks> {
        match layout {
            Layout::Plain => self.plain.as_ref(),
            Layout::Cdktf => self.cdktf.as_ref(),
        }
    }

    pub(crate) fn stacks_mut(&mut self, layout: Layout) -> &mut Stacks {
        match layout {
            Layout::Plain => self.plain.get_or_insert_default(),
            Layout::Cdktf => self.cdktf.get_or_insert_default(),
        }
    }
}

/// A text is not an address ledger.
#[derive(Debug, Error)]
#[error("not an address ledger")]
pub struct LedgerError {
    source: serde_json::Error,
}

impl Explain for LedgerError {
    fn code(&self) -> &'static str {
        "terraform::ledger_malformed"
    }

    fn help(&self) -> Option<String> {
        Some("restore the file from version control".to_owned())
    }
}
