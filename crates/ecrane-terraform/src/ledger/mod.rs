//! The address ledger: the Terraform addresses of earlier runs.
//!
//! Terraform destroys a resource that is in the state but no longer declared, and `prevent_destroy`
//! is removed together with its block. A retained resource therefore needs a `removed` block as long
//! as any state can contain it, and a resource whose address changes needs a `moved` block. The graph
//! only contains the current resources, so the ledger records the addresses.

mod address;
mod change;
mod format;
mod module;
mod state;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::ops::Deref;
use std::sync::Arc;

use ecrane_core::Explain;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use thiserror::Error;

pub use address::{Address, AddressError};
use change::end;
pub(crate) use change::{Change, Conflict, compare};
pub use state::StateError;
pub(crate) use state::ids;

use crate::options::Layout;
use crate::targets::TargetsLedger;

/// The format version.
const VERSION: u32 = 1;

type Arguments = serde_json::Map<String, serde_json::Value>;

/// The Terraform addresses of earlier runs, by layout and stack.
///
/// Each layout has its own names, and therefore its own addresses. A ledger without addresses for a
/// layout contains nothing about earlier runs with it; otherwise it is complete.
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

/// Stacks by construct ID.
type Stacks = BTreeMap<String, SharedStack>;

/// The only format version.
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

/// The addresses of one stack, which the ledgers before and after a run share if they are the same.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct SharedStack(Arc<StackLedger>);

impl SharedStack {
    /// The addresses, in the memory of the earlier ones if nothing changed.
    pub(crate) fn over(stack: StackLedger, before: Option<&Self>) -> Self {
        before.filter(|before| *before.0 == stack).cloned().unwrap_or_else(|| stack.into())
    }

    fn to_mut(&mut self) -> &mut StackLedger {
        Arc::make_mut(&mut self.0)
    }
}

impl From<StackLedger> for SharedStack {
    fn from(stack: StackLedger) -> Self {
        Self(Arc::new(stack))
    }
}

impl Deref for SharedStack {
    type Target = StackLedger;

    fn deref(&self) -> &StackLedger {
        &self.0
    }
}

impl Serialize for SharedStack {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for SharedStack {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        StackLedger::deserialize(deserializer).map(Self::from)
    }
}

/// The addresses of one stack.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StackLedger {
    /// The directory of its module, below the output directory.
    pub(crate) folder: String,
    /// The module's `terraform` block, without the version that `removed` and `moved` blocks need.
    #[serde(default, skip_serializing_if = "Arguments::is_empty")]
    pub(crate) terraform: Arguments,
    /// The module's `provider` blocks, with which its module is rendered after the stack is removed.
    #[serde(default, skip_serializing_if = "Arguments::is_empty")]
    pub(crate) provider: Arguments,
    /// The accounts and regions, if root modules for each of them call the module.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) targets: Option<TargetsLedger>,
    /// The declared resources.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) addresses: BTreeMap<Address, Entry>,
    /// Retained resources that are no longer declared: the `removed` blocks.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) gone: BTreeMap<Address, Entry>,
    /// Former addresses of declared resources, each with the next address: the `moved` blocks.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) moved: BTreeMap<Address, Address>,
    /// The addresses in a Terraform state that this run reads, each with what tells the resource from
    /// others of its type (see `state`), if known.
    #[serde(skip)]
    pub(crate) state: BTreeMap<Address, Option<String>>,
}

impl StackLedger {
    /// The addresses at which a state has its resources once the changes are applied.
    pub(crate) fn in_state(&self, change: &Change) -> BTreeSet<Address> {
        self.state.keys().map(|address| end(&change.moved, address).clone()).collect()
    }

    /// The backend of the module, unless it is a local file.
    pub(crate) fn backend(&self) -> Option<serde_json::Value> {
        let backend = self.terraform.get("backend")?;
        backend.get("local").is_none().then(|| backend.clone())
    }
}

/// A resource at an address.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Entry {
    /// The construct path below the stack.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) path: Option<String>,
    /// The physical name, if the module specifies one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<String>,
    /// Whether the resource is retained when it is removed from its stack.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) retained: bool,
    /// The resource that it is retained with, for resources that are properties in CloudFormation:
    /// the policies of a repository.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) of: Option<Address>,
}

impl Ledger {
    /// Parses a ledger.
    ///
    /// # Errors
    /// If the text is not a ledger, or has a later format version.
    pub fn parse(text: &[u8]) -> Result<Self, LedgerError> {
        serde_json::from_slice(text).map_err(|source| LedgerError { source })
    }

