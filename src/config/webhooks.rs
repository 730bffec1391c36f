//! Settings of webhooks.

use clap::Args;

use crate::domain::public_address::AddressPolicy;
use crate::domain::webhook::RetrySchedule;

/// Settings of webhooks.
#[derive(Debug, Clone, Args)]
pub struct Webhooks {
    /// Do not deliver webhooks from this server.
    #[arg(long, global = true, env = "CLAUSEWATCH_NO_WEBHOOKS", default_value_t = false)]
    pub no_webhooks: bool,

    /// Allow webhooks with plain HTTP and with private addresses, such as `http://10.0.0.5/hook`. Admins can then send requests into
    /// the server's network.
    #[arg(
        long,
        global = true,
        env = "CLAUSEWATCH_WEBHOOK_PRIVATE_ADDRESSES",
        default_value_t = false
    )]
    pub webhook_private_addresses: bool,

    /// The delays between attempts to deliver a message, separated by commas. Each is a number followed by s, m or h. If the
    /// last attempt fails, the webhook is disabled.
    #[arg(
        long,
        global = true,
        env = "CLAUSEWATCH_WEBHOOK_RETRY",
        value_name = "DELAYS",
        default_value = "5s,5m,30m,2h,5h,10h,14h,20h,24h",
        value_parser = RetrySchedule::parse
    )]
    pub webhook_retry: RetrySchedule,
}

impl Webhooks {
    /// The addresses to which messages may be sent.
    #[must_use]
    pub fn addresses(&self) -> AddressPolicy {
        if self.webhook_private_addresses { AddressPolicy::Any } else { AddressPolicy::Public }
    }
}
