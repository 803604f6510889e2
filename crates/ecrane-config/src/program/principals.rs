//! Roles, users and groups of a config.

use ecrane_construct::{
    Group, GroupProps, ManagedPolicyName, Principal, Role, RoleProps, User, UserProps,
};
use ecrane_core::Place;

use super::{Program, StackProgram};
use crate::element::{self, Identity, Principal as PrincipalConfig};

impl Program<'_> {
    pub(super) fn principals(&mut self, index: usize) {
        // A trust policy may refer to another principal of the app, so principals are created one
        // by one.
        let Some(this) = self.stacks.get(index).filter(|this| this.shard.holds_the_rest()) else {
            return;
        };
        let count = this.config.principals.len();
        for position in 0..count {
            let Some(this) = self.stacks.get(index) else { return };
            let Some((id, config)) = this.config.principals.get_index(position) else { return };
            let place = this.place.key("principals").key(id);
            let made = self.principal_construct(this, id, config, &place);
            if let (Some(principal), Some(this)) = (made, self.stacks.get_mut(index)) {
                this.principals.insert(id, principal);
            }
        }
    }

    /// Names the inline policies, which grants create.
    pub(super) fn inline_policies(&mut self, index: usize) {
        let Some(this) = self.stacks.get(index).filter(|this| this.shard.holds_the_rest()) else {
            return;
        };
        for (id, config) in &this.config.principals {
            // A principal that could not be made has an error of its own.
            if let Some(policy) = &config.inline_policy
                && this.principals.contains_key(id.as_str())
            {
                let place = this.place.key("principals").key(id).key("inlinePolicy");
                this.stack.at(place).add_policy_addresses(id, policy.addresses());
            }
        }
    }

    fn principal_construct(
        &self,
        this: &StackProgram<'_>,
        id: &str,
        config: &PrincipalConfig,
        place: &Place,
    ) -> Option<Principal> {
        let stack = &this.stack.at(place.clone());
        Some(match &config.identity {
            Identity::Role(role) => {
                let props = self.role_props(this, role, &place.key("role"))?;
                Principal::from(&Role::new(stack, id, props))
            }
            Identity::User(user) => {
                let props = UserProps {
                    user_name: user.user_name.clone(),
                    path: user.path.clone(),
                    addresses: user.address_keys().addresses(),
                };
                Principal::from(&User::new(stack, id, props))
            }
            Identity::Group(group) => {
                let props = GroupProps {
                    group_name: group.group_name.clone(),
                    addresses: group.address_keys().addresses(),
                };
                Principal::from(&Group::new(stack, id, props))
            }
            Identity::RoleArn(arn) => {
                let arn = self.parse(arn, place.key("roleArn"))?;
                Principal::from(&Role::from_role_arn(stack, id, arn))
            }
            Identity::UserArn(arn) => {
                let arn = self.parse(arn, place.key("userArn"))?;
                Principal::from(&User::from_user_arn(stack, id, arn))
            }
            Identity::GroupArn(arn) => {
                let arn = self.parse(arn, place.key("groupArn"))?;
                Principal::from(&Group::from_group_arn(stack, id, arn))
            }
        })
    }

    fn role_props(
        &self,
        this: &StackProgram<'_>,
        role: &element::Role,
        place: &Place,
    ) -> Option<RoleProps> {
        let assumed_by = self.principal(this, &role.assumed_by, &place.key("assumedBy"))?;
        let mut managed_policies = Vec::new();
        for (index, policy) in role.managed_policies.iter().enumerate() {
            if policy.starts_with("arn:") {
                let place = place.key("managedPolicies").index(index);
                managed_policies.extend(self.parse(policy, place).map(ManagedPolicyName::Arn));
            } else {
                managed_policies.push(ManagedPolicyName::Aws(policy.clone()));
            }
        }
        Some(RoleProps {
            assumed_by,
            role_name: role.role_name.clone(),
            description: role.description.clone(),
            max_session_duration: role.max_session_duration,
            path: role.path.clone(),
            managed_policies,
            permissions_boundary: self.parse_option(
                role.permissions_boundary.as_deref(),
                place,
                "permissionsBoundary",
            ),
            addresses: role.address_keys().addresses(),
        })
    }
}
