//! A backend that is not ours builds and runs on the public contract.

use std::path::Path;
use std::process::Command;

#[test]
fn a_backend_of_somebody_else_renders_a_graph() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let example = root.join("examples/custom-backend");
    let output = Command::new(env!("CARGO"))
        .args(["run", "--quiet", "--locked", "--manifest-path"])
        .arg(example.join("Cargo.toml"))
        .arg("--target-dir")
        // Shares what both depend on.
        .arg(root.join("target"))
        .arg("--")
        .arg(example.join("ecrane.yaml"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let expected = std::fs::read_to_string(example.join("expected.txt")).unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap(), expected);
}
