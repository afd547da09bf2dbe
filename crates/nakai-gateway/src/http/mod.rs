//! The routes, and what all of them share: the request's context, problems for every failure.

mod accept;
mod analyse;
mod body;
mod chat;
mod operation;
mod problem;
mod stream;
mod turns;
mod usage;
mod v1;

use std::{net::SocketAddr, sync::Arc};

use ::http::{HeaderValue, Request, StatusCode, header, request::Parts};
use axum::{
    Router,
    body::{Body, Bytes},
    extract::State,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde::Serialize;
use tower::ServiceExt;

use crate::{
    Action, Caller, Gateway, RequestContext, RequestError, Resource,
    access::authorise,
    context::{TRACEPARENT, X_REQUEST_ID},
};

/// Which routes a listener has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Surface {
    /// All of them.
    Public,
    /// Health and metrics only.
    Admin,
}

/// The gateway as an HTTP service, without sockets.
#[derive(Clone)]
pub struct App {
    router: Router,
}

/// Who sent a request, for the routes that need to know.
#[derive(Debug, Clone, Copy)]
struct Peer(SocketAddr);

impl App {
    /// Puts the routes together.
    pub fn new(gateway: &Arc<Gateway>, surface: Surface) -> Self {
        let operation = Router::new()
            .route("/livez", get(operation::livez))
            .route("/healthz", get(operation::livez))
            .route("/readyz", get(operation::readyz))
            .route("/metrics", get(operation::metrics));
        let router = match surface {
            Surface::Admin => operation,
            Surface::Public => operation
                .route("/chat", post(chat::chat))
                .route("/chat/streams/{turn}", get(stream::stream_of_turn))
                .route("/openapi.json", get(operation::openapi))
                .route("/api/v1/analyse", post(analyse::analyse))
                .route("/api/v1/turns/{id}", get(turns::turn))
                .route("/api/v1/conversations/{id}/turns", get(turns::turns))
                .route("/api/v1/usage", get(usage::usage))
                .route("/api/v1/bots", get(operation::bots))
                .route("/api/v1/stats", get(operation::stats))
                .merge(v1::router()),
        };
        let router = router
            .fallback(|request: Request<Body>| async move {
                refuse(&RequestError::RouteNotFound, &context_of(&request.into_parts().0))
            })
            .method_not_allowed_fallback(|request: Request<Body>| async move {
                refuse(&RequestError::MethodNotAllowed, &context_of(&request.into_parts().0))
            })
            .with_state(Arc::clone(gateway));
        Self { router }
    }

    /// Answers one request.
    pub async fn respond<B>(&self, peer: SocketAddr, request: Request<B>) -> Response
    where
        B: axum::body::HttpBody<Data = Bytes> + Send + 'static,
        B::Error: Into<axum::BoxError>,
    {
        let mut request = request.map(Body::new);
        let context = RequestContext::of(request.headers());
        let (id, trace) = (header_value(&context.request_id), header_value(&context.trace.header()));
        request.extensions_mut().insert(context);
        request.extensions_mut().insert(Peer(peer));
        let Ok(mut response) = self.router.clone().oneshot(request).await;
        response.headers_mut().insert(X_REQUEST_ID, id);
        response.headers_mut().insert(TRACEPARENT, trace);
        response
    }
}

/// Takes the context out of a request; [`App::respond`] put it there.
fn context_of(head: &Parts) -> RequestContext {
    head.extensions
        .get()
        .cloned()
        .unwrap_or_else(|| RequestContext::of(&head.headers))
}

/// Says who sent a request, by key or by where it comes from.
fn authenticate(gateway: &Gateway, head: &Parts) -> Result<Caller, RequestError> {
    let Peer(peer) = head.extensions.get().copied().ok_or(RequestError::BrokenOff)?;
    gateway.access.authenticate(peer, &head.uri, &head.headers)
}

/// What every route but the chat begins with: who calls, and may they?
fn enter(gateway: &Gateway, head: &Parts, action: Action) -> Result<Caller, RequestError> {
    let caller = authenticate(gateway, head)?;
    authorise(caller.principal, action, Resource::Tenant(&caller.tenant))?;
    Ok(caller)
}

/// Turns a failure into a problem, and tells of it.
fn refuse(error: &RequestError, context: &RequestContext) -> Response {
    problem::report(error, context);
    problem::response(error, context)
}

/// Sends what a route found as JSON, or the problem.
fn reply<T: Serialize>(found: Result<T, RequestError>, context: &RequestContext) -> Response {
    match found {
        Ok(value) => json(&value),
        Err(error) => refuse(&error, context),
    }
}

/// Sends a value as JSON.
fn json<T: Serialize>(value: &T) -> Response {
    match serde_json::to_vec(value) {
        Ok(body) => (
            [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))],
            body,
        )
            .into_response(),
        // Plain data with text keys always serialises.
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// A header value of ids, numbers and versions, which are all visible ASCII.
fn header_value(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).unwrap_or_else(|_| HeaderValue::from_static(""))
}

type SharedGateway = State<Arc<Gateway>>;
