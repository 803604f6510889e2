//! The accounts and regions of a stack that is deployed to each of them.

use std::str::FromStr;
use std::sync::Arc;

use ecrane_core::{
    Amount, AutoDeployment, CallAs, ConcurrencyMode, Explain, OperationPreferences, Place,
    RegionConcurrencyType, TargetAccounts, Targets,
};

use super::Program;
use crate::element;
use crate::error::ConfigError;

impl Program<'_> {
    /// The targets of a stack, unless they have errors.
    pub(super) fn targets(
        &self,
        targets: &element::Targets,
        place: &Place,
    ) -> Option<Arc<Targets>> {
        let element::Targets {
            accounts,
            organizational_units,
            regions,
            execution_role_name,
            administration_role_arn,
            auto_deployment,
            call_as,
            operation_preferences,
            template_url_prefix,
        } = targets;
        let of_accounts = [
            ("executionRoleName", execution_role_name.is_some()),
            ("administrationRoleArn", administration_role_arn.is_some()),
        ];
        let of_units =
            [("autoDeployment", auto_deployment.is_some()), ("callAs", call_as.is_some())];
        let only_with = |given: [(&'static str, bool); 2], with| {
            for (property, _) in given.into_iter().filter(|(_, is_given)| *is_given) {
                let error = ConfigError::OnlyWith { property, with };
                self.error(place.key(property).on_key(), error);
            }
        };
        let execution_role_name =
            self.parse_option(execution_role_name.as_deref(), place, "executionRoleName");
        let administration_role_arn =
            self.parse_option(administration_role_arn.as_deref(), place, "administrationRoleArn");
        let accounts = match (accounts, organizational_units) {
            (Some(_), Some(_)) => {
                let error = ConfigError::Both { one: "accounts", other: "organizationalUnits" };
                self.error(place.key("organizationalUnits").on_key(), error);
                None
            }
            (None, None) => {
                let with = "accounts` or `organizationalUnits";
                self.error(place.clone(), ConfigError::OnlyWith { property: "targets", with });
                None
            }
            (Some(accounts), None) => {
                only_with(of_units, "organizationalUnits");
                Some(TargetAccounts::SelfManaged {
                    accounts: self.parse_all(accounts, &place.key("accounts"))?,
                    administration_role_arn,
                    execution_role_name,
                })
            }
            (None, Some(units)) => {
                only_with(of_accounts, "accounts");
                Some(TargetAccounts::ServiceManaged {
                    organizational_units: self
                        .parse_all(units, &place.key("organizationalUnits"))?,
                    auto_deployment: self.auto_deployment(
                        auto_deployment.unwrap_or_default(),
                        &place.key("autoDeployment"),
                    ),
                    call_as: call_as.map(|call_as| match call_as {
                        element::CallAs::Myself => CallAs::Myself,
                        element::CallAs::DelegatedAdmin => CallAs::DelegatedAdmin,
                    }),
                })
            }
        };
        let regions = self.parse_all(regions, &place.key("regions"))?;
        let operation_preferences = match operation_preferences {
            None => None,
            Some(it) => Some(self.operation_preferences(it, &place.key("operationPreferences"))?),
        };
        let template_url_prefix =
            self.parse_option(template_url_prefix.as_deref(), place, "templateUrlPrefix");
        let accounts = accounts?;
        Some(Arc::new(Targets { accounts, regions, operation_preferences, template_url_prefix }))
    }

    fn auto_deployment(&self, given: element::AutoDeployment, place: &Place) -> AutoDeployment {
        let element::AutoDeployment { enabled, retain_stacks_on_account_removal: retain } = given;
        let property = "retainStacksOnAccountRemoval";
        if enabled == Some(false) && retain.is_some() {
            let error = ConfigError::OnlyWith { property, with: "enabled: true" };
            self.error(place.key(property).on_key(), error);
        }
        let default = AutoDeployment::default();
        AutoDeployment {
            enabled: enabled.unwrap_or(default.enabled),
            retain_stacks_on_account_removal: retain
                .unwrap_or(default.retain_stacks_on_account_removal),
        }
    }

    fn operation_preferences(
        &self,
        given: &element::OperationPreferences,
        place: &Place,
    ) -> Option<OperationPreferences> {
        let element::OperationPreferences {
            failure_tolerance_count,
            failure_tolerance_percentage,
            max_concurrent_count,
            max_concurrent_percentage,
            concurrency_mode,
            region_concurrency_type,
            region_order,
        } = given;
        let amount = |(one, count): (&'static str, Option<u32>),
                      (other, percentage): (_, Option<u32>)| {
            if count.is_some() && percentage.is_some() {
                self.error(place.key(other).on_key(), ConfigError::Both { one, other });
            }
            count.map(Amount::Count).or(percentage.map(Amount::Percentage))
        };
        let failure_tolerance = amount(
            ("failureToleranceCount", *failure_tolerance_count),
            ("failureTolerancePercentage", *failure_tolerance_percentage),
        );
        let max_concurrent = amount(
            ("maxConcurrentCount", *max_concurrent_count),
            ("maxConcurrentPercentage", *max_concurrent_percentage),
        );
        Some(OperationPreferences {
            failure_tolerance,
            max_concurrent,
            concurrency_mode: concurrency_mode.map(|mode| match mode {
                element::ConcurrencyMode::StrictFailureTolerance => {
                    ConcurrencyMode::StrictFailureTolerance
                }
                element::ConcurrencyMode::SoftFailureTolerance => {
                    ConcurrencyMode::SoftFailureTolerance
                }
            }),
            region_concurrency_type: region_concurrency_type.map(|kind| match kind {
                element::RegionConcurrencyType::Sequential => RegionConcurrencyType::Sequential,
                element::RegionConcurrencyType::Parallel => RegionConcurrencyType::Parallel,
            }),
            region_order: self.parse_all(region_order, &place.key("regionOrder"))?,
        })
    }

    /// Parses the items of a list, and reports each that is invalid.
    fn parse_all<T: FromStr<Err: Explain>>(
        &self,
        items: &[String],
        place: &Place,
    ) -> Option<Vec<T>> {
        let parsed = items.iter().enumerate().map(|(at, item)| self.parse(item, place.index(at)));
        // All of them are parsed, so that each error is reported.
        parsed.collect::<Vec<_>>().into_iter().collect()
    }
}
