//! Fuzzes what reads configs and lifecycle policies: no text makes ecrane panic, hang, or take
//! memory out of proportion.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

use crate::failure::Failure;
use crate::report::{Tally, missing, say};
use crate::{terraform, tools};

/// The targets, each a program in `crates/xtask/fuzz/src/bin`.
const TARGETS: [&str; 5] = ["yaml", "json", "toml", "structure", "lifecycle"];

/// How long a run of all checks fuzzes each target, in seconds.
pub(crate) const SECONDS: u64 = 20;

/// The limits for one input: 20 KiB of text, in bytes, 10 seconds, and 512 MiB. Most inputs take
/// less than 100 MiB, and the presets of a config may expand to 32 MiB.
const LIMITS: [&str; 3] = ["-max_len=20480", "-timeout=10", "-rss_limit_mb=512"];

/// Instruments for libFuzzer. These options of LLVM exist in stable compilers.
const INSTRUMENTATION: &str = "--cfg fuzzing -Cpasses=sancov-module \
    -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
    -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares";

/// Fuzzes each target whose name contains `only` for some seconds.
pub(crate) fn run(only: &str, seconds: u64) -> Result<Tally, Failure> {
    if !tools::has("c++") {
        return missing("a C++ compiler, which compiles libFuzzer");
    }
    let programs = build()?;
    let desk = tools::target().join("xtask/fuzz");
    fs::create_dir_all(&desk).map_err(Failure::file(&desk))?;
    let words = desk.join("words.dict");
    fs::write(&words, dictionary()?).map_err(Failure::file(&words))?;
    let mut tally = Tally::default();
    for target in TARGETS.into_iter().filter(|target| target.contains(only)) {
        let found = desk.join(target);
        fs::create_dir_all(&found).map_err(Failure::file(&found))?;
        let mut command = Command::new(programs.join(target));
        command
            .args(LIMITS)
            .args(["-seed=1", "-print_final_stats=1"])
            .arg(format!("-max_total_time={seconds}"))
            .arg(format!("-dict={}", words.display()))
            .arg(format!("-artifact_prefix={}/{target}-", desk.display()))
            // New inputs go to the first directory.
            .arg(&found)
            .arg(folder().join("corpus").join(target));
        let output = tools::output(&mut command)?;
        let text = terraform::said(&output);
        let count = |name| statistic(&text, name).unwrap_or("?");
        let (inputs, memory) = (count("number_of_executed_units"), count("peak_rss_mb"));
        say(format_args!("{target}: {inputs} inputs, at most {memory} MB"))?;
        // A target that runs nothing has found nothing.
        let passed = output.status.success() && inputs.parse().is_ok_and(|count: u64| count > 0);
        if !passed {
            say(tail(&text))?;
        }
        tally.add(Tally::one(passed));
    }
    Ok(tally)
}

fn folder() -> PathBuf {
    tools::root().join("crates/xtask/fuzz")
}

/// Builds the targets, and returns the directory of the programs.
fn build() -> Result<PathBuf, Failure> {
    let version = tools::run(Command::new("rustc").arg("-vV"))?;
    let version = String::from_utf8_lossy(&version.stdout).into_owned();
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).unwrap_or_default();
    let target = tools::target().join("fuzz");
    tools::run(
        Command::new("cargo")
            // With a target, the flags do not apply to build scripts and macros.
            .args(["build", "--quiet", "--locked", "--release", "--target", host])
            .current_dir(folder())
            .env("CARGO_TARGET_DIR", &target)
            .env("RUSTFLAGS", INSTRUMENTATION),
    )?;
    Ok(target.join(host).join("release"))
}

/// The keys and words of configs in the format of libFuzzer.
fn dictionary() -> Result<String, Failure> {
    let path = tools::root().join("schemas/ecrane.schema.json");
    let text = fs::read_to_string(&path).map_err(Failure::file(&path))?;
    let schema = serde_json::from_str(&text)
        .map_err(|source| Failure::Answer { program: "ecrane schema", source })?;
    let mut words = BTreeSet::new();
    collect(&schema, &mut words);
    let lines: Vec<_> = words.into_iter().map(|word| format!("\"{word}\"\n")).collect();
    Ok(lines.concat())
}

/// Adds the keys and the constants of a schema.
fn collect(schema: &Value, words: &mut BTreeSet<String>) {
    match schema {
        Value::Object(map) => {
            for (key, value) in map {
                match (key.as_str(), value) {
                    ("properties", Value::Object(properties)) => {
                        words.extend(properties.keys().cloned());
                    }
                    ("const", Value::String(word)) => {
                        words.insert(word.clone());
                    }
                    ("enum", Value::Array(constants)) => {
                        words.extend(constants.iter().filter_map(Value::as_str).map(str::to_owned));
                    }
                    _ => {}
                }
                collect(value, words);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, words)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
    // The format has no escape sequences for other characters.
    words.retain(|word| word.chars().all(|c| c.is_ascii_graphic() && c != '"' && c != '\\'));
}

/// A statistic that libFuzzer prints at the end.
fn statistic<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    let prefix = format!("stat::{name}:");
    text.lines().find_map(|line| line.strip_prefix(&prefix)).map(str::trim)
}

/// The last lines, which say what was found.
fn tail(text: &str) -> String {
    let lines: Vec<_> = text.lines().collect();
    lines.get(lines.len().saturating_sub(60)..).unwrap_or_default().join("\n")
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn each_target_has_a_program_and_a_corpus() {
        let names = |path: &Path, suffix: &str| -> BTreeSet<String> {
            let entries = fs::read_dir(path).unwrap();
            let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
            names.map(|name| name.trim_end_matches(suffix).to_owned()).collect()
        };
        let targets: BTreeSet<_> = TARGETS.map(str::to_owned).into();
        assert_eq!(names(&folder().join("src/bin"), ".rs"), targets);
        assert_eq!(names(&folder().join("corpus"), ""), targets);
        for target in TARGETS {
            assert!(!names(&folder().join("corpus").join(target), "").is_empty(), "{target}");
        }
    }

    #[test]
    fn the_statistics_are_read() {
        let text = "Done\nstat::number_of_executed_units: 12\nstat::peak_rss_mb:   85\n";
        assert_eq!(statistic(text, "number_of_executed_units"), Some("12"));
        assert_eq!(statistic(text, "peak_rss_mb"), Some("85"));
        assert_eq!(statistic(text, "slowest_unit_time_sec"), None);
    }

    #[test]
    fn the_dictionary_has_the_words_of_configs() {
        let words = dictionary().unwrap();
        assert!(words.contains("\"lifecycleRules\"\n") && words.contains("\"MUTABLE\"\n"));
    }
}
