//! ecrane-cloudformation

mod assembly;

pub use assembly::{ASSEMBLY_VERSION, AssemblyError, Manifest, manifest, template_file};
