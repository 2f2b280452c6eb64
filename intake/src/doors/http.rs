//! HTTP: readings posted as lines of JSON or as one batch, answered after the commit.
//! Also what operators ask: health, readiness, counters. No TLS: that is the proxy's before it.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, SemaphorePermit, watch};
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::{Door, Route, Told, answer_of};
use crate::writer::Refusal;

/// The longest body, bytes: some minutes of a device that was cut off.
const BODY_BYTES: usize = 1024 * 1024;

/// The most lines in one body.
const BODY_LINES: usize = 1024;

/// Bodies being read or waiting, all together, KiB. More are turned away.
const BODIES_KIB: usize = 64 * 1024;

/// How long a head, or the silence between two requests, and then a body, may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Connections at once; more wait in the system's queue.
const CONNECTIONS: usize = 8192;

/// When to come again, s.
const RETRY_S: &str = "1";

/// What each request shares.
#[derive(Clone)]
struct Shared {
    door: Door,
    room: Arc<Semaphore>,
}

/// Serves until `stop` says so; requests that came before are answered.
pub(crate) async fn serve(listener: TcpListener, door: Door, mut stop: watch::Receiver<bool>) {
    let shared = Shared { door, room: Arc::new(Semaphore::new(BODIES_KIB)) };
    let router = Router::new()
        .route("/v1/{org}/telemetry", post(take))
        .route("/health", get(|| async { "ok\n" }))
        .route("/ready", get(ready))
        .route("/metrics", get(metrics))
        .with_state(shared);
    let slots = Arc::new(Semaphore::new(CONNECTIONS));
    let mut open = JoinSet::new();
    loop {
        let Ok(slot) = Arc::clone(&slots).acquire_owned().await else { break };
        let stream = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                // Out of file handles, most likely: some will be given back.
                Err(_) => { tokio::time::sleep(Duration::from_millis(50)).await; continue }
            },
            () = super::serve::told(&mut stop) => break,
        };
        while open.try_join_next().is_some() {}
        // Answers are small and due at once.
        let _ = stream.set_nodelay(true);
        let service = TowerToHyperService::new(router.clone());
        let mut stop = stop.clone();
        open.spawn(async move {
            let mut builder = hyper::server::conn::http1::Builder::new();
            builder.timer(TokioTimer::new()).header_read_timeout(PATIENCE).max_buf_size(64 * 1024);
            let serving = builder.serve_connection(TokioIo::new(stream), service);
            let mut serving = std::pin::pin!(serving);
            tokio::select! {
                // A connection that breaks is the sender's to open again.
                _ = serving.as_mut() => {}
                () = super::serve::told(&mut stop) => {
                    serving.as_mut().graceful_shutdown();
                    let _ = timeout(PATIENCE, serving).await;
                }
            }
            drop(slot);
        });
    }
    while open.join_next().await.is_some() {}
}

async fn ready(State(shared): State<Shared>) -> Response {
    match shared.door.desk.metrics().trouble() {
        None => "ready\n".into_response(),
        Some(why) => (StatusCode::SERVICE_UNAVAILABLE, format!("{why}\n")).into_response(),
    }
}

async fn metrics(State(shared): State<Shared>) -> Response {
    let text = shared.door.desk.metrics().text(shared.door.desk.waiting_bytes());
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(header::CONTENT_TYPE, kind)], text).into_response()
}

async fn take(State(shared): State<Shared>, Path(org): Path<String>, request: Request) -> Response {
    match taken(&shared, org, request).await {
        Ok(body) => answer(StatusCode::OK, &body),
        Err((status, why)) => {
            let mut response = answer(status, &json!({ "error": why }));
            if status == StatusCode::TOO_MANY_REQUESTS || status == StatusCode::INSUFFICIENT_STORAGE {
                response.headers_mut().insert(header::RETRY_AFTER, header::HeaderValue::from_static(RETRY_S));
            }
            response
        }
    }
}

fn answer(status: StatusCode, body: &serde_json::Value) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json")], body.to_string()).into_response()
}

