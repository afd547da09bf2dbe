use utoipa::{
    OpenApi,
    openapi::{
        ContentBuilder, Ref, RefOr, ResponseBuilder,
        path::Operation,
        security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityRequirement, SecurityScheme},
    },
};

use crate::{AnthropicProblem, Code, OpenAiProblem, PROBLEM_JSON, Problem, routes};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Nakai",
        description = "The production runtime for customer support chatbots. Every problem is `application/problem+json` with a stable `code`.",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    paths(
        routes::chat,
        routes::stream,
        routes::analyse,
        routes::turn,
        routes::turns,
        routes::usage,
        routes::bots,
        routes::stats,
        routes::chat_completions,
        routes::messages,
        routes::embeddings,
        routes::models,
        routes::model,
        routes::livez,
        routes::healthz,
        routes::readyz,
        routes::metrics,
        routes::openapi,
    ),
    components(schemas(Problem, OpenAiProblem, AnthropicProblem, Code))
)]
struct Document;

/// What every route that needs a caller may answer instead.
const ANY: &[Code] = &[Code::Unauthenticated, Code::StoreUnavailable, Code::Internal];
/// What every route that reads a body may answer instead.
const WITH_BODY: &[Code] = &[
    Code::InvalidJson,
    Code::InvalidRequest,
    Code::EmptyText,
    Code::BodyTimeout,
    Code::TextTooLong,
    Code::UnsupportedMediaType,
    Code::BotNotFound,
    Code::NlpUnavailable,
    Code::DeadlineExceeded,
];

/// Gives the whole API as an OpenAPI document.
pub fn openapi() -> utoipa::openapi::OpenApi {
    let mut document = Document::openapi();
    if let Some(components) = document.components.as_mut() {
        components.add_security_scheme("bearer", SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)));
        components.add_security_scheme(
            "key",
            SecurityScheme::ApiKey(ApiKey::Header(ApiKeyValue::new("x-api-key"))),
        );
    }
    for (path, item) in &mut document.paths.paths {
        if let Some(rest) = path.strip_prefix("/v1/") {
            let form = if rest == "messages" {
                "AnthropicProblem"
            } else {
                "OpenAiProblem"
            };
            let operations = [item.post.as_mut(), item.get.as_mut()];
            for operation in operations.into_iter().flatten() {
                add_failures(operation, COMPATIBLE, "application/json", form);
            }
            continue;
        }
        let chat = path == "/chat";
        if !path.starts_with("/chat") && !path.starts_with("/api/") {
            continue;
        }
        if let Some(operation) = item.post.as_mut() {
            add_problems(operation, ANY);
            add_problems(operation, WITH_BODY);
            if chat {
                add_problems(
                    operation,
                    &[
                        Code::ConversationOfAnotherBot,
                        Code::IdempotencyKeyReused,
                        Code::ConversationBusy,
                        Code::DialogueUnavailable,
                    ],
                );
            }
        }
        if let Some(operation) = item.get.as_mut() {
            add_problems(operation, ANY);
            if path.contains("{id}") || path.starts_with("/chat/") {
                add_problems(operation, &[Code::InvalidRequest, Code::TurnNotFound]);
            }
            if path.ends_with("/usage") {
                add_problems(operation, &[Code::InvalidRequest]);
            }
        }
    }
    document
}

/// What the endpoints of `/v1` may answer instead, beside what is in [`ANY`]: one code for each status.
const COMPATIBLE: &[Code] = &[
    Code::Unauthenticated,
    Code::InvalidRequest,
    Code::UnsupportedMediaType,
    Code::BodyTimeout,
    Code::BodyTooLarge,
    Code::ModelNotFound,
    Code::ModelNotAllowed,
    Code::ConversationOfAnotherBot,
    Code::IdempotencyKeyReused,
    Code::ProviderRateLimited,
    Code::ProviderFailed,
    Code::Overloaded,
    Code::ProviderTotalTimeout,
    Code::Internal,
];

/// Adds a problem response for each status that the codes have, and the ways to say who calls.
fn add_problems(operation: &mut Operation, codes: &[Code]) {
    add_failures(operation, codes, PROBLEM_JSON, "Problem");
}

fn add_failures(operation: &mut Operation, codes: &[Code], media_type: &str, schema: &str) {
    for code in codes {
        let status = code.status().to_string();
        let names: Vec<_> = Code::ALL
            .iter()
            .filter(|c| c.status() == code.status())
            .map(|c| format!("`{c}`"))
            .collect();
        let response = ResponseBuilder::new()
            .description(format!("A problem with a code such as {}.", names.join(", ")))
            .content(
                media_type,
                ContentBuilder::new()
                    .schema(Some(Ref::from_schema_name(schema)))
                    .build(),
            )
            .build();
        operation
            .responses
            .responses
            .entry(status)
            .or_insert(RefOr::T(response));
    }
    operation.security = Some(vec![
        SecurityRequirement::new::<_, [&str; 0], &str>("bearer", []),
        SecurityRequirement::new::<_, [&str; 0], &str>("key", []),
        SecurityRequirement::default(),
    ]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document_has_every_route_and_no_dangling_reference() {
        let json = serde_json::to_value(openapi()).unwrap();
        let paths = json["paths"].as_object().unwrap();
        assert_eq!(paths.len(), 18, "{:?}", paths.keys());
        let schemas = json["components"]["schemas"].as_object().unwrap();
        let text = json.to_string();
        for reference in text.split("\"$ref\":\"#/components/schemas/").skip(1) {
            let name = reference.split('"').next().unwrap();
            assert!(schemas.contains_key(name), "{name} is not described");
        }
    }

    #[test]
    fn routes_that_need_a_caller_say_what_they_answer_without_one() {
        let json = serde_json::to_value(openapi()).unwrap();
        for (path, item) in json["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                let documented = operation["responses"].get("401").is_some();
                assert_eq!(
                    documented,
                    path.starts_with("/chat") || path.starts_with("/api/") || path.starts_with("/v1/"),
                    "{method} {path}"
                );
            }
        }
    }
}
