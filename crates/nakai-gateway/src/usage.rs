//! What was used, as callers and the command line see it.

use std::iter::zip;

use nakai_api::{UsageGroup, UsageReport};
use nakai_ports::{StoreError, UsageQuery, UsageStore};
use nakai_types::{TenantId, UsageSums};

/// Asks for the groups and for the sum of all.
pub async fn usage_report(
    store: &dyn UsageStore,
    tenant: Option<&TenantId>,
    query: &UsageQuery,
) -> Result<UsageReport, StoreError> {
    let all = UsageQuery {
        by: Vec::new(),
        limit: 1,
        ..query.clone()
    };
    // One more than asked for tells whether there are more.
    let more = UsageQuery {
        limit: query.limit.saturating_add(1),
        ..query.clone()
    };
    let mut groups = store.usage(tenant, &more).await?;
    let total = match (query.by.is_empty(), groups.first()) {
        (true, Some(all)) => all.sums,
        _ => store
            .usage(tenant, &all)
            .await?
            .first()
            .map_or_else(UsageSums::default, |all| all.sums),
    };
    let limit = usize::try_from(query.limit).unwrap_or(usize::MAX);
    let truncated = groups.len() > limit;
    groups.truncate(limit);
    let names = || query.by.iter().map(|dimension| dimension.name().to_owned());
    let groups = groups.into_iter().map(|group| UsageGroup {
        values: zip(names(), group.values).collect(),
        figures: group.sums.into(),
    });
    Ok(UsageReport {
        by: names().collect(),
        groups: groups.collect(),
        total: total.into(),
        truncated,
    })
}
