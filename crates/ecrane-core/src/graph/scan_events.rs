//! Event rules for scans that the registry does not make.
//!
//! Source: ECR user guide, "Scan images for OS vulnerabilities and programming language package
//! vulnerabilities in Amazon ECR"
//! (<https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning-enhanced.html>): with
//! enhanced scanning, Amazon Inspector scans, and there are no basic scans. The events of each are in
//! "Amazon ECR events and EventBridge"
//! (<https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-eventbridge.html>) and "EventBridge
//! events sent for enhanced scanning in Amazon ECR"
//! (<https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning-enhanced-events.html>).

use ecrane_document::{Explain, Place};
use thiserror::Error;

use super::registries::Registries;
use crate::bounds::Findings;
use crate::resource::{EventRuleResource, ResourceKind, ScanType};
use crate::stack::StackNode;
use crate::value::Json;

/// The types of events that only one type of scanning sends.
const EVENTS: [(&str, ScanType); 4] = [
    ("ECR Image Scan", ScanType::Basic),
    ("ECR Scan Resource Change", ScanType::Enhanced),
    ("Inspector2 Finding", ScanType::Enhanced),
    ("Inspector2 Scan", ScanType::Enhanced),
];

/// Warns of each rule that matches only events of the other scan type.
pub(super) fn check(stacks: &[StackNode], findings: &mut Findings) {
    let with = |scan_type| {
        Registries::with(
            stacks,
            move |kind| matches!(kind, ResourceKind::ScanningConfiguration(it) if it.scan_type == scan_type),
        )
    };
    let (basic, enhanced) = (with(ScanType::Basic), with(ScanType::Enhanced));
    for stack in stacks {
        for resource in &stack.resources {
            let ResourceKind::EventRule(rule) = &resource.kind else { continue };
            let Some((detail_type, needed)) = scan_events(rule) else { continue };
            let (set, scan_type) = match needed {
                ScanType::Basic => (enhanced.setting_of(stack), ScanType::Enhanced),
                ScanType::Enhanced => (basic.setting_of(stack), ScanType::Basic),
            };
            if let Some(set) = set {
                let place = rule.detail_type_place(&resource.place);
                let set = set.key("scanType");
                findings.warning(place, ScanEventWarning { detail_type, scan_type, set });
            }
        }
    }
}

/// The scan type that sends all events that a rule matches, with the type of the first of them.
fn scan_events(rule: &EventRuleResource) -> Option<(&'static str, ScanType)> {
    let Some(Json::List(types)) = rule.pattern.get("detail-type") else { return None };
    let mut found = types.iter().map(|item| {
        let Json::Text(text) = item else { return None };
        let text = text.as_literal()?;
        EVENTS.iter().find(|(detail_type, _)| *detail_type == text)
    });
    let first = *found.next()??;
    found.all(|other| other.is_some_and(|(_, scan_type)| *scan_type == first.1)).then_some(first)
}

/// An event rule matches only events of scans that the registry does not make.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("the registry scans `{}`, which sends no event `{detail_type}`", .scan_type.as_str())]
pub struct ScanEventWarning {
    /// The type of the event.
    pub detail_type: &'static str,
    /// The scan type of the registry.
    pub scan_type: ScanType,
    /// The place of the scan type in the input.
    pub set: Place,
}

impl Explain for ScanEventWarning {
    fn code(&self) -> &'static str {
        "event::other_scan_type"
    }

    fn help(&self) -> Option<String> {
        Some(
            match self.scan_type {
                ScanType::Enhanced => {
                    "use `on: scanCompletedEnhanced`, or `on: inspectorFinding` for each finding: Amazon Inspector scans the images (ECR user guide, \"EventBridge events sent for enhanced scanning in Amazon ECR\")"
                }
                ScanType::Basic => {
                    "use `on: imageScanCompleted`, or set `scanType: ENHANCED` in `registry.scanning` (ECR user guide, \"EventBridge events sent for enhanced scanning in Amazon ECR\")"
                }
            }
            .to_owned(),
        )
    }

    fn related(&self) -> Option<(&Place, &'static str)> {
        Some((&self.set, "the scan type is set here"))
    }
}
