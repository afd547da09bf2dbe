//! `nakai usage`: what turns and calls of models used, from the store or from a running server.

mod table;

use std::fs;

use anyhow::{Context, Result, anyhow, bail};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use nakai_api::UsageReport;
use nakai_config::Secret;
use nakai_gateway::usage_report;
use nakai_ports::UsageQuery;
use nakai_store::{Store, StoreConfig};
use nakai_types::UsageDimension;

use crate::{
    cli::{Usage, UsageFormat},
    output::say,
};

pub(crate) async fn run(options: &Usage) -> Result<()> {
    let query = UsageQuery {
        by: options.by.clone(),
        since_ms: options.since,
        until_ms: options.until,
        limit: options.limit,
    };
    let report = match &options.server {
        Some(server) => of_server(server, options.key.as_deref(), &query).await?,
        None => of_store(options, &query).await?,
    };
    match options.format {
        UsageFormat::Json => say(format_args!("{}", serde_json::to_string(&report)?)),
        UsageFormat::Csv => say(format_args!("{}", table::csv(&report).trim_end())),
        UsageFormat::Table => say(format_args!("{}", table::table(&report).trim_end())),
    }
    Ok(())
}

/// Reads the store, of all tenants.
async fn of_store(options: &Usage, query: &UsageQuery) -> Result<UsageReport> {
    let url = match (&options.store, &options.data) {
        (Some(url), _) => url.clone(),
        (None, data) => format!("sqlite:{}", data.join("nakai.db").display()),
    };
    if let Some(path) = url.strip_prefix("sqlite:")
        && !fs::exists(path)?
    {
        bail!(
            "there is no database {path}; name the server's folder with --data, its database with --store, or a running server with --server"
        );
    }
    let store = Store::open(&StoreConfig {
        url: Secret::new(url),
        ..StoreConfig::default()
    })
    .await?;
    let report = usage_report(&store, None, query).await;
    store.close().await;
    Ok(report?)
}

/// Asks a running server.
async fn of_server(server: &str, key: Option<&str>, query: &UsageQuery) -> Result<UsageReport> {
    let by: Vec<_> = query.by.iter().map(|dimension| dimension.name()).collect();
    let mut parameters = format!("by={}&limit={}", by.join(","), query.limit);
    for (name, value) in [("since_ms", query.since_ms), ("until_ms", query.until_ms)] {
        if let Some(value) = value {
            parameters.push_str(&format!("&{name}={value}"));
        }
    }
    let request = reqwest::Client::new().get(format!("{}/api/v1/usage?{parameters}", server.trim_end_matches('/')));
    let request = match key {
        Some(key) => request.bearer_auth(key),
        None => request,
    };
    let response = request
        .send()
        .await
        .map_err(|_| anyhow!("no answer from {server}; start it with `nakai serve`, or name another with --server"))?;
    if response.status().is_success() {
        return response
            .json()
            .await
            .context("the server's answer is none of usage; is it an older release?");
    }
    let status = response.status();
    let problem: serde_json::Value = response.json().await.unwrap_or_default();
    let detail = problem["detail"].as_str().unwrap_or("no usage is to be had there");
    bail!("{server} answered {status}: {detail}")
}

/// Reads a day or a moment as milliseconds since 1970-01-01 UTC.
pub(crate) fn moment(text: &str) -> Result<i64, String> {
    let moment: Option<Timestamp> = text.parse().ok().or_else(|| {
        let day: Date = text.parse().ok()?;
        Some(day.to_zoned(TimeZone::UTC).ok()?.timestamp())
    });
    moment.map(Timestamp::as_millisecond).ok_or_else(|| {
        "write a day in UTC such as `2026-11-01`, or a moment such as `2026-11-01T09:00:00+09:00`".to_owned()
    })
}

/// Reads a dimension.
pub(crate) fn dimension(name: &str) -> Result<UsageDimension, String> {
    name.trim()
        .parse()
        .map_err(|unknown: nakai_types::UnknownDimension| unknown.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_its_beginning_in_utc() {
        assert_eq!(moment("2026-11-01"), Ok(1_793_491_200_000));
        assert_eq!(moment("2026-11-01T09:00:00+09:00"), Ok(1_793_491_200_000));
        assert!(moment("yesterday").is_err_and(|cure| cure.contains("2026-11-01")));
    }
}
