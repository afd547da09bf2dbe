#![allow(warnings)]
#[path = "../tests/it/fakes.rs"] mod fakes;
use std::{sync::Arc, time::Instant};
use axum::{body::Body, Router, routing::post};
use http::Request; use http_body_util::BodyExt; use tower::ServiceExt;
use nakai_gateway::*; use nakai_types::*; use nakai_ports::BundleArchive;
fn cpu() -> f64 { let s=std::fs::read_to_string("/proc/self/stat").unwrap(); let f:Vec<&str>=s.rsplit(')').next().unwrap().split_whitespace().collect(); (f[11].parse::<f64>().unwrap()+f[12].parse::<f64>().unwrap())/100.0 }
#[tokio::main(flavor="current_thread")]
async fn main() {
    let (nlp, dialogue, store) = (Arc::<fakes::FakeNlp>::default(), Arc::<fakes::FakeDialogue>::default(), Arc::<fakes::FakeStore>::default());
    let bots = Bots::new(TenantId::default(), store.clone(), nlp.clone(), dialogue.clone(), None);
    bots.activate(BundleArchive{bot: BotRef{name: BotName::new("ryokan").unwrap(), version: Version::from_digest([1;32])}, bytes: bytes::Bytes::new()}).await.unwrap();
    let gw = Gateway::new(GatewayParts{nlp, dialogue, conversations: store.clone(), bots: Arc::new(bots), config: GatewayConfig::default()});
    let app = App::new(&gw, Surface::Public);
    let peer = "127.0.0.1:1".parse().unwrap();
    let body = r#"{"text":"明日、twin の部屋を2名で予約したいのですが、空いていますか"}"#;
    let req = |path: &str, body: String| Request::post(path).header("content-type","application/json").header("host","127.0.0.1:3000").header("accept","*/*").body(Body::from(body)).unwrap();
    let hello: Router = Router::new().route("/chat", post(|b: bytes::Bytes| async move { axum::Json(serde_json::json!({"ok": b.len()})) }));
    for round in 0..3 {
        let n = 100_000;
        let (t,c) = (Instant::now(), cpu());
        for _ in 0..n { let r = hello.clone().oneshot(req("/chat", body.into())).await.unwrap(); r.into_body().collect().await.unwrap(); }
        println!("hello {:.2} us wall {:.2} us cpu", t.elapsed().as_secs_f64()*1e6/n as f64, (cpu()-c)*1e6/n as f64);
        let (t,c) = (Instant::now(), cpu());
        for _ in 0..n { let r = app.respond(peer, req("/livez2", body.into())).await; r.into_body().collect().await.unwrap(); }
        println!("404   {:.2} us wall {:.2} us cpu", t.elapsed().as_secs_f64()*1e6/n as f64, (cpu()-c)*1e6/n as f64);
        let (t,c) = (Instant::now(), cpu());
        for _ in 0..n { let r = app.respond(peer, req("/chat", body.into())).await; assert!(r.status()==200); r.into_body().collect().await.unwrap(); }
        println!("new   {:.2} us wall {:.2} us cpu", t.elapsed().as_secs_f64()*1e6/n as f64, (cpu()-c)*1e6/n as f64);
        let conv = store.record(0).conversation;
        let b2 = format!(r#"{{"text":"明日、twin の部屋を2名で予約したいのですが、空いていますか","conversation_id":"{conv}"}}"#);
        let (t,c) = (Instant::now(), cpu());
        for _ in 0..n { let r = app.respond(peer, req("/chat", b2.clone())).await; assert!(r.status()==200); r.into_body().collect().await.unwrap(); }
        println!("more  {:.2} us wall {:.2} us cpu", t.elapsed().as_secs_f64()*1e6/n as f64, (cpu()-c)*1e6/n as f64);
        store.records.lock().unwrap().truncate(1);
    }
}
