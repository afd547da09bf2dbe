use ::http::{HeaderMap, header};

/// How an answer is rendered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rendering {
    /// One JSON object.
    Json,
    /// Server-sent events.
    Events,
    /// The bare reply.
    Plain,
}

/// Picks the rendering that the caller likes best: the highest `q`, the first of equals. JSON where nothing that we have is asked for,
/// because an answer in another form is worth more than none.
pub(super) fn rendering(headers: &HeaderMap) -> Rendering {
    let mut best = (0, Rendering::Json);
    for accept in headers
        .get_all(header::ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok())
    {
        for range in accept.split(',') {
            let mut parts = range.split(';').map(str::trim);
            let rendering = match parts.next().unwrap_or_default().to_ascii_lowercase().as_str() {
                "text/event-stream" => Rendering::Events,
                "text/plain" | "text/*" => Rendering::Plain,
                "application/json" | "application/*" | "*/*" => Rendering::Json,
                _ => continue,
            };
            let quality = parts.find_map(|p| p.strip_prefix("q=")).map_or(1000, thousandths);
            if quality > best.0 {
                best = (quality, rendering);
            }
        }
    }
    best.1
}

fn thousandths(quality: &str) -> u16 {
    let quality: f32 = quality.trim().parse().unwrap_or(0.0);
    // In range after the clamp; a NaN becomes 0.
    (quality.clamp(0.0, 1.0) * 1000.0) as u16
}

#[cfg(test)]
mod tests {
    use ::http::HeaderValue;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("*/*", Rendering::Json)]
    #[case("text/event-stream", Rendering::Events)]
    #[case("text/plain; charset=utf-8", Rendering::Plain)]
    #[case("application/json, text/event-stream", Rendering::Json)]
    #[case("text/event-stream, */*;q=0.1", Rendering::Events)]
    #[case("text/plain;q=0.2, application/json;q=0.9", Rendering::Json)]
    #[case("image/png", Rendering::Json)]
    #[case("text/plain;q=nonsense", Rendering::Json)]
    fn the_caller_picks(#[case] accept: &'static str, #[case] expected: Rendering) {
        let headers = HeaderMap::from_iter([(header::ACCEPT, HeaderValue::from_static(accept))]);
        assert_eq!(rendering(&headers), expected);
    }
}