    /// Writes the ledger: sorted, one address per line, for readable diffs.
    ///
    /// # Errors
    /// If an argument of a provider or backend cannot be serialized.
    pub fn to_json(&self) -> serde_json::Result<Vec<u8>> {
        let mut text = Vec::new();
        self.write(&mut text)?;
        Ok(text)
    }

    /// Writes the text of [`Ledger::to_json`], which can be long.
    ///
    /// # Errors
    /// As [`Ledger::to_json`], and if the writer fails.
    pub fn write(&self, writer: impl io::Write) -> serde_json::Result<()> {
        format::write(self, writer)
    }

    /// Whether the ledger contains addresses for a layout.
    pub fn knows(&self, layout: Layout) -> bool {
        self.stacks(layout).is_some()
    }

    /// Adds the addresses of a module of an earlier run, if the ledger does not contain its stack. A
    /// text that is not a module is ignored.
    ///
    /// `folder` is the directory of the module below the output directory, and `stack` the ID of its
    /// stack.
    pub fn learn_module(&mut self, layout: Layout, stack: &str, folder: &str, module: &[u8]) {
        if let Some(learnt) = module::stack_ledger(stack, folder, module) {
            self.stacks_mut(layout).entry(stack.to_owned()).or_insert(learnt.into());
        }
    }

    /// Adds the resources of a Terraform state (the file, version 4, or the output of `terraform show
    /// -json`) whose addresses the ledger does not contain, those of child modules and the instances
    /// of `count` and `for_each` included.
    ///
    /// A state does not record retention. Repositories and KMS keys are considered retained, except
    /// repositories with `force_delete`.
    ///
    /// # Errors
    /// If the text is not a state.
    pub fn learn_state(
        &mut self,
        layout: Layout,
        stack: &str,
        state: &[u8],
    ) -> Result<(), StateError> {
        let learnt = state::addresses(state)?;
        let entry = self.stacks_mut(layout).entry(stack.to_owned()).or_default().to_mut();
        for (address, (learnt, identity)) in learnt {
            entry.state.insert(address.clone(), identity);
            let known = entry.gone.contains_key(&address) || entry.moved.contains_key(&address);
            if !known {
                entry.addresses.entry(address).or_insert(learnt);
            }
        }
        Ok(())
    }

    /// Adds the address of a resource in a state, with the construct path that the resource has now.
    ///
    /// `of` is the address of the repository, role or rule that it is a part of, and `retained` says
    /// whether the resource must not be deleted.
    ///
    /// ```
    /// use ecrane_terraform::{Address, Layout, Ledger};
    ///
    /// let address = Address::try_from("module.ecr[\"app\"].aws_ecr_repository.this[0]".to_owned())?;
    /// let mut ledger = Ledger::default();
    /// ledger.learn_address(Layout::Plain, "Shop", address, "App/Resource", None, true);
    /// assert!(ledger.knows(Layout::Plain));
    /// # Ok::<(), ecrane_terraform::AddressError>(())
    /// ```
    pub fn learn_address(
        &mut self,
        layout: Layout,
        stack: &str,
        address: Address,
        path: &str,
        of: Option<Address>,
        retained: bool,
    ) {
        let entry = Entry { path: Some(path.to_owned()), name: None, retained, of };
        let stack = self.stacks_mut(layout).entry(stack.to_owned()).or_default().to_mut();
        stack.addresses.insert(address, entry);
    }

    /// The ledger with the entries of some stacks of a layout only, and otherwise those of an earlier
    /// one.
    #[must_use]
    pub fn over(mut self, before: &Self, layout: Layout, is_taken: impl Fn(&str) -> bool) -> Self {
        let stacks = self.stacks_mut(layout);
        stacks.retain(|id, _| is_taken(id));
        let kept = before.stacks(layout).into_iter().flatten().filter(|(id, _)| !is_taken(id));
        stacks.extend(kept.map(|(id, stack)| (id.clone(), stack.clone())));
        self
    }

    /// The entries of the other layouts.
    pub(crate) fn without(&self, layout: Layout) -> Self {
        let (plain, cdktf) = match layout {
            Layout::Plain => (None, self.cdktf.clone()),
            Layout::Cdktf => (self.plain.clone(), None),
        };
        Self { version: self.version, plain, cdktf }
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

/// An invalid address ledger.
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