type Refused = (StatusCode, String);

async fn taken(shared: &Shared, org: String, request: Request) -> Result<serde_json::Value, Refused> {
    let (head, body) = request.into_parts();
    let form = form_of(&head.headers)?;
    let kept = read(shared, &head.headers, body).await?;
    let messages = parts(form, &kept.bytes)?;
    let arrivals =
        messages.into_iter().map(|message| shared.door.arrival(Route::of(&org), message)).collect();
    let answer = shared.door.desk.offer(arrivals).map_err(|(refusal, _)| status_of(&refusal))?;
    let answered = answer_of(answer.await).map_err(|refusal| status_of(&refusal))?;
    let told: Vec<Told> = answered.iter().map(Told::from).collect();
    Ok(json!({ "messages": told }))
}

fn status_of(refusal: &Refusal) -> Refused {
    let status = match refusal {
        Refusal::Busy => StatusCode::TOO_MANY_REQUESTS,
        Refusal::Full => StatusCode::INSUFFICIENT_STORAGE,
        Refusal::Stopped { .. } => StatusCode::SERVICE_UNAVAILABLE,
    };
    (status, refusal.to_string())
}

/// How a body is written.
#[derive(Clone, Copy, Debug)]
enum Form {
    Lines,
    Batch,
}

fn form_of(headers: &HeaderMap) -> Result<Form, Refused> {
    let named = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    match named.split(';').next().unwrap_or_default().trim() {
        "application/json" | "application/jsonl" | "application/x-ndjson" => Ok(Form::Lines),
        "application/cbor" | "application/cose" => Ok(Form::Batch),
        other => Err((
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            format!(
                "content type {other:?}; send application/x-ndjson for envelopes, application/cbor for a batch"
            ),
        )),
    }
}

/// A body and the room that it takes until it is answered.
struct Kept<'a> {
    bytes: Bytes,
    _room: SemaphorePermit<'a>,
}

/// The body, once there is room for its declared length.
async fn read<'a>(shared: &'a Shared, headers: &HeaderMap, body: Body) -> Result<Kept<'a>, Refused> {
    let declared = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    let Some(length) = declared.and_then(|text| text.parse::<usize>().ok()) else {
        return Err((StatusCode::LENGTH_REQUIRED, "say the body's length in content-length".to_owned()));
    };
    let too_long = || (StatusCode::PAYLOAD_TOO_LARGE, format!("a body has {BODY_BYTES} bytes at most"));
    if length > BODY_BYTES {
        return Err(too_long());
    }
    let kib = u32::try_from(length / 1024 + 1).unwrap_or(u32::MAX);
    let room = shared.room.try_acquire_many(kib).map_err(|_| status_of(&Refusal::Busy))?;
    match timeout(PATIENCE, to_bytes(body, BODY_BYTES)).await {
        Ok(Ok(bytes)) => Ok(Kept { bytes, _room: room }),
        Ok(Err(_)) => Err((StatusCode::BAD_REQUEST, "the body broke off".to_owned())),
        Err(_) => Err((StatusCode::REQUEST_TIMEOUT, "the body took longer than 10 s".to_owned())),
    }
}

/// The messages of a body: its lines that are not blank, or all of it.
fn parts(form: Form, body: &[u8]) -> Result<Vec<Vec<u8>>, Refused> {
    let messages: Vec<Vec<u8>> = match form {
        Form::Batch => vec![body.to_vec()],
        Form::Lines => {
            let lines =
                body.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii).filter(|line| !line.is_empty());
            lines.take(BODY_LINES + 1).map(<[u8]>::to_vec).collect()
        }
    };
    if messages.len() > BODY_LINES {
        return Err((StatusCode::PAYLOAD_TOO_LARGE, format!("a body has {BODY_LINES} lines at most")));
    }
    if messages.iter().all(Vec::is_empty) {
        return Err((StatusCode::BAD_REQUEST, "the body is empty".to_owned()));
    }
    Ok(messages)
}
